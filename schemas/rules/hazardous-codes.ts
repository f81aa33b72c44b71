import type { HazardousEntry } from '../catalogues/catalogue.ts'
import { categoryOf } from '../catalogues/hazardous-waste.ts'
import { nearHazardous } from '../catalogues/unknown-codes.ts'
import { type Day } from '../values/time.ts'
import { Hazard, PhysicalForm } from '../values/waste.ts'
import { rule } from './row.ts'
import { acrossTheCode, ALWAYS, FIRST_CATALOGUE, TRANSFER_ORDER } from './sources.ts'

import {
  type CodeFacts,
  HAZARDOUS_FORM,
  IDENTIFIED,
  misplaced,
  ofNoCategory,
  HW41,
  NOWHERE,
  inThePlan,
  hazardous,
} from './coded-waste.ts'

export const hazardousCodeListed = rule('R02', {
  title: { zh: '危险废物代码在当日施行的名录中', en: 'A hazardous code stands in the list in force on its day' },
  text: {
    zh: '危险废物代码 {code}（类别 {category}）不在 {day} 施行的《国家危险废物名录》中',
    en: 'Hazardous waste code {code} (category {category}) is not in the National Catalogue in force on {day}',
    more: [
      {
        zh: '危险废物代码 {code} 的类别是 {ownCategory}，不是 {category}',
        en: 'The category of hazardous waste code {code} is {ownCategory}, not {category}',
      },
      {
        zh: '危险废物代码 {code}（类别 {category}）不在 {day} 施行的《国家危险废物名录》中，相近的有 {near}；名录见 /api/v1/code-lists/hazardous',
        en: 'Hazardous waste code {code} (category {category}) is not in the National Catalogue in force on {day}; like it are {near}; the list is at /api/v1/code-lists/hazardous',
      },
    ],
  },
  editions: [
    { from: ALWAYS, to: '1998-06-30', source: '代码形式（本项目约定；首版名录以前）', severity: 'BLOCK' },
    ...acrossTheCode({
      from: FIRST_CATALOGUE,
      severity: 'BLOCK',
      source: [
        '国家危险废物名录 第四条、第六条；固废法 第75条',
        '国家危险废物名录 第四条、第六条；生态环境法典 第529条',
      ],
    }),
  ],
  books: 'same',
  asks: hazardous,
  check(facts: CodeFacts) {
    const { waste, pointer, day, row } = facts
    const { code, category = categoryOf(code) } = waste
    if (waste.stream !== 'hazardous' || misplaced(facts) || ofNoCategory(facts)) return undefined
    const formed = HAZARDOUS_FORM.test(code)
    // What has the form of no list is a code on no day; what has it was listed nowhere before the first list.
    if (formed && day < FIRST_CATALOGUE) return undefined
    if (category === categoryOf(code) && formed && (row !== undefined || IDENTIFIED.test(code))) return undefined
    if (row !== undefined) return { pointer, facts: { code, category, ownCategory: row.category } }
    return { pointer, facts: { code, category, day, ...nearHazardous(code, day) } }
  },
  cases: {
    GenerateLot: [
      {
        name: { zh: '名录中没有的代码', en: 'a code that no list has' },
        command: { waste: { code: NOWHERE } },
        expect: 'BLOCK',
      },
      {
        name: { zh: '名录施行前也须合代码形式', en: 'the form of a code is asked on every day' },
        command: { waste: { code: '90040406' }, occurredAt: '1990-03-01T08:00:00+08:00' },
        expect: 'BLOCK',
      },
    ],
    OpenLot: [
      {
        name: { zh: '往年贮存的代码不在任何版本中', en: 'stock whose code stands in no edition' },
        command: { waste: { code: NOWHERE } },
        expect: 'BLOCK',
      },
    ],
    ClassifyLot: [
      {
        name: { zh: '类别与代码不符', en: 'a category that is not the code’s' },
        command: { category: 'HW08' },
        expect: 'BLOCK',
      },
    ],
    FileManifest: [
      {
        name: { zh: '联单上的代码不在名录中', en: 'a line of the manifest has such a code' },
        command: { lines: { 0: { code: NOWHERE } } },
        given: { context: { lots: { '*': { waste: { code: NOWHERE } } } } },
        expect: 'BLOCK',
      },
    ],
    CorrectLot: [
      {
        name: { zh: '更正为名录中没有的代码', en: 'a correction names such a code' },
        command: { coded: { waste: { code: NOWHERE } } },
        expect: 'BLOCK',
      },
    ],
    RecordTreatment: [
      {
        name: { zh: '残渣的代码不在名录中', en: 'a residue has such a code' },
        command: { residues: { 0: { code: NOWHERE } } },
        expect: 'BLOCK',
      },
    ],
    SortLot: [
      {
        name: { zh: '分拣出的代码不在名录中', en: 'a fraction has such a code' },
        command: { fractions: { 0: { code: NOWHERE } } },
        expect: 'BLOCK',
      },
    ],
    MixLots: [
      {
        name: { zh: '混合后代码不在名录中', en: 'a mixture has such a code' },
        command: { code: NOWHERE },
        expect: 'BLOCK',
      },
    ],
    ConcludeContract: [
      { name: { zh: '合同列有这样的代码', en: 'a contract has it' }, command: { code: NOWHERE }, expect: 'BLOCK' },
    ],
    FilePlan: [{ name: inThePlan, command: { lines: { 0: { code: NOWHERE } } }, expect: 'BLOCK' }],
  },
})

export const hazardousCategoryExists = rule('R03', {
  title: { zh: '危险废物类别为46类之一', en: 'The category is one of the 46 that exist' },
  text: {
    zh: '代码 {code} 的类别 {category} 不是危险废物类别',
    en: 'Category {category} of code {code} is no category of hazardous waste',
  },
  editions: [{ from: FIRST_CATALOGUE, source: '国家危险废物名录 附表（46类，无HW41至HW44）', severity: 'BLOCK' }],
  books: 'same',
  asks: hazardous,
  check(facts: CodeFacts) {
    const { waste, pointer } = facts
    const category = categoryOf(waste.code)
    return waste.stream === 'hazardous' && !misplaced(facts) && ofNoCategory(facts)
      ? { pointer, facts: { code: waste.code, category } }
      : undefined
  },
  cases: {
    GenerateLot: [
      { name: { zh: '没有HW41类', en: 'there is no HW41' }, command: { waste: { code: HW41 } }, expect: 'BLOCK' },
    ],
    OpenLot: [
      { name: { zh: '往年贮存', en: 'stock of an earlier year' }, command: { waste: { code: HW41 } }, expect: 'BLOCK' },
    ],
    ClassifyLot: [
      {
        name: { zh: '经鉴别改为HW41', en: 'an identification names HW41' },
        command: { waste: { stream: 'hazardous', code: HW41 }, report: 'JB-2025-1' },
        expect: 'BLOCK',
      },
    ],
    FileManifest: [
      {
        name: { zh: '联单上的类别', en: 'on a manifest' },
        command: { lines: { 0: { code: HW41 } } },
        given: { context: { lots: { '*': { waste: { code: HW41 } } } } },
        expect: 'BLOCK',
      },
    ],
    CorrectLot: [
      {
        name: { zh: '更正为HW41', en: 'a correction names HW41' },
        command: { coded: { waste: { code: HW41 } } },
        expect: 'BLOCK',
      },
    ],
    RecordTreatment: [
      { name: { zh: '残渣的类别', en: 'of a residue' }, command: { residues: { 0: { code: HW41 } } }, expect: 'BLOCK' },
    ],
    SortLot: [
      {
        name: { zh: '分拣出的类别', en: 'of a fraction' },
        command: { fractions: { 0: { code: HW41 } } },
        expect: 'BLOCK',
      },
    ],
    MixLots: [
      {
        name: { zh: '混合后类别', en: 'of a mixture' },
        command: { code: HW41 },
        expect: 'BLOCK',
      },
    ],
    ConcludeContract: [{ name: { zh: '合同', en: 'in a contract' }, command: { code: HW41 }, expect: 'BLOCK' }],
    FilePlan: [{ name: inThePlan, command: { lines: { 0: { code: HW41 } } }, expect: 'BLOCK' }],
  },
})

interface IdentificationFacts {
  readonly code: string
  readonly report: string | undefined
  readonly pointer: string
  readonly day: Day
}

export const identifiedByReport = rule('R04', {
  title: { zh: '900-000-XX 须有鉴别报告', en: 'A code 900-000-XX names the report of its identification' },
  text: {
    zh: '代码 {code} 只用于经鉴别属于危险废物的：请在 report 中填写鉴别报告编号，或改用名录中的代码；尚未鉴别的，先委托鉴别，疑问请咨询所在地生态环境部门',
    en: 'Code {code} is for waste that an identification found hazardous: give the number of its report in the field report, or use a code of the list; what is not identified yet is identified first, and the local ecology and environment bureau answers questions',
  },
  editions: [{ from: '2021-01-01', source: '国家危险废物名录 第六条', severity: 'HOLD' }],
  books: 'same',
  asks: {
    ClassifyLot: ({ command: { waste, report }, lot }) => ({
      code: (waste ?? lot.waste)?.code ?? '',
      report,
      pointer: '/report',
      day: lot.bornOn,
    }),
  },
  check: ({ code, report, pointer }: IdentificationFacts) =>
    IDENTIFIED.test(code) && !report ? { pointer, facts: { code } } : undefined,
  cases: {
    ClassifyLot: [
      {
        name: { zh: '未填鉴别报告', en: 'no report is named' },
        given: { lot: { waste: { code: '900-000-06' } } },
        expect: 'HOLD',
      },
    ],
  },
})

interface NatureFacts {
  readonly hazards?: readonly string[] | undefined
  readonly form?: string | undefined
  readonly entry?: HazardousEntry | undefined
  /** Report of an identification that found fewer hazards than the list names. */
  readonly report?: string | undefined
  readonly pointer: string
}

export const natureAsListed = rule('R53', {
  title: { zh: '形态和危险特性取自名录', en: 'Form and hazards are those of the list' },
  text: { zh: '“{value}”与名录不符，名录为 {listed}', en: '{value} does not agree with the list, which has {listed}' },
  editions: [
    { from: TRANSFER_ORDER, source: '国家危险废物名录 第五条；令第23号 第十条；HJ 1259-2022 附录A', severity: 'BLOCK' },
  ],
  books: 'same',
  asks: {
    ClassifyLot: ({ command: { waste: named, hazards, form, report }, lot, context }) => {
      const waste = named ?? lot.waste
      const entry = waste?.stream === 'hazardous' ? context.catalogues.hazardous(waste.code, lot.bornOn) : undefined
      return [{ hazards, form, entry, report, pointer: '' }]
    },
    FileManifest: ({ lines, day, context }) =>
      lines.map(({ hazards, form, waste }, i) => ({
        hazards,
        form,
        entry: context.catalogues.hazardous(waste.code, day),
        pointer: `/lines/${i}`,
      })),
  },
  check({ hazards, form, entry, report, pointer }: NatureFacts) {
    const breaches = []
    if (form !== undefined && !PhysicalForm.safeParse(form).success)
      breaches.push({ pointer: `${pointer}/form`, facts: { value: form, listed: PhysicalForm.options.join('/') } })
    const unknown = (hazards ?? []).filter((hazard) => !Hazard.safeParse(hazard).success)
    if (unknown.length > 0)
      breaches.push({
        pointer: `${pointer}/hazards`,
        facts: { value: unknown.join('/'), listed: Hazard.options.join('/') },
      })
    else if (hazards !== undefined && entry !== undefined && !agrees(new Set(hazards), entry, report)) {
      breaches.push({
        pointer: `${pointer}/hazards`,
        severity: 'WARN' as const,
        facts: { value: [...hazards].join('/'), listed: entry.hazards },
      })
    }
    return breaches
  },
  cases: {
    ClassifyLot: [
      {
        name: { zh: '名录所列特性一项也没有', en: 'none of the hazards that the list names' },
        command: { hazards: ['In'] },
        expect: 'WARN',
      },
    ],
    FileManifest: [
      {
        name: { zh: '名录所列特性一项也没有', en: 'none of the hazards that the list names' },
        command: { lines: { 0: { hazards: ['In'] } } },
        expect: 'WARN',
      },
    ],
  },
})

/**
 * 名录 附表 note 1: of a comma list (`C,T`) the first is certain and the others are possible, of a slash list (`T/I/R`) one or more hold; further
 * hazards are not excluded. So one of those before the first comma must be there, unless a report identified the waste otherwise.
 */
function agrees(
  hazards: ReadonlySet<string>,
  { hazards: listed }: HazardousEntry,
  report: string | undefined,
): boolean {
  const [certain = ''] = listed.split(',')
  return certain.split('/').some((hazard) => hazards.has(hazard)) || (report !== undefined && hazards.size > 0)
}

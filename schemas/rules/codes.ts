import type { Catalogues, HazardousEntry } from '../catalogues/catalogue.ts'
import { categoryOf } from '../catalogues/hazardous-waste.ts'
import { nearHazardous } from '../catalogues/unknown-codes.ts'
import { generalGroup, groupFitsStream, isGeneralForm } from '../catalogues/solid-waste.ts'
import type { ClassifyLot } from '../commands/classification.ts'
import type { Finding } from '../decision.ts'
import { businessDay, type Day } from '../values/time.ts'
import { Hazard, PhysicalForm, type Waste } from '../values/waste.ts'
import type { Questions } from './questions.ts'
import { judge, rule, unbound, type Breaches } from './row.ts'
import { acrossTheCode, ALWAYS, FIRST_CATALOGUE, hazardousDuties, TRANSFER_ORDER } from './sources.ts'

/** A waste as somebody names it; `category` (HW06) where they name that too. */
interface NamedWaste extends Waste {
  readonly category?: string | undefined
}
interface CodeFacts {
  readonly waste: NamedWaste
  readonly pointer: string
  readonly day: Day
  readonly catalogues: Catalogues
  /** The row of the edition that this act must name. */
  readonly row: HazardousEntry | undefined
}

const HAZARDOUS_FORM = /^\d{3}-\d{3}-\d{2}$/
/** Article 6: found hazardous by identification although no row describes it; the last two digits say as what. */
const IDENTIFIED = /^900-000-\d{2}$/
/** The first law on solid waste. What is older than the list of 2024 and still in the books is coded by that list, for want of an older one. */
const FIRST_LAW = '1996-04-01'

const ofTheDay = (waste: NamedWaste, day: Day, pointer: string, catalogues: Catalogues): CodeFacts => ({
  waste,
  day,
  pointer,
  catalogues,
  row: catalogues.hazardous(waste.code, day),
})
/** What outlives an edition (stock, plans, contracts) may name the row of any (readings R02). */
const ofAnyEdition = (waste: NamedWaste, day: Day, pointer: string, catalogues: Catalogues): CodeFacts => ({
  waste,
  day,
  pointer,
  catalogues,
  row: catalogues.hazardousAnyEdition(waste.code),
})

/** Where the command names what the list is asked about. */
const pointerOf = ({ waste, category }: ClassifyLot): string =>
  waste ? '/waste/code' : category === undefined ? '/lot' : '/category'

/** Plans and contracts name a waste by its code alone: the form of the code says by which list it is meant. */
function wasteOfCode(code: string): Waste {
  if (!isGeneralForm(code)) return { stream: 'hazardous', code }
  const group = generalGroup(code)
  return { stream: group === 'municipal' || group === 'construction' ? group : 'industrial', code }
}

/** The codes that a command names. */
const named = {
  GenerateLot: ({ command: { waste }, day, context: { catalogues } }) => [
    ofTheDay(waste, day, '/waste/code', catalogues),
  ],
  OpenLot: ({ command: { waste }, day, context: { catalogues } }) => [
    ofAnyEdition(waste, day, '/waste/code', catalogues),
  ],
  // The path of general industrial waste, whatever stream the sender calls it.
  GenerateIntoPool: ({ command: { waste }, day, context: { catalogues } }) => [
    ofTheDay({ stream: 'industrial', code: waste.code }, day, '/waste/code', catalogues),
  ],
  // The list of the generation day, however much later somebody classifies (readings R02).
  ClassifyLot: ({ command, lot, context: { catalogues } }) => {
    const waste = command.waste ?? lot.waste
    return waste ? [ofTheDay({ ...waste, category: command.category }, lot.bornOn, pointerOf(command), catalogues)] : []
  },
  RecordTrip: ({ command: { stream, code, departedAt }, context: { catalogues } }) => [
    ofTheDay({ stream, code }, businessDay(departedAt), '/code', catalogues),
  ],
  FileManifest: ({ lines, day, context: { catalogues } }) =>
    lines.map(({ waste }, i) => ofTheDay(waste, day, `/lines/${i}/code`, catalogues)),
  RecordOutShipment: ({ command: { code }, day, context: { pool, catalogues } }) => [
    ofTheDay(pool.waste ?? { stream: 'industrial', code }, day, '/code', catalogues),
  ],
  TreatLine: ({ command: { residues }, day, context: { catalogues } }) =>
    residues.map(({ stream, code }, i) => ofTheDay({ stream, code }, day, `/residues/${i}/code`, catalogues)),
  ConcludeContract: ({ command: { code }, day, context: { catalogues } }) => [
    ofAnyEdition(wasteOfCode(code), day, '/code', catalogues),
  ],
  FilePlan: ({ command: { lines }, day, context: { catalogues } }) =>
    lines.map(({ code }, i) => ofAnyEdition(wasteOfCode(code), day, `/lines/${i}/code`, catalogues)),
} as const satisfies { [K in keyof Questions]?: (asked: Questions[K]) => readonly CodeFacts[] }

/** Commands that may name general waste, and those that may name hazardous waste. */
const { FileManifest: _manifest, ...general } = named
const { GenerateIntoPool: _pool, RecordTrip: _trip, RecordOutShipment: _out, ...hazardous } = named
const { ConcludeContract: _contract, FilePlan: _plan, ...onAPath } = named

/** One verdict a code: a code on the wrong path is not also called unlisted, nor one of no category. */
const misplaced = ({ waste: { stream, code } }: CodeFacts): boolean =>
  stream === 'hazardous' ? isGeneralForm(code) : HAZARDOUS_FORM.test(code)
const ofNoCategory = ({ waste: { code }, day, catalogues }: CodeFacts): boolean =>
  HAZARDOUS_FORM.test(code) && !catalogues.hasCategory(categoryOf(code), day)

const HW41 = '900-044-41'
const NOWHERE = '900-999-06'
const inThePlan = { zh: '计划列有这样的代码', en: 'a line of the plan has such a code' }

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
    TreatLine: [
      {
        name: { zh: '残渣的代码不在名录中', en: 'a residue has such a code' },
        command: { residues: { 0: { code: NOWHERE } } },
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
    TreatLine: [
      { name: { zh: '残渣的类别', en: 'of a residue' }, command: { residues: { 0: { code: HW41 } } }, expect: 'BLOCK' },
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

export const generalCodeListed = rule('R05', {
  title: { zh: '一般固体废物代码在分类与代码目录中', en: 'A general code stands in the classification catalogue' },
  text: {
    zh: '{stream}代码 {code}：{match}（《固体废物分类与代码目录》）',
    en: 'Code {code} for {stream}: {match} (Solid Waste Classification and Code Catalogue)',
  },
  editions: [
    { from: ALWAYS, to: '1996-03-31', source: '代码形式（本项目约定；首部固废法以前）', severity: 'BLOCK' },
    ...acrossTheCode({
      from: FIRST_LAW,
      severity: 'BLOCK',
      source: [
        '固体废物分类与代码目录（公告2024年第4号）；固废法 第36条',
        '固体废物分类与代码目录（公告2024年第4号）；生态环境法典 第489条',
      ],
    }),
  ],
  books: 'same',
  asks: general,
  check(facts: CodeFacts): Breaches {
    const { waste, pointer, day, catalogues } = facts
    const { code, stream } = waste
    if (stream === 'hazardous' || (isGeneralForm(code) && day < FIRST_LAW)) return undefined
    if (HAZARDOUS_FORM.test(code)) return undefined
    const { known } = catalogues.general(code)
    if (known === 'unknown') return { pointer, facts: { code, stream, match: 'no-such-class' } }
    const group = generalGroup(code)
    if (group !== undefined && !groupFitsStream(group, stream))
      return { pointer, severity: 'WARN', facts: { code, stream, match: 'class-of-another-stream' } }
    return known === 'listed'
      ? undefined
      : { pointer, severity: 'WARN', facts: { code, stream, match: 'class-known-code-not-loaded' } }
  },
  cases: {
    GenerateLot: [
      {
        name: { zh: '没有S08类', en: 'there is no class S08' },
        command: { waste: { stream: 'industrial', code: '900-003-S08' } },
        expect: 'BLOCK',
      },
    ],
    OpenLot: [
      {
        name: { zh: '往年贮存', en: 'stock of an earlier year' },
        command: { waste: { stream: 'industrial', code: '900-003-S08' } },
        expect: 'BLOCK',
      },
    ],
    GenerateIntoPool: [
      {
        name: { zh: '没有S08类', en: 'there is no class S08' },
        command: { waste: { code: '900-003-S08' } },
        expect: 'BLOCK',
      },
      {
        name: { zh: '类别存在而代码尚未载入', en: 'a class that exists, a code that is not loaded' },
        command: { waste: { code: '900-998-S17' } },
        expect: 'WARN',
      },
    ],
    ClassifyLot: [
      {
        name: { zh: '经鉴别改为不存在的类', en: 'an identification names a class that does not exist' },
        command: { waste: { stream: 'industrial', code: '900-003-S08' }, report: 'JB-2025-1' },
        given: { lot: { label: null } },
        expect: 'BLOCK',
      },
    ],
    RecordTrip: [
      {
        name: { zh: '污泥填了生活垃圾的类别', en: 'sludge under a class of municipal waste' },
        command: { code: '900-001-S61' },
        expect: 'WARN',
      },
    ],
    RecordOutShipment: [
      {
        name: { zh: '代码没有这一类', en: 'a code of no class' },
        command: { code: '900-003-S08' },
        given: { context: { pool: { waste: { code: '900-003-S08' } } } },
        expect: 'BLOCK',
      },
    ],
    TreatLine: [
      {
        name: { zh: '残渣的代码', en: 'of a residue' },
        command: { residues: { 0: { stream: 'industrial', code: '900-003-S08' } } },
        expect: 'BLOCK',
      },
    ],
    ConcludeContract: [
      { name: { zh: '合同', en: 'in a contract' }, command: { code: '900-003-S08' }, expect: 'BLOCK' },
    ],
    FilePlan: [{ name: inThePlan, command: { lines: { 0: { code: '900-003-S08' } } }, expect: 'BLOCK' }],
  },
})

/** A change of code without the report of an identification. */
interface Reclassified {
  readonly from: string
  readonly to: string
}

export const codeOnItsPath = rule('R06', {
  title: {
    zh: '危险废物与其他废物各按其路径登记，改类须有鉴别报告',
    en: 'Hazardous and other waste keep to their paths; a change of class needs a report',
  },
  text: {
    zh: '代码 {code} 不能按“{stream}”登记：危险废物与其他固体废物不得混同，改类须有鉴别报告',
    en: 'Code {code} cannot be recorded as {stream}: hazardous and other waste are kept apart; a change of class needs an identification report',
    more: [
      {
        zh: '由 {from} 改为 {to} 须有鉴别报告：请在 report 中填写报告编号，或保留原代码',
        en: 'A change from {from} to {to} needs an identification: give the number of its report in the field report, or keep the code',
      },
    ],
  },
  editions: acrossTheCode({
    from: FIRST_LAW,
    severity: 'BLOCK',
    source: ['固废法 第81条第二款', '生态环境法典 第528条、第535条第二款'],
    penalty: hazardousDuties,
  }),
  books: 'same',
  asks: {
    ...onAPath,
    'ClassifyLot:report': ({ command, lot }) => [{ from: lot.waste?.code ?? '', to: command.waste?.code ?? '' }],
  },
  check(facts: CodeFacts | Reclassified): Breaches {
    if ('from' in facts) return { pointer: '/report', facts: { from: facts.from, to: facts.to } }
    const { code, stream } = facts.waste
    return misplaced(facts) ? { pointer: facts.pointer, facts: { code, stream } } : undefined
  },
  cases: {
    GenerateLot: [
      {
        name: { zh: '危险废物代码按一般工业固体废物登记', en: 'a hazardous code as general waste' },
        command: { waste: { stream: 'industrial' } },
        expect: 'BLOCK',
      },
    ],
    OpenLot: [
      {
        name: { zh: '往年贮存', en: 'stock of an earlier year' },
        command: { waste: { stream: 'industrial' } },
        expect: 'BLOCK',
      },
    ],
    GenerateIntoPool: [
      {
        name: { zh: '危险废物混入一般固体废物', en: 'hazardous waste goes into a pool of general waste' },
        command: { waste: { stream: 'industrial', code: '900-404-06' } },
        expect: 'BLOCK',
      },
    ],
    ClassifyLot: [
      {
        name: { zh: '一般代码按危险废物归类', en: 'a general code as hazardous' },
        command: { waste: { stream: 'hazardous', code: '900-003-S17' }, report: 'JB-2025-1' },
        expect: 'BLOCK',
      },
    ],
    'ClassifyLot:report': [
      {
        name: { zh: '改代码而无鉴别报告', en: 'another code without a report' },
        command: { waste: { stream: 'hazardous', code: '900-249-08' } },
        expect: 'BLOCK',
      },
    ],
    RecordTrip: [
      {
        name: { zh: '危险废物按污泥运输', en: 'hazardous waste travels as sludge' },
        command: { code: '900-404-06' },
        expect: 'BLOCK',
      },
    ],
    FileManifest: [
      {
        name: { zh: '一般固体废物填危险废物转移联单', en: 'general waste on a manifest of hazardous waste' },
        command: { lines: { 0: { code: '900-003-S17' } } },
        given: { context: { lots: { '*': { waste: { code: '900-003-S17' } } } } },
        expect: 'BLOCK',
      },
    ],
    RecordOutShipment: [
      {
        name: { zh: '危险废物按一般固体废物出厂', en: 'hazardous waste leaves as general waste' },
        given: { context: { pool: { waste: { code: '900-404-06' } } } },
        expect: 'BLOCK',
      },
    ],
    TreatLine: [
      {
        name: { zh: '残渣', en: 'a residue' },
        command: { residues: { 0: { stream: 'industrial', code: '772-003-18' } } },
        expect: 'BLOCK',
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
 * hazards are not excluded. So one of what stands before the first comma must be there, unless a report identified the waste otherwise.
 */
function agrees(
  hazards: ReadonlySet<string>,
  { hazards: listed }: HazardousEntry,
  report: string | undefined,
): boolean {
  const [certain = ''] = listed.split(',')
  return certain.split('/').some((hazard) => hazards.has(hazard)) || (report !== undefined && hazards.size > 0)
}

const findingsOf = (facts: CodeFacts): readonly Finding[] =>
  [hazardousCodeListed, hazardousCategoryExists, generalCodeListed, codeOnItsPath].flatMap((one) =>
    judge(one, facts, facts.day),
  )

type Coded = readonly [waste: Waste, day: Day, pointer: string, catalogues: Catalogues]

/** R02, R03, R05 and R06 of a code by the list of a day, for a correction of a lot. */
export const codeFindings = (...coded: Coded): readonly Finding[] => findingsOf(ofTheDay(...coded))

/** The same of a code of any edition, for readers of books that ask before there is a command. */
export const namedCodeFindings = (...coded: Coded): readonly Finding[] => findingsOf(ofAnyEdition(...coded))

export const codeRules = [
  hazardousCodeListed,
  hazardousCategoryExists,
  identifiedByReport,
  generalCodeListed,
  codeOnItsPath,
  natureAsListed,
  unbound(
    'R19',
    '令第23号 第十条第二款；GB 34330-2025（2026-03-01 前为 GB 34330-2017）',
    ['不得以副产品名义交给无许可证的单位', 'Waste is not handed to an unlicensed unit as a by-product'],
    [
      '尚无“除外、产品化”的命令，缺少的事实：产品标准和鉴别证据',
      'No command takes waste out of the system yet; missing fact: the product standard and the evidence for it',
    ],
  ),
  unbound(
    'R97',
    '生态环境法典 第527条',
    ['实验室的危险废物按危险废物管理', 'Laboratory waste that is hazardous follows the rules of hazardous waste'],
    [
      '代码即路径：实验室危险废物（900-047-49）由 R02、R06 一并判定；另需的事实：产生场所是否为实验室',
      'The code decides the path, so R02 and R06 judge it; missing fact: whether a place is a laboratory',
    ],
  ),
]

import type { Catalogues, HazardousEntry } from '../catalogues/catalogue.ts'
import { categoryOf } from '../catalogues/hazardous-waste.ts'
import { nearHazardous } from '../catalogues/unknown-codes.ts'
import { generalGroup, groupFitsStream, isGeneralForm } from '../catalogues/solid-waste.ts'
import type { Finding } from '../decision.ts'
import type { Day } from '../values/time.ts'
import { Hazard, PhysicalForm, type Waste } from '../values/waste.ts'
import { judge, type Rule } from './rule.ts'

/** A waste as somebody names it; `category` (HW06) where they name that too. */
export interface NamedWaste extends Waste {
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

export const hazardousCodeListed: Rule<CodeFacts> = {
  id: 'R02',
  severity: 'BLOCK',
  source: '国家危险废物名录 第四条、第六条；生态环境法典 第529条（原固废法 第75条）',
  // The first 名录. Which edition is asked follows the day, not this row.
  effective: { from: '1998-07-01' },
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
  check({ waste: { code, category = categoryOf(code) }, pointer, day, row }) {
    if (category === categoryOf(code) && HAZARDOUS_FORM.test(code) && (row !== undefined || IDENTIFIED.test(code)))
      return undefined
    if (row !== undefined) return { pointer, facts: { code, category, ownCategory: row.category } }
    return { pointer, facts: { code, category, day, ...nearHazardous(code, day) } }
  },
}

export const hazardousCategoryExists: Rule<CodeFacts> = {
  id: 'R03',
  severity: 'BLOCK',
  source: '国家危险废物名录 附表（46类，无HW41至HW44）',
  effective: { from: '1998-07-01' },
  zh: '代码 {code} 的类别 {category} 不是危险废物类别',
  en: 'Category {category} of code {code} is no category of hazardous waste',
  check({ waste: { code }, pointer, day, catalogues }) {
    const category = categoryOf(code)
    return !HAZARDOUS_FORM.test(code) || catalogues.hasCategory(category, day)
      ? undefined
      : { pointer, facts: { code, category } }
  },
}

interface IdentificationFacts {
  readonly code: string
  readonly report: string | undefined
  readonly pointer: string
}

export const identifiedByReport: Rule<IdentificationFacts> = {
  id: 'R04',
  severity: 'HOLD',
  source: '国家危险废物名录 第六条',
  effective: { from: '2021-01-01' },
  zh: '代码 {code} 只用于经鉴别属于危险废物的：请在 report 中填写鉴别报告编号，或改用名录中的代码；尚未鉴别的，先委托鉴别，疑问请咨询所在地生态环境部门',
  en: 'Code {code} is for waste that an identification found hazardous: give the number of its report in the field report, or use a code of the list; what is not identified yet is identified first, and the local ecology and environment bureau answers questions',
  check: ({ code, report, pointer }) => (IDENTIFIED.test(code) && !report ? { pointer, facts: { code } } : undefined),
}

/** R04: a code of article 6 waits for an official unless the identification's report is named. */
export const identificationFindings = (
  code: string,
  report: string | undefined,
  day: Day,
  pointer: string,
): readonly Finding[] => judge(identifiedByReport, { code, report, pointer }, day)

export const generalCodeListed: Rule<CodeFacts> = {
  id: 'R05',
  severity: 'BLOCK',
  source: '固体废物分类与代码目录（公告2024年第4号）；生态环境法典 第489条（原固废法 第36条）',
  // Since the first law on solid waste: what is older than the list of 2024 and still in the books is coded by that list, for want of an older one.
  effective: { from: '1996-04-01' },
  zh: '{stream}代码 {code}：{match}（《固体废物分类与代码目录》）',
  en: 'Code {code} for {stream}: {match} (Solid Waste Classification and Code Catalogue)',
  check({ waste: { code, stream }, pointer, catalogues }) {
    const { known } = catalogues.general(code)
    if (known === 'unknown') return { pointer, facts: { code, stream, match: 'no-such-class' } }
    const group = generalGroup(code)
    if (group !== undefined && !groupFitsStream(group, stream))
      return { pointer, severity: 'WARN', facts: { code, stream, match: 'class-of-another-stream' } }
    return known === 'listed'
      ? undefined
      : { pointer, severity: 'WARN', facts: { code, stream, match: 'class-known-code-not-loaded' } }
  },
}

export const codeOnItsPath: Rule<CodeFacts> = {
  id: 'R06',
  severity: 'BLOCK',
  source: '生态环境法典 第528条、第535条第二款（原固废法 第81条）',
  effective: { from: '1996-04-01' },
  zh: '代码 {code} 不能按“{stream}”登记：危险废物与其他固体废物不得混同，改类须有鉴别报告',
  en: 'Code {code} cannot be recorded as {stream}: hazardous and other waste are kept apart; a change of class needs an identification report',
  more: [
    {
      zh: '由 {from} 改为 {to} 须有鉴别报告：请在 report 中填写报告编号，或保留原代码',
      en: 'A change from {from} to {to} needs an identification: give the number of its report in the field report, or keep the code',
    },
  ],
  check({ waste: { stream, code }, pointer }) {
    const onWrongPath = stream === 'hazardous' ? isGeneralForm(code) : HAZARDOUS_FORM.test(code)
    return onWrongPath ? { pointer, facts: { code, stream } } : undefined
  },
}

// Later than the first day of every rule about codes; none of them has ended.
const ANY_DAY = '9999-12-31'

/** One verdict a code: a code on the wrong path is not also called unlisted, nor one of no category. */
function judgeCode(facts: CodeFacts): readonly Finding[] {
  const { waste, day: actDay } = facts
  const formed = HAZARDOUS_FORM.test(waste.code) || isGeneralForm(waste.code)
  // Which list holds is the law of the day; what has the form of no list is a code on no day.
  const day = formed ? actDay : ANY_DAY
  const misplaced = judge(codeOnItsPath, facts, day)
  if (misplaced.length > 0) return misplaced
  if (waste.stream !== 'hazardous') return judge(generalCodeListed, facts, day)
  const unknown = judge(hazardousCategoryExists, facts, day)
  return unknown.length > 0 ? unknown : judge(hazardousCodeListed, facts, day)
}

/**
 * R02, R03, R05, R06: whether that waste may be generated, classified or filed under that code on that day. `pointer` leads to the code.
 */
export const wasteCodeFindings = (
  waste: NamedWaste,
  day: Day,
  pointer: string,
  catalogues: Catalogues,
): readonly Finding[] => judgeCode({ waste, day, pointer, catalogues, row: catalogues.hazardous(waste.code, day) })

/** The same for what outlives an edition: stock, plans, contracts and licences may name the row of any (readings R02). */
export const namedCodeFindings = (
  waste: NamedWaste,
  day: Day,
  pointer: string,
  catalogues: Catalogues,
): readonly Finding[] => judgeCode({ waste, day, pointer, catalogues, row: catalogues.hazardousAnyEdition(waste.code) })

interface NatureFacts {
  readonly hazards?: readonly string[] | undefined
  readonly form?: string | undefined
  readonly entry?: HazardousEntry | undefined
  /** Report of an identification that found fewer hazards than the list names. */
  readonly report?: string | undefined
  readonly pointer: string
}

export const natureAsListed: Rule<NatureFacts> = {
  id: 'R53',
  severity: 'BLOCK',
  source: '国家危险废物名录 第五条；令第23号 第十条；HJ 1259-2022 附录A',
  effective: { from: '2022-01-01' },
  zh: '“{value}”与名录不符，名录为 {listed}',
  en: '{value} does not agree with the list, which has {listed}',
  check({ hazards, form, entry, report, pointer }) {
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
}

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

/** R53: values outside the lists block, a hazard set that the list's rules out warns. `pointer` leads to what holds `hazards` and `form`. */
export const hazardFindings = (nature: Omit<NatureFacts, 'pointer'>, day: Day, pointer: string): readonly Finding[] =>
  judge(natureAsListed, { ...nature, pointer }, day)

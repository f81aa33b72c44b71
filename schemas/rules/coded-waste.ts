import type { Catalogues, HazardousEntry } from '../catalogues/catalogue.ts'
import { categoryOf } from '../catalogues/hazardous-waste.ts'
import { generalGroup, isGeneralForm } from '../catalogues/solid-waste.ts'
import type { ClassifyLot } from '../commands/classification.ts'
import { businessDay, type Day } from '../values/time.ts'
import { type Waste } from '../values/waste.ts'
import type { Questions } from './questions.ts'

/** A waste as somebody names it; `category` (HW06) where they name that too. */
interface NamedWaste extends Waste {
  readonly category?: string | undefined
}
export interface CodeFacts {
  readonly waste: NamedWaste
  readonly pointer: string
  readonly day: Day
  readonly catalogues: Catalogues
  /** The row of the edition that this act must name. */
  readonly row: HazardousEntry | undefined
}

export const HAZARDOUS_FORM = /^\d{3}-\d{3}-\d{2}$/
/** Article 6: found hazardous by identification although no row describes it; the last two digits say as what. */
export const IDENTIFIED = /^900-000-\d{2}$/
/** The first law on solid waste. What is older than the list of 2024 and still in the books is coded by that list, because there is no older one. */
export const FIRST_LAW = '1996-04-01'

export const ofTheDay = (waste: NamedWaste, day: Day, pointer: string, catalogues: Catalogues): CodeFacts => ({
  waste,
  day,
  pointer,
  catalogues,
  row: catalogues.hazardous(waste.code, day),
})
/** What outlives an edition (stock, plans, contracts) may name the row of any (readings R02). */
export const ofAnyEdition = (waste: NamedWaste, day: Day, pointer: string, catalogues: Catalogues): CodeFacts => ({
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
const codesOf = {
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
  CorrectLot: ({ coded, context: { catalogues } }) =>
    coded ? [ofTheDay(coded.waste, coded.bornOn, '/changes', catalogues)] : [],
  RecordTrip: ({ command: { stream, code, departedAt }, context: { catalogues } }) => [
    ofTheDay({ stream, code }, businessDay(departedAt), '/code', catalogues),
  ],
  FileManifest: ({ lines, day, context: { catalogues } }) =>
    lines.map(({ waste }, i) => ofTheDay(waste, day, `/lines/${i}/code`, catalogues)),
  RecordOutShipment: ({ command: { code }, day, context: { pool, catalogues } }) => [
    ofTheDay(pool.waste ?? { stream: 'industrial', code }, day, '/code', catalogues),
  ],
  RecordTreatment: ({ command: { residues }, day, context: { catalogues } }) =>
    residues.map(({ stream, code }, i) => ofTheDay({ stream, code }, day, `/residues/${i}/code`, catalogues)),
  SortLot: ({ command: { fractions }, day, context: { catalogues } }) =>
    fractions.map(({ stream, code }, i) => ofTheDay({ stream, code }, day, `/fractions/${i}/code`, catalogues)),
  MixLots: ({ command: { stream, code }, day, context: { catalogues } }) => [
    ofTheDay({ stream, code }, day, '/code', catalogues),
  ],
  ConcludeContract: ({ command: { code }, day, context: { catalogues } }) => [
    ofAnyEdition(wasteOfCode(code), day, '/code', catalogues),
  ],
  FilePlan: ({ command: { lines }, day, context: { catalogues } }) =>
    lines.map(({ code }, i) => ofAnyEdition(wasteOfCode(code), day, `/lines/${i}/code`, catalogues)),
} as const satisfies { [K in keyof Questions]?: (asked: Questions[K]) => readonly CodeFacts[] }

/** Commands that may name general waste, and those that may name hazardous waste. */
const { FileManifest: _manifest, ...mayBeGeneral } = codesOf
export const general = mayBeGeneral
const { GenerateIntoPool: _pool, RecordTrip: _trip, RecordOutShipment: _out, ...mayBeHazardous } = codesOf
export const hazardous = mayBeHazardous
const { ConcludeContract: _contract, FilePlan: _plan, ...onPaths } = codesOf
export const onAPath = onPaths

/** One verdict a code: a code on the wrong path is not also called unlisted, nor one of no category. */
export const misplaced = ({ waste: { stream, code } }: CodeFacts): boolean =>
  stream === 'hazardous' ? isGeneralForm(code) : HAZARDOUS_FORM.test(code)
export const ofNoCategory = ({ waste: { code }, day, catalogues }: CodeFacts): boolean =>
  HAZARDOUS_FORM.test(code) && !catalogues.hasCategory(categoryOf(code), day)

export const HW41 = '900-044-41'
export const NOWHERE = '900-999-06'
export const inThePlan = { zh: '计划列有这样的代码', en: 'a line of the plan has such a code' }

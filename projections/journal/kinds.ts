import { KINDS, type Kind } from '../../schemas/mass/account.ts'
import { STAGES, WASTE_STREAMS, type Stage, type WasteStream } from '../../schemas/values/waste.ts'

/** Codes in the tables: one small number a kind and a stream. They are stored, so a number never gets another meaning. */
export const KIND_CODES = {
  origin: 0,
  generation: 1,
  classification: 2,
  collection: 3,
  transport: 4,
  disposal: 5,
  process: 6,
  product: 7,
  loss: 8,
  landfill: 9,
  variance: 10,
  refused: 11,
} as const satisfies Readonly<Record<Kind, number>>
export const STREAM_CODES = {
  industrial: 0,
  hazardous: 1,
  municipal: 2,
  construction: 3,
  sludge: 4,
} as const satisfies Readonly<Record<WasteStream, number>>

export const kindCode = (kind: Kind): number => KIND_CODES[kind]
export const streamCode = (stream: WasteStream): number => STREAM_CODES[stream]

const kindOf = new Map<number, Kind>(KINDS.map((kind) => [KIND_CODES[kind], kind]))
const streamOf = new Map<number, WasteStream>(WASTE_STREAMS.map((stream) => [STREAM_CODES[stream], stream]))

/** @throws RangeError for a number that no kind has: rows of another program. */
export function kindNamed(code: number): Kind {
  const kind = kindOf.get(code)
  if (!kind) throw new RangeError(`no kind of account has the code ${code}`)
  return kind
}

/** @throws RangeError for a number that no stream has. */
export function streamNamed(code: number): WasteStream {
  const stream = streamOf.get(code)
  if (!stream) throw new RangeError(`no stream of waste has the code ${code}`)
  return stream
}

/** Where each kind stands in the five by five table. Refused mass is with a carrier, so it lies in transport. */
export const STAGE_KINDS: Readonly<Record<Stage, readonly Kind[]>> = {
  generation: ['generation'],
  classification: ['classification'],
  collection: ['collection'],
  transport: ['transport', 'refused'],
  disposal: ['disposal'],
}

const stages = new Map<Kind, Stage>(STAGES.flatMap((stage) => STAGE_KINDS[stage].map((kind) => [kind, stage] as const)))
export const stageOf = (kind: Kind): Stage | undefined => stages.get(kind)
export const stageCodes = (stage: Stage): readonly number[] => STAGE_KINDS[stage].map(kindCode)

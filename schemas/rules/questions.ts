import type { ClaimedLoad } from '../claim/events.ts'
import type { ClassifyLot, LabelLot } from '../commands/classification.ts'
import type { RecordTrip, SortLot, SplitLot, StoreLot, TakeOutLot, TakeStock } from '../commands/collection.ts'
import type {
  AcceptManifest,
  RecordMixture,
  RecordTreatment,
  RefuseManifest,
  ReturnRefused,
  WeighLoad,
} from '../commands/disposal.ts'
import type { GenerateIntoPool, GenerateLot, OpenLot } from '../commands/generation.ts'
import type { ConcludeContract, FilePlan, RegisterUnit } from '../commands/registry.ts'
import type {
  Arrive,
  AttachNumber,
  CancelManifest,
  Depart,
  FileManifest,
  HandOverLeg,
  PickUp,
  RecordOutShipment,
} from '../commands/transport.ts'
import type { Context } from '../context.ts'
import type { Facts } from '../decision.ts'
import type { LotEvent } from '../lot/events.ts'
import type { Lot } from '../lot/state.ts'
import type { FiledLine, Leg } from '../manifest/shapes.ts'
import type { Line } from '../manifest/lines.ts'
import type { Manifest } from '../manifest/state.ts'
import type { Plan } from '../plan/events.ts'
import type { Text } from '../texts/fill.ts'
import type { DriverPermit, Unit } from '../unit/state.ts'
import type { Sealed, SealedPerson } from '../values/person.ts'
import type { Place } from '../values/place.ts'
import type { Day } from '../values/time.ts'
import type { Waste } from '../values/waste.ts'
import type { Total } from '../values/total.ts'

/*
 * What the law is asked: one question a command, with all that its rules may look at. A part of a command that is judged apart, because its
 * facts are only there then, is `Command:part`; `:state` is asked where the state of a document or lot does not allow the command.
 */

/** A command about one thing. `day` is the business day of the act, whose law applies. */
type Of<S extends object, C, X extends Context = Context> = S & {
  readonly command: C
  readonly context: X
  readonly day: Day
}
type OfLot<C, X extends Context = Context> = Of<{ readonly lot: Lot }, C, X>
type OfManifest<C, X extends Context = Context> = Of<{ readonly manifest: Manifest }, C, X>

export type SealedUnit = Sealed<RegisterUnit, 'contact'>
export interface PlanContext extends Context {
  readonly unit: Unit
}

export interface GenerationContext extends Context {
  /** The producer as it is registered: whether it lies in the park goes into the origin of its waste. */
  readonly unit: Unit
  /** Id of the lot that is to be. */
  readonly lot: string
}
export type SealedGenerateLot = Sealed<GenerateLot, 'handler'>
export type SealedGenerateIntoPool = Sealed<GenerateIntoPool, 'handler'>

/** The command with the label that is to be put on, chosen by the sender or the next free one. */
export type PutOnLabel = LabelLot & { readonly label: string }
export interface LabelContext extends Context {
  /** Whether another lot has that label: labels are claimed before they are put on. */
  readonly taken: boolean
}

export type SealedStoreLot = Sealed<StoreLot, 'handler'>
export type SealedTakeOutLot = Sealed<TakeOutLot, 'handler'>
/** The command with the id of the lot that is split off. */
export type SplitOff = SplitLot & { readonly child: string }
export interface SplitContext extends Context {
  /** Whether a lot with the child's id is there already. */
  readonly childExists: boolean
}
/** The command with the ids of the lots that are sorted out. */
export type SortIntoFractions = Omit<SortLot, 'fractions'> & {
  readonly fractions: readonly (SortLot['fractions'][number] & { readonly child: string })[]
}
export interface SortContext extends Context {
  /** Lots that are there already. */
  readonly existing: ReadonlySet<string>
}
export interface TakeStockContext extends Context {
  /** Most grams of one act: a count may find no more than that beyond the books. */
  readonly actMass: number
}
export type SealedRecordTrip = Sealed<RecordTrip, 'driver'>
export interface TripContext extends Context {
  readonly source: Unit
  readonly carrier: Unit
  readonly receiver: Unit
  /** The trip's own document: its lot was never on a filed manifest, but mass on the road always lies under one. */
  readonly manifest: string
  /** What is recorded under the slip's number already; the same slip again changes nothing. */
  readonly recorded?: readonly LotEvent[]
  /** What the other party has recorded under the same number; asked for with `earlier`. */
  readonly other?: Pick<TripContext, 'manifest' | 'recorded'>
  /** The same load by other slips that were recorded before (R107); asked for once nothing else is against the slip. */
  readonly earlier?: readonly ClaimedLoad[]
}

export type FilingRequest = Omit<FileManifest, 'legs' | 'manifest'> & { readonly legs: readonly Leg[] }
/** What a filing must know of the rest of the park. */
export interface FilingContext extends Context {
  /** The id that the manifest will have. */
  readonly manifest: string
  readonly lots: ReadonlyMap<string, Lot>
  readonly consignor: Unit
  readonly receiver: Unit
  /** By credit code, one for each leg. */
  readonly carriers: ReadonlyMap<string, Unit>
  readonly plan: Plan
  /** Province and city that a site without a division of its own is in. */
  readonly parkCity?: string
  /** For each leg the entry of its driver in the register of its carrier, where there is one (R17). */
  readonly permits?: readonly (DriverPermit | undefined)[]
}
export interface NumberContext extends Context {
  /** Stream of another manifest that has the number already. */
  readonly takenBy: string | undefined
  readonly consignor: Unit
  readonly parkCity?: string | undefined
}
export type PickUpRequest = Sealed<PickUp, 'driver'>
export interface PickUpContext extends Context {
  readonly lots: ReadonlyMap<string, Lot>
  readonly receiver: Unit
  readonly carrier: Unit
  /** The driver as the one who was filed, where the two are one person under two ids: in another spelling, or by name alone. */
  readonly filedDriver?: SealedPerson | undefined
  readonly permit?: DriverPermit | undefined
}
export type HandOverRequest = Omit<HandOverLeg, 'to'> & { readonly to: Leg }
export interface HandOverContext extends Context {
  readonly carrier: Unit
  readonly permit?: DriverPermit | undefined
}
export type OutShipmentRequest = Sealed<RecordOutShipment, 'driver'>
export interface OutShipmentContext extends Context {
  /** The id that the record's document will have. */
  readonly manifest: string
  /** The unit's pool of that code. */
  readonly pool: Lot
  readonly consignor: Unit
  readonly carrier: Unit
  readonly receiver: Unit
}

/** What the receiver's steps know beside the manifest. */
export interface ReceiverContext extends Context {
  readonly receiver: Unit
}
/** One line's decision in grams: accepted + refused is what arrived. */
export interface DecidedLine {
  readonly line: Line
  readonly request: AcceptManifest['lines'][number]
  readonly pointer: string
  readonly accepted: number
  readonly refused: number
  readonly method: string | undefined
}
type Receipt<C> = OfManifest<C, ReceiverContext> & {
  readonly decided: readonly DecidedLine[]
  /** Whether nothing of the manifest is left to decide after these. */
  readonly completes: boolean
}
export interface ReturnContext extends Context {
  readonly consignor: Unit
}
/** Waste that is to be treated: of a line, or of a lot. Pointers are into the command as it was sent. */
export interface InputRequest {
  readonly manifest?: string | undefined
  readonly line?: number | undefined
  readonly lot?: string | undefined
  readonly at?: Place | undefined
  readonly grams: number
  /** Of the input itself, and of its mass. */
  readonly pointer: string
  readonly massPointer: string
}
/** A treatment with its treater, whose residues have their lots' ids: given, or made before it is decided. */
export type TreatmentRequest = Omit<RecordTreatment, 'residues' | 'inputs' | 'manifest' | 'line' | 'treated'> & {
  /** Its own id. */
  readonly id: string
  readonly unit: string
  readonly inputs: readonly InputRequest[]
  readonly residues: readonly (RecordTreatment['residues'][number] & { readonly lot: string })[]
}
/** A mixture with its own id and that of the lot that it becomes. */
export type MixtureRequest = Omit<RecordMixture, 'inputs'> & {
  readonly id: string
  readonly unit: string
  readonly lot: string
  readonly inputs: readonly InputRequest[]
}
export interface TreatmentContext extends ReceiverContext {
  /** Lots of the inputs, and lots that would be residues. */
  readonly lots: ReadonlyMap<string, Lot>
  /** Manifests of lines that are treated, or under which treated lots lie. */
  readonly manifests: ReadonlyMap<string, Manifest>
}
/** What an input takes from one place of one lot, at most. */
export interface TreatablePart {
  readonly lot: string
  readonly waste: Waste
  readonly bornOn: Day
  readonly batch: string | undefined
  readonly from: Place
  /** Grams that are free there. */
  readonly open: number
  /** How it was received, where it lies under a line. */
  readonly received?: {
    readonly manifest: string
    readonly line: number
    readonly form: Manifest['form']
    readonly licence: string | undefined
    readonly decidedAt: string | undefined
  }
}
export interface LocatedInput {
  readonly request: InputRequest
  readonly parts: readonly TreatablePart[]
}

/** Mass that is to leave a place of a lot. */
export interface Taking {
  readonly day: Day
  readonly pointer: string
  /** Grams that are wanted; absent where all that is free was asked for. */
  readonly taken?: number | undefined
  /** Grams that may be taken. */
  readonly free: number
  /** What lies there and is promised to which manifests, where the reader may know them (`promisesAt`). */
  readonly promises?: Facts
  /** The lot, where nothing of it lies there at all. */
  readonly empty?: string
  /** The lot, where nothing of it is reserved for the line. */
  readonly loose?: string
  /** The store-out batch that was named and not found, and those that the lot has. */
  readonly outBatch?: { readonly named: string; readonly known: readonly string[] }
}
/** A command that the state of its document does not allow. */
interface InState {
  readonly day: Day
  readonly status: Manifest['status']
}

/** Facts of every question of the law. */
export interface Questions {
  RegisterUnit: Of<object, SealedUnit>
  /** Every other entry about a unit: sites, facilities, licences, vehicles, drivers, terms and ends. */
  EnterUnit: Of<object, { readonly occurredAt: string; readonly reason?: string | undefined }>
  ConcludeContract: Of<object, ConcludeContract>
  FilePlan: Of<{ readonly plan: Plan }, FilePlan, PlanContext>

  GenerateLot: OfLot<SealedGenerateLot, GenerationContext>
  OpenLot: OfLot<OpenLot, GenerationContext>
  GenerateIntoPool: OfLot<SealedGenerateIntoPool, GenerationContext>
  ClassifyLot: OfLot<ClassifyLot>
  /** Another code than the lot was generated under, without the report of an identification. */
  'ClassifyLot:report': OfLot<ClassifyLot>
  LabelLot: OfLot<PutOnLabel, LabelContext>
  StoreLot: OfLot<SealedStoreLot> & { readonly from: Place }
  'StoreLot:state': { readonly day: Day; readonly lot: Lot; readonly context: Pick<Context, 'provenance'> }
  TakeOutLot: OfLot<SealedTakeOutLot> & { readonly from: Place }
  SplitLot: OfLot<SplitOff, SplitContext> & { readonly at: Place }
  SortLot: OfLot<SortIntoFractions, SortContext> & { readonly at: Place }
  TakeStock: OfLot<TakeStock, TakeStockContext>
  RecordTrip: OfLot<SealedRecordTrip, TripContext>
  'RecordTrip:moisture': {
    readonly day: Day
    readonly command: SealedRecordTrip
    readonly context: Pick<Context, 'provenance'>
  }

  /** Lines with their lots located and the consignor's gaps filled. */
  FileManifest: Of<{ readonly lines: readonly FiledLine[] }, FilingRequest, FilingContext>
  'FileManifest:lots': Taking
  /** A number that another manifest was given in the meantime. */
  'FileManifest:number': { readonly day: Day; readonly number: string }
  AttachNumber: OfManifest<AttachNumber, NumberContext>
  PickUp: OfManifest<PickUpRequest, PickUpContext>
  'PickUp:lots': Taking
  'PickUp:state': InState
  Depart: OfManifest<Depart>
  HandOverLeg: OfManifest<HandOverRequest, HandOverContext>
  Arrive: OfManifest<Arrive>
  CancelManifest: OfManifest<CancelManifest>
  'CancelManifest:state': InState
  RecordOutShipment: Of<object, OutShipmentRequest, OutShipmentContext>
  'RecordOutShipment:pool': Taking
  /** What follows from a manifest's event and moves mass of one lot: reserved, picked up, handed over, accepted, returned, treated. */
  MoveLot: Taking

  WeighLoad: OfManifest<WeighLoad>
  AcceptManifest: Receipt<AcceptManifest>
  'AcceptManifest:state': InState
  RefuseManifest: Receipt<RefuseManifest>
  'RefuseManifest:state': InState
  ReturnRefused: OfManifest<ReturnRefused, ReturnContext>
  MixLots: Of<{ readonly inputs: readonly LocatedInput[] }, MixtureRequest, TreatmentContext>
  RecordTreatment: Of<{ readonly inputs: readonly LocatedInput[] }, TreatmentRequest, TreatmentContext>

  /** The lot that a correction would leave: what it would lack, and the code and the label that the correction changes. */
  CorrectLot: {
    readonly day: Day
    readonly context: Pick<Context, 'provenance' | 'catalogues'>
    /** Grams that an act took and grams that were there, where the correction leaves the lot short, or shorter than it was. */
    readonly short?: { readonly taken: number; readonly free: number }
    readonly coded?: { readonly waste: Waste; readonly bornOn: Day }
    /** `expected`: first 34 characters; `taken`: whether another lot has it. */
    readonly label?: { readonly label: string; readonly expected: string; readonly taken: boolean }
  }
  /** A cell of a book that holds a mass in tonnes, as it is written. */
  ReadMass: { readonly day: Day; readonly text: string; readonly mayBeZero: boolean }
  /** A rate that is about to be shown. */
  'projection:rate': { readonly day: Day; readonly numerator: Total; readonly denominator: Total }
}
export type Question = keyof Questions

/** The command that a question is about. */
export type CommandOf<K extends Question> = K extends `${infer C extends Question}:${string}` ? C : K

/** What a case changes: objects field by field, lists by index or as a whole, null removes. */
export type Patch<T> = T extends readonly (infer E)[]
  ? readonly E[] | { readonly [index: number]: Patch<E> | null }
  : T extends ReadonlyMap<string, infer V>
    ? { readonly [key: string]: Patch<V> | null }
    : T extends ReadonlySet<infer V>
      ? readonly V[]
      : T extends object
        ? { readonly [K in keyof T]?: Patch<T[K]> | null }
        : T

/**
 * What a rule does to a command in the small park of the examples (`test/law/scenes.ts`), in which every command is lawful: what is otherwise
 * there, what is otherwise asked, and what the law says then.
 */
export interface CaseOf<K extends Question> {
  readonly name: Text
  /** State and context, as far as they differ. */
  readonly given?: Patch<Omit<Questions[CommandOf<K>], 'command' | 'day'>>
  readonly command?: Questions[CommandOf<K>] extends { readonly command: infer C } ? Patch<C> : Patch<Questions[K]>
  readonly expect: 'BLOCK' | 'HOLD' | 'WARN'
}

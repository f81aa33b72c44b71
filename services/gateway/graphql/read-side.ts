import type { Position, RecordedEvent } from '../../../infra/event-store/port.ts'
import type { Visibility } from '../../../infra/identity/visibility.ts'
import type { CaseFilter, CaseView } from '../../../projections/cases/queries.ts'
import type { HoldFilter, HoldView } from '../../../projections/holds/queries.ts'
import type { CorrectionFilter, CorrectionView } from '../../../projections/corrections/queries.ts'
import type { FindingCursor, FindingFilter, FindingView } from '../../../projections/findings/queries.ts'
import type { Posting, PostingCursor } from '../../../projections/journal/queries/cell-postings.ts'
import type { CustodyGraph, Direction } from '../../../projections/journal/queries/custody.ts'
import type { Period } from '../../../projections/journal/queries/flows.ts'
import type { Ledger } from '../../../projections/journal/queries/ledger.ts'
import type { MassBalance } from '../../../projections/journal/queries/mass-balance.ts'
import type { RecyclingRate } from '../../../projections/journal/queries/recycling-rate.ts'
import type { Scope } from '../../../projections/journal/queries/scope.ts'
import type { StockRow } from '../../../projections/journal/queries/stock.ts'
import type { Touched } from '../../../projections/journal/queries/touched.ts'
import type { FiguresVersion } from '../../../projections/journal/queries/version.ts'
import type { Identified, LotCursor, LotFilter, LotView } from '../../../projections/lots/queries.ts'
import type { ManifestCursor, ManifestFilter, ManifestView } from '../../../projections/manifests/queries.ts'
import type {
  Contract,
  Driver,
  Facility,
  Licence,
  PlannedTransfer,
  Site,
  UnitFilter,
  UnitView,
  WithHistory,
  Vehicle,
} from '../../../projections/registry/queries.ts'
import type { ParkedCursor, ParkedEvent } from '../../../projections/runner/parked-events.ts'
import type { Moment } from '../../../schemas/values/time.ts'
import type { Stage, WasteStream } from '../../../schemas/values/waste.ts'

/** What the system knew up to a position; without one, now. */
export interface AsOf {
  readonly position?: Position
}

/** The part of a ledger's question that its cells are opened with: the position is the ledger's own. */
export interface CellQuestion extends Period {
  readonly stage: Stage
  readonly stream: WasteStream
  readonly scope: Scope
  readonly position: Position
}

export interface RateEventsQuestion extends Period {
  readonly stream: WasteStream
  readonly scope: Scope
  readonly position: Position
}

export interface LedgerQuestion extends Period {
  readonly scope: Scope
  readonly asOf: AsOf
}

export interface StreamQuestion extends LedgerQuestion {
  readonly stream: WasteStream
}

export interface CustodyQuestion {
  readonly lots: readonly string[]
  readonly direction: Direction
  /** How many edges away from where the lots came to be; every one without it. */
  readonly depth?: number
  readonly asOf: AsOf
}

export interface Page<C> {
  readonly first: number
  readonly after?: C
}

/** Everything that a query may ask, already narrowed to what exists for the reader. The resolvers know nothing else of the inside. */
export interface ReadSide {
  /** What answers about the journal are of now; an answer of the same version is the same. */
  figuresVersion(): Promise<FiguresVersion>
  /** Position that every read model has reached. */
  position(): Promise<Position>
  /** Waits until the read models hold everything up to `position`; false where they do not in time. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean>
  /** End of the log, and which log it is: the epoch changes when it is restored from a backup. */
  head(): Promise<{ readonly head: Position; readonly epoch: string }>
  /** Last position that was recorded at or before a moment. */
  positionAt(moment: Moment): Promise<Position>

  /** An office gets the cells of its streams only. */
  ledger(question: LedgerQuestion, to: Visibility): Promise<Ledger>
  postings(question: CellQuestion, page: Page<PostingCursor>, to: Visibility): Promise<readonly Posting[]>
  countPostings(question: CellQuestion, to: Visibility): Promise<number>
  massBalance(question: StreamQuestion, to: Visibility): Promise<MassBalance>
  recyclingRate(question: StreamQuestion, to: Visibility): Promise<RecyclingRate>
  /** Positions of the events behind a rate, in order. */
  rateEvents(question: RateEventsQuestion, page: Page<Position>, to: Visibility): Promise<readonly Position[]>
  countRateEvents(question: RateEventsQuestion, to: Visibility): Promise<number>
  /** Chains of these lots, whoever asks: what of them is shown is cut by who may know of which lot (custody-seen.ts). */
  custody(question: CustodyQuestion): Promise<CustodyGraph>
  stock(question: { readonly scope: Scope; readonly asOf: AsOf }, to: Visibility): Promise<readonly StockRow[]>

  identify(name: string, to: Visibility): Promise<readonly Identified[]>
  lotsById(ids: readonly string[], to: Visibility): Promise<readonly LotView[]>
  lots(filter: LotFilter, page: Page<LotCursor>, to: Visibility): Promise<readonly LotView[]>
  countLots(filter: LotFilter, to: Visibility): Promise<number>
  codeExists(code: string, to: Visibility): Promise<boolean>
  /** Whether anything of the reader's ever lay at this site, facility or store, or a unit of theirs has it. */
  placeExists(site: string, to: Visibility): Promise<boolean>
  /** Which of these lots exist for the reader. */
  lotsThatExist(ids: readonly string[], to: Visibility): Promise<ReadonlySet<string>>
  /** By own id or number. */
  manifestsByName(names: readonly string[], to: Visibility): Promise<readonly ManifestView[]>
  manifests(filter: ManifestFilter, page: Page<ManifestCursor>, to: Visibility): Promise<readonly ManifestView[]>
  countManifests(filter: ManifestFilter, to: Visibility): Promise<number>
  findings(filter: FindingFilter, page: Page<FindingCursor>, to: Visibility): Promise<readonly FindingView[]>
  countFindings(filter: FindingFilter, to: Visibility): Promise<number>
  findingsBetween(after: Position, upTo: Position, to: Visibility): Promise<readonly FindingView[]>

  cases(filter: CaseFilter, page: Page<Position>, to: Visibility): Promise<readonly CaseView[]>
  countCases(filter: CaseFilter, to: Visibility): Promise<number>
  caseById(id: string, to: Visibility): Promise<CaseView | undefined>

  holds(filter: HoldFilter, page: Page<Position>, to: Visibility): Promise<readonly HoldView[]>
  countHolds(filter: HoldFilter, to: Visibility): Promise<number>
  holdById(id: string, to: Visibility): Promise<HoldView | undefined>

  corrections(filter: CorrectionFilter, page: Page<Position>, to: Visibility): Promise<readonly CorrectionView[]>
  countCorrections(filter: CorrectionFilter, to: Visibility): Promise<number>
  correctionById(id: string, to: Visibility): Promise<CorrectionView | undefined>

  unitsByCode(codes: readonly string[], to: Visibility): Promise<readonly WithHistory<UnitView>[]>
  units(filter: UnitFilter, page: Page<string>, to: Visibility): Promise<readonly WithHistory<UnitView>[]>
  countUnits(filter: UnitFilter, to: Visibility): Promise<number>
  sitesOf(units: readonly string[]): Promise<readonly WithHistory<Site>[]>
  facilitiesOf(units: readonly string[]): Promise<readonly WithHistory<Facility>[]>
  licencesOf(units: readonly string[]): Promise<readonly WithHistory<Licence>[]>
  vehiclesOf(units: readonly string[]): Promise<readonly WithHistory<Vehicle>[]>
  driversOf(units: readonly string[]): Promise<readonly WithHistory<Driver>[]>
  contractsOf(units: readonly string[]): Promise<readonly WithHistory<Contract>[]>
  planLinesOf(units: readonly string[]): Promise<readonly PlannedTransfer[]>

  /** Events at these positions, as far as their subjects exist for the reader; in no order. */
  eventsAt(positions: readonly Position[], to: Visibility): Promise<readonly RecordedEvent[]>
  /** Events of a stream that was found to exist for the reader, from revision `after` on. */
  eventsOf(stream: string, page: Page<number>): Promise<readonly RecordedEvent[]>
  /** Events that no read model could fold, by their place in the log: for operators. */
  parkedEvents(page: Page<ParkedCursor>): Promise<readonly ParkedEvent[]>
  countParkedEvents(): Promise<number>
  /** Which of these events have a subject that exists for the reader. */
  visibleEvents(events: readonly RecordedEvent[], to: Visibility): Promise<readonly RecordedEvent[]>
  /** Business days and streams whose sums these events changed, in the order of their positions. */
  touched(positions: readonly Position[]): Promise<readonly Touched[]>
  /**
   * Pages of events after a position, until the signal is aborted; a page comes once the read models hold it. Without a position: what
   * comes from now on.
   */
  follow(after: Position | undefined, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]>
}

import { ownLotId, ownManifestId } from '../../../infra/commanding/naming.ts'
import { gatherCalls } from '../../../infra/event-store/gather.ts'
import type { EventStore, RecordedEvent } from '../../../infra/event-store/port.ts'
import { canRead, outsideCompetence, type Visibility } from '../../../infra/identity/visibility.ts'
import type { Ids } from '../../../infra/ids/ids.ts'
import { caseById, countCases, listCases } from '../../../projections/cases/queries.ts'
import { countHolds, holdById, listHolds } from '../../../projections/holds/queries.ts'
import { correctionById, countCorrections, listCorrections } from '../../../projections/corrections/queries.ts'
import { countFindings, findingsBetween, listFindings } from '../../../projections/findings/queries.ts'
import { countCellPostings, readCellPostings } from '../../../projections/journal/queries/cell-postings.ts'
import { readCustody } from '../../../projections/journal/queries/custody.ts'
import { readLedger } from '../../../projections/journal/queries/ledger.ts'
import { readMassBalance } from '../../../projections/journal/queries/mass-balance.ts'
import { knownAt, type Reading } from '../../../projections/journal/queries/reading.ts'
import {
  countRateEvents,
  readRateEvents,
  readRecyclingRate,
} from '../../../projections/journal/queries/recycling-rate.ts'
import { EVERYTHING, placeInJournal, type VisibleTo } from '../../../projections/journal/queries/scope.ts'
import { readStock } from '../../../projections/journal/queries/stock.ts'
import { readTouched } from '../../../projections/journal/queries/touched.ts'
import { readVersion, type FiguresVersion } from '../../../projections/journal/queries/version.ts'
import { lotIdOf } from '../../../projections/lots/fold.ts'
import {
  codeExists,
  concernsOfLots,
  countLots,
  identify,
  listLots,
  lotsById,
  lotsThatExist,
} from '../../../projections/lots/queries.ts'
import { manifestIdOf } from '../../../projections/manifests/fold.ts'
import {
  concernsOfManifests,
  countManifests,
  listManifests,
  manifestsByName,
} from '../../../projections/manifests/queries.ts'
import {
  contractsOf,
  countUnits,
  driversOf,
  facilitiesOf,
  licencesOf,
  listUnits,
  placeRegistered,
  planLinesOf,
  sitesOf,
  unitsByCode,
  vehiclesOf,
} from '../../../projections/registry/queries.ts'
import { countParked, listParked } from '../../../projections/runner/parked-events.ts'
import type { Runner } from '../../../projections/runner/runner.ts'
import type { ReadDatabase } from '../../../projections/sql.ts'
import { streams } from '../../../schemas/streams.ts'
import { isReservedId, spelledId } from '../../../schemas/values/given-ids.ts'
import { openHandoff } from './handoff.ts'
import type { ReadSide } from './read-side.ts'
import { type Concern, NO_CONCERN } from '../../../schemas/stream/registry.ts'

export interface ReadSideParts {
  /** A pool whose search_path is at the live read models. */
  readonly database: ReadDatabase
  readonly store: EventStore
  readonly ids: Pick<Ids, 'derive'>
  readonly runner: Pick<Runner, 'waitFor' | 'position'>
}

/** An official's sums are those of their streams, whatever unit they belong to; everybody else's are those of their unit. */
export function sumsFor({ all, units = [], streams = [] }: Visibility): VisibleTo {
  if (all) return EVERYTHING
  return streams.length > 0 ? { streams } : { units }
}

const FOLLOW_PAGE = 500
const WAIT_MS = 5_000

/** The read side over the projections' tables and the log. */
export function projectedReadSide({ ids, database, store, runner }: ReadSideParts): ReadSide {
  const reading: Reading = { database, positionAt: (moment) => store.positionAt(moment) }
  const knownNow = (position: number) => knownAt(reading, { position })

  async function visibleEvents(events: readonly RecordedEvent[], to: Visibility): Promise<readonly RecordedEvent[]> {
    if (to.all) return events
    const idsOf = (idOf: (stream: string) => string | undefined) => [
      ...new Set(events.flatMap(({ stream }) => idOf(stream) ?? [])),
    ]
    const [lotIds, manifestIds] = [idsOf(lotIdOf), idsOf(manifestIdOf)]
    const none: ReadonlyMap<string, Concern> = new Map()
    const [lots, manifests] = await Promise.all([
      lotIds.length > 0 ? concernsOfLots(database, lotIds) : none,
      manifestIds.length > 0 ? concernsOfManifests(database, manifestIds) : none,
    ])
    return events.filter((event) => {
      const ofStream = lots.get(lotIdOf(event.stream) ?? '') ?? manifests.get(manifestIdOf(event.stream) ?? '')
      return canRead(to, streams.concernOfEvent(event, ofStream ?? NO_CONCERN))
    })
  }

  async function* follow(after: number | undefined, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    if (signal.aborted) return
    const pages = openHandoff<readonly RecordedEvent[]>()
    signal.addEventListener('abort', pages.close, { once: true })
    const subscription = store.subscribe(after ?? (await store.head()), (page) => pages.put(page), {
      pageSize: FOLLOW_PAGE,
    })
    subscription.done.catch(pages.close)
    try {
      for (let page = await pages.take(); page && !signal.aborted; page = await pages.take()) {
        const last = page.at(-1)?.position ?? 0
        while (!signal.aborted && !(await runner.waitFor(last, WAIT_MS)));
        if (!signal.aborted) yield page
      }
    } finally {
      signal.removeEventListener('abort', pages.close)
      pages.close()
      await subscription.stop()
    }
  }

  /** What a unit's own thing of that name is called where another unit held the name (`infra/commanding/naming.ts`): it comes first. */
  const ownIds = (idOf: typeof ownLotId, name: string, { units = [] }: Visibility): readonly string[] =>
    isReservedId(name) ? [] : units.map((unit) => idOf(ids, unit, spelledId(name)))

  // All who ask in one turn share a statement.
  const figuresVersion = gatherCalls<undefined, FiguresVersion>(
    async (asked) => {
      const [version, epoch] = await Promise.all([readVersion(database), store.epoch()])
      const now = { ...version, rows: `${epoch}/${version.rows}`, history: `${epoch}/${version.history}` }
      return asked.map(() => now)
    },
    { calls: 1_000, underWay: 2 },
  )

  return {
    figuresVersion: () => figuresVersion(undefined),
    position: () => runner.position(),
    waitFor: (position, timeoutMs) => runner.waitFor(position, timeoutMs),
    async head() {
      const [head, epoch] = await Promise.all([store.head(), store.epoch()])
      return { head, epoch }
    },
    positionAt: (moment) => store.positionAt(moment),

    async ledger(question, to) {
      const ledger = await readLedger(reading, { ...question, visible: sumsFor(to) })
      const outside = outsideCompetence(to)
      return { ...ledger, cells: ledger.cells.filter(({ stream }) => !outside.includes(stream)) }
    },
    postings: async ({ position, ...question }, page, to) =>
      readCellPostings(reading, { ...question, ...page, known: await knownNow(position), visible: sumsFor(to) }),
    countPostings: async ({ position, ...question }, to) =>
      countCellPostings(reading, { ...question, known: await knownNow(position), visible: sumsFor(to) }),
    massBalance: (question, to) => readMassBalance(reading, { ...question, visible: sumsFor(to) }),
    recyclingRate: (question, to) => readRecyclingRate(reading, { ...question, visible: sumsFor(to) }),
    async rateEvents({ position, ...question }, page, to) {
      const events = await readRateEvents(reading, {
        ...question,
        ...page,
        known: await knownNow(position),
        visible: sumsFor(to),
      })
      return events.map((event) => event.position)
    },
    countRateEvents: async ({ position, ...question }, to) =>
      countRateEvents(reading, { ...question, known: await knownNow(position), visible: sumsFor(to) }),
    custody: (question) => readCustody(reading, question),
    stock: (question, to) => readStock(reading, { ...question, visible: sumsFor(to) }),

    async identify(name, to) {
      const [lot] = await lotsThatExist(database, ownIds(ownLotId, name, to), to)
      const [manifest] = lot === undefined ? await manifestsByName(database, ownIds(ownManifestId, name, to), to) : []
      return identify(database, lot ?? manifest?.id ?? name, to)
    },
    lotsById: (ids, to) => lotsById(database, ids, to),
    lots: (filter, page, to) => listLots(database, filter, page, to),
    countLots: (filter, to) => countLots(database, filter, to),
    codeExists: (code, to) => codeExists(database, code, to),
    placeExists: async (site, to) =>
      (await placeRegistered(database, site, to)) || (await placeInJournal(database, site, sumsFor(to))),
    lotsThatExist: (ids, to) => lotsThatExist(database, ids, to),
    async manifestsByName(names, to) {
      const own = names.flatMap((name) => ownIds(ownManifestId, name, to))
      const theirs = own.length > 0 ? await manifestsByName(database, own, to) : []
      return theirs.length > 0 && names.length === 1 ? theirs : manifestsByName(database, names, to)
    },
    manifests: (filter, page, to) => listManifests(database, filter, page, to),
    countManifests: (filter, to) => countManifests(database, filter, to),
    findings: (filter, page, to) => listFindings(database, filter, page, to),
    countFindings: (filter, to) => countFindings(database, filter, to),
    findingsBetween: (after, upTo, to) => findingsBetween(database, after, upTo, to),

    cases: (filter, page, to) => listCases(database, filter, page, to),
    countCases: (filter, to) => countCases(database, filter, to),
    caseById: (id, to) => caseById(database, id, to),

    holds: (filter, page, to) => listHolds(database, filter, page, to),
    countHolds: (filter, to) => countHolds(database, filter, to),
    holdById: (id, to) => holdById(database, id, to),

    corrections: (filter, page, to) => listCorrections(database, filter, page, to),
    countCorrections: (filter, to) => countCorrections(database, filter, to),
    correctionById: (id, to) => correctionById(database, id, to),

    unitsByCode: (codes, to) => unitsByCode(database, codes, to),
    units: (filter, page, to) => listUnits(database, filter, page, to),
    countUnits: (filter, to) => countUnits(database, filter, to),
    sitesOf: (units) => sitesOf(database, units),
    facilitiesOf: (units) => facilitiesOf(database, units),
    licencesOf: (units) => licencesOf(database, units),
    vehiclesOf: (units) => vehiclesOf(database, units),
    driversOf: (units) => driversOf(database, units),
    contractsOf: (units) => contractsOf(database, units),
    planLinesOf: (units) => planLinesOf(database, units),

    parkedEvents: (page) => listParked(database, store, page),
    countParkedEvents: () => countParked(database),

    async eventsAt(positions, to) {
      const pages = await Promise.all(
        [...new Set(positions)].map((position) => store.readAll(Math.max(position - 1, 0), 1)),
      )
      return visibleEvents(
        pages.flat().filter(({ position }) => positions.includes(position)),
        to,
      )
    },
    eventsOf: (stream, { first, after = 0 }) => store.readStream(stream, { from: after + 1, limit: first }),
    visibleEvents,
    touched: (positions) => readTouched(reading, positions),
    follow,
  }
}

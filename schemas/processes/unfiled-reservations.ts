import { compareMoments, type Moment } from '../values/time.ts'
import { processManager, type Cause, type Deadline } from './process.ts'

/** How long a filing may take between its first reservation and its event, milliseconds: far longer than any request lives. */
const FILING_MS = 60_000

interface Reserved {
  readonly lot: string
  readonly line: number
  readonly at: Moment
  readonly cause: Cause
}

interface Reservations {
  readonly manifest: string
  readonly open: readonly Reserved[]
  /** Filed: what is left open belongs to another filing of the same id, which lost. Abandoned: it can never be filed. */
  readonly document: 'none' | 'filed' | 'abandoned'
}

const LOT = 'lot-'
const MANIFEST = 'manifest-'

const timeout = (at: Moment): Moment => new Date(Date.parse(at) + FILING_MS).toISOString()

/**
 * A reservation waits for its manifest. Where that was not filed in time, the process that filed it has died: the manifest is closed first, so
 * that it can never be filed, and only then the mass is free again. In the other order a late filing could ship what is promised elsewhere.
 */
export const unfiledReservations = processManager<Reservations>({
  name: 'unfiled-reservations',
  on: ['LotReserved', 'LotReservationReleased', 'ManifestFiled', 'ManifestAbandoned'],
  initial: { manifest: '', open: [], document: 'none' },

  instanceOf({ stream, event }) {
    switch (event.type) {
      case 'LotReserved':
      case 'LotReservationReleased':
        return event.data.manifest
      default:
        return stream.slice(MANIFEST.length)
    }
  },

  evolve(state, { stream, recordedAt, event, cause }) {
    const closing = (without: (one: Reserved) => boolean, document = state.document): Reservations | undefined => {
      const open = state.open.filter((one) => !without(one))
      return open.length === 0 ? undefined : { ...state, open, document }
    }
    switch (event.type) {
      case 'LotReserved': {
        const { manifest, line } = event.data
        const reserved = { lot: stream.slice(LOT.length), line, at: recordedAt, cause }
        return { ...state, manifest, open: [...state.open, reserved] }
      }
      case 'LotReservationReleased': {
        const { line } = event.data
        return closing((one) => one.line === line && stream === `${LOT}${one.lot}`)
      }
      case 'ManifestFiled': {
        const { lines } = event.data
        return closing(
          (one) => lines.some(({ line, lots }) => line === one.line && lots.some(({ lot }) => lot === one.lot)),
          'filed',
        )
      }
      case 'ManifestAbandoned':
        return closing(() => false, 'abandoned')
      default:
        return state
    }
  },

  deadlines({ manifest, open, document }) {
    if (document === 'none') {
      const [first] = open.toSorted((a, b) => compareMoments(a.at, b.at))
      if (!first) return []
      return [
        {
          key: 'abandon',
          due: timeout(first.at),
          cause: first.cause,
          effect: {
            type: 'send',
            command: { type: 'abandon-filing', manifest, reserved: open.map(({ lot, line }) => ({ lot, line })) },
          },
        },
      ]
    }
    return open.map(
      ({ lot, line, at, cause }): Deadline => ({
        key: `release/${line}/${lot}`,
        due: timeout(at),
        cause,
        effect: { type: 'send', command: { type: 'release-reservation', manifest, line, lot } },
      }),
    )
  },
})

import { compareMoments, type Moment } from '../values/time.ts'
import { treatmentOf } from '../values/identifiers.ts'
import { processManager, type Cause, type Deadline } from './process.ts'

/** How long a treatment may take from the first lot that is set aside for it to its event, milliseconds: far longer than any request lives. */
const RECORDING_MS = 60_000

interface Kept {
  readonly lot: string
  readonly at: Moment
  readonly cause: Cause
}

interface Recording {
  readonly treatment: string
  readonly open: readonly Kept[]
  /** Recorded: what is left open belongs to another command for the same treatment, which lost. Abandoned: it can never be recorded. */
  readonly status: 'none' | 'recorded' | 'abandoned'
}

const LOT = 'lot-'
const timeout = (at: Moment): Moment => new Date(Date.parse(at) + RECORDING_MS).toISOString()

/**
 * What is set aside waits for its treatment. Where that was not recorded in time, the process that recorded it has died: the treatment is
 * closed first, and only then the mass is free again. In the other order a late treatment could take what went elsewhere.
 */
export const unrecordedTreatments = processManager<Recording>({
  name: 'unrecorded-treatments',
  on: ['LotSetAside', 'LotSetAsideEnded', 'TreatmentRecorded', 'MixtureRecorded', 'TreatmentAbandoned'],
  initial: { treatment: '', open: [], status: 'none' },

  instanceOf({ stream, event }) {
    switch (event.type) {
      case 'LotSetAside':
      case 'LotSetAsideEnded':
        return event.data.treatment
      default:
        return treatmentOf(stream)
    }
  },

  evolve(state, { stream, recordedAt, event, cause }) {
    const closing = (ends: (one: Kept) => boolean, status = state.status): Recording | undefined => {
      const open = state.open.filter((one) => !ends(one))
      return open.length === 0 ? undefined : { ...state, open, status }
    }
    switch (event.type) {
      case 'LotSetAside': {
        const kept = { lot: stream.slice(LOT.length), at: recordedAt, cause }
        return { ...state, treatment: event.data.treatment, open: [...state.open, kept] }
      }
      case 'LotSetAsideEnded':
        return closing(({ lot }) => stream === `${LOT}${lot}`)
      case 'TreatmentRecorded':
      case 'MixtureRecorded':
        return closing(({ lot }) => event.data.inputs.some((input) => input.lot === lot), 'recorded')
      case 'TreatmentAbandoned':
        return closing(() => false, 'abandoned')
      default:
        return state
    }
  },

  deadlines({ treatment, open, status }) {
    if (status === 'none') {
      const [first] = open.toSorted((a, b) => compareMoments(a.at, b.at))
      if (!first) return []
      const command = { type: 'abandon-treatment', treatment } as const
      return [{ key: 'abandon', due: timeout(first.at), cause: first.cause, effect: { type: 'send', command } }]
    }
    return open.map(
      ({ lot, at, cause }): Deadline => ({
        key: `let-go/${lot}`,
        due: timeout(at),
        cause,
        effect: { type: 'send', command: { type: 'end-set-aside', treatment, lot } },
      }),
    )
  },
})

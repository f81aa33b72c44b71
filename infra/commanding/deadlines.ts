import type { Cause, Effect, ProcessCommand, ProcessManager } from '../../schemas/processes/process.ts'
import type { Moment } from '../../schemas/values/time.ts'
import type { Position } from '../event-store/port.ts'
import type { Envelope, Outcome, Runtime } from './execute.ts'
import { SYSTEM_ACTOR } from './policies.ts'

/** A deadline whose time has come. */
export interface DueDeadline {
  /** `<process>/<instance>/<key>` */
  readonly id: string
  readonly process: string
  readonly effect: Effect
  /** When it was due: the time of the act of what follows. */
  readonly due: Moment
  readonly cause: Cause
  /** How often it was tried before. */
  readonly attempts: number
}

/** Where deadlines are kept: folded from the log, with a note on how often each was tried. */
export interface Deadlines {
  /** Whether all of them up to a position are there; waits a moment for it. */
  reached(position: Position): Promise<boolean>
  /** Those of these processes that are due and neither carried out nor put off beyond `now`, milliseconds; longest due first. */
  due(processes: readonly string[], now: number, most: number): Promise<readonly DueDeadline[]>
  /** They were carried out. What they were for may still have to be folded. */
  done(carried: readonly DueDeadline[]): Promise<void>
  postpone(due: DueDeadline, why: string, until: number): Promise<void>
}

/** How the commands of process managers are carried out; `due` is the time of the act. */
export type ProcessCommandHandlers = {
  readonly [T in ProcessCommand['type']]: (
    runtime: Runtime,
    command: Extract<ProcessCommand, { readonly type: T }>,
    due: Moment,
    envelope: Envelope,
  ) => Promise<Outcome<unknown>>
}

export interface DeadlineRunnerOptions {
  readonly deadlines: Deadlines
  /** Whose deadlines are carried out here. */
  readonly processes: readonly Pick<ProcessManager, 'name'>[]
  perform(runtime: Runtime, due: DueDeadline, envelope: Envelope): Promise<Outcome<unknown>>
}

/** Carries out what is due. Holds nothing between two sweeps, so any process may sweep; that two do at once does nothing twice. */
export interface DeadlineRunner {
  /** @param now time of the store's clock, milliseconds */
  sweep(now: number): Promise<void>
}

const AT_ONCE = 32
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 300_000

export function openDeadlineRunner(
  runtime: Runtime,
  { deadlines, processes, perform }: DeadlineRunnerOptions,
): DeadlineRunner {
  const names = processes.map(({ name }) => name)

  async function carryOut(due: DueDeadline, now: number): Promise<boolean> {
    const why = await failureOf(() => perform(runtime, due, envelopeOf(runtime, due)))
    if (why === undefined) return true
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(due.attempts, 20))
    await deadlines.postpone(due, why, now + wait)
    return false
  }

  return {
    async sweep(now) {
      if (names.length === 0) return
      // A deadline may be cancelled by an event that is not folded yet, so what is due is looked for once everything in the log is.
      while ((await deadlines.due(names, now, 1)).length > 0) {
        if (!(await deadlines.reached(await runtime.store.head()))) return
        const page = await deadlines.due(names, now, AT_ONCE)
        const carried = await Promise.all(page.map((due) => carryOut(due, now)))
        await deadlines.done(page.filter((_, i) => carried[i]))
      }
    },
  }
}

/** The command of a deadline has an id made of it and of the event that it goes back to: sent twice, it is done once. */
const envelopeOf = ({ ids }: Runtime, { id, cause }: DueDeadline): Envelope => ({
  commandId: ids.derive('deadline', id, cause.eventId),
  actor: SYSTEM_ACTOR,
  provenance: cause.provenance === 'book' ? 'book' : 'policy',
  causationId: cause.eventId,
  correlationId: cause.correlationId,
})

async function failureOf(attempt: () => Promise<Outcome<unknown>>): Promise<string | undefined> {
  try {
    const outcome = await attempt()
    if (outcome.status === 'done') return undefined
    if (outcome.status !== 'refused') return outcome.status
    return outcome.refusals.map(({ code, rule = '', pointer }) => `${code} ${rule} ${pointer}`.trim()).join(', ')
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

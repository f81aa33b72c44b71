import type { Receipt, RecordedEvent } from '../event-store/port.ts'
import { upcast } from '../event-store/upcast.ts'
import type { CaretakerMark } from './caretaker-mark.ts'
import type { DeadlineRunner } from './deadlines.ts'
import type { Appended, Runtime } from './execute.ts'
import { reportDone, reportRefusal } from './refused-reactions.ts'
import {
  aboutStep,
  isRefusal,
  perform,
  reactionId,
  ReactionRefused,
  reactor,
  ReceiptElsewhere,
  type Cause,
  type Policy,
  type Reaction,
} from './policies.ts'

/** Something that should have followed from an event and has not, because it was refused or failed, and that is tried again. */
export interface Problem {
  /** Policy. */
  readonly name: string
  readonly stream: string
  readonly revision: number
  readonly position: number
  readonly attempts: number
  /** RFC 3339: when it is tried again. */
  readonly nextAt: string
  readonly message: string
}

export interface Caretaker {
  /** Looks after everything that is older than the grace, and tries problems again that are due. One sweep at a time. */
  sweep(): Promise<void>
  problems(): readonly Problem[]
  /** Sweeps again and again until stopped; `onFault` hears of sweeps that failed as a whole, such as without a store. */
  start(onFault?: (error: unknown) => void): void
  /** Finishes the page under way; the next process goes on after it. */
  stop(): Promise<void>
}

export interface CaretakerOptions {
  readonly policies: readonly Policy[]
  /** What is due of the processes that are looked after here. */
  readonly deadlines?: DeadlineRunner | undefined
  readonly mark: CaretakerMark
  /** How long a request is left alone with its own reactions, milliseconds; with 0 all that is in the log is looked after, whatever any clock says. */
  readonly grace?: number
  /** The time by which events are old enough and deadlines due; of this process's clock by default, which must then agree with that of the store. */
  readonly time?: () => Promise<number>
  readonly pageSize?: number
  /** Between two sweeps, milliseconds. */
  readonly interval?: number
  /** Called for each try that failed because the id of what should follow belongs to something else: waiting does not mend that. */
  readonly onMisused?: (fault: ReceiptElsewhere) => void
}

/** One reaction, with the id of its command. */
interface Step {
  readonly reaction: Reaction
  readonly id: string
}

/** What is to be done about one event. A reaction is done whose receipt stands on its own stream; the others are performed. */
interface Task {
  readonly name: string
  readonly cause: Cause
  readonly appended: Appended
  readonly unordered: boolean
  reactions(): Promise<readonly Reaction[]> | readonly Reaction[]
}
interface Failed {
  readonly task: Task
  readonly attempts: number
  readonly nextAt: number
  readonly message: string
}
const FIRST_RETRY = 1_000
const LAST_RETRY = 300_000
/** How often a step may be refused before it is left to the finding about it: within two minutes whatever it waited for has come. */
const MOST_REFUSALS = 8

/**
 * Runs policies again where a process died between an event and what follows from it, and has deadlines carried out. It needs nothing but the
 * log and a mark up to which everything is done: what it has in memory (problems) begins after the mark, so that the next process finds it again.
 * Deadlines are rows of their own and never hold the mark back. Reactions have ids derived from their event, so a race with the request that is still at it, or with another caretaker, does nothing twice.
 */
export function openCaretaker(
  runtime: Runtime,
  {
    policies,
    deadlines,
    mark,
    grace = 2_000,
    time,
    pageSize = 500,
    interval = 1_000,
    onMisused = () => undefined,
  }: CaretakerOptions,
): Caretaker {
  const { concerned } = reactor(policies)
  const failed = new Map<string, Failed>()
  let read: number | undefined
  let marked = -1
  let sweeping: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let running = false
  let stopped = false

  const now = (): number => Date.parse(runtime.clock.now())

  async function sweepOnce(): Promise<void> {
    const epoch = await runtime.store.epoch()
    read ??= await mark.load(epoch)
    const moment = time ? await time() : now()
    await retry()
    for (;;) {
      const page = await runtime.store.readAll(read, pageSize)
      const settled = grace === 0 ? page : page.filter(({ recordedAt }) => Date.parse(recordedAt) <= moment - grace)
      const last = settled.at(-1)
      if (last) {
        await tend(settled)
        read = last.position
      }
      await move(epoch)
      if (stopped) return
      if (settled.length < pageSize) break
    }
    await deadlines?.sweep(moment)
  }

  /** Runs what is missing after these events, with one look at the receipts for all of them. */
  async function tend(page: readonly RecordedEvent[]): Promise<void> {
    const tasks: Task[] = []
    for (const recorded of page) {
      const policiesOfIt = concerned(recorded.type)
      if (policiesOfIt.length === 0) continue
      const appended: Appended = {
        id: recorded.id,
        stream: recorded.stream,
        revision: recorded.revision,
        position: recorded.position,
        event: upcast(recorded),
      }
      const cause = causeOf(recorded)
      for (const { name, unordered = false, react } of policiesOfIt)
        tasks.push({ name, cause, appended, unordered, reactions: () => react(appended, runtime) })
    }
    await work(tasks)
  }

  async function work(tasks: readonly Task[]): Promise<void> {
    const planned = await Promise.all(
      tasks.map(async (task) => {
        try {
          return { task, reactions: await task.reactions() }
        } catch (error) {
          fail(task, error)
          return { task, reactions: [] }
        }
      }),
    )
    const asked = planned.map(({ task, reactions }) => ({
      task,
      steps: reactions.map((reaction) => ({ reaction, id: reactionId(runtime.ids, task.appended.id, reaction.key) })),
    }))
    const ids = asked.flatMap(({ steps }) => steps.map(({ id }) => id))
    const receipts = ids.length === 0 ? new Map<string, Receipt>() : await runtime.store.receipts(ids)
    for (const { task, steps } of asked) {
      try {
        await performAll(task, await missingOf(task, steps, receipts))
      } catch (error) {
        fail(task, error)
      }
    }
  }

  /** Those that nothing stands in the log for. @throws ReceiptElsewhere where the id of one stands for something else. */
  async function missingOf(
    { name, appended }: Task,
    steps: readonly Step[],
    receipts: ReadonlyMap<string, Receipt>,
  ): Promise<readonly Reaction[]> {
    const missing: Reaction[] = []
    for (const { reaction, id } of steps) {
      const receipt = receipts.get(id)
      if (receipt === undefined) missing.push(reaction)
      else if (receipt.stream !== reaction.stream || !(await isCausedBy(appended.id, receipt)))
        throw new ReceiptElsewhere(
          `${name}/${reaction.key} on ${appended.stream}@${appended.revision}`,
          `${receipt.stream}@${receipt.revision}`,
        )
    }
    return missing
  }

  /** Only a reaction gets an id made with the secret, so the id says the cause. Without a secret the event itself is asked. */
  async function isCausedBy(cause: string, { stream, revision }: Receipt): Promise<boolean> {
    if (runtime.ids.keyed) return true
    const [event] = await runtime.store.readStream(stream, { from: revision, limit: 1 })
    return event?.metadata.causationId === cause
  }

  async function performAll(task: Task, reactions: readonly Reaction[]): Promise<void> {
    const errors: unknown[] = []
    for (const reaction of reactions) {
      try {
        await perform(task.name, task.appended, reaction, runtime, task.cause)
      } catch (error) {
        errors.push(error)
        // What comes after it in an order must not come before it.
        if (!task.unordered) break
      }
    }
    await report(task, reactions, errors)
    if (errors.length > 0) fail(task, errors[0])
  }

  /** What was refused is a finding, and what is done after all settles it. */
  async function report(
    { name, appended, cause }: Task,
    performed: readonly Reaction[],
    errors: readonly unknown[],
  ): Promise<void> {
    const step = aboutStep(runtime, name, appended, cause)
    const refused = errors.find(isRefusal)
    if (refused) await reportRefusal(runtime, step, refused.message)
    else if (errors.length === 0 && performed.length > 0) await reportDone(runtime, step)
  }

  const keyOf = ({ name, appended }: Task): string => `${name} ${appended.id}`

  function fail(task: Task, error: unknown): void {
    const attempts = (failed.get(keyOf(task))?.attempts ?? 0) + 1
    if (error instanceof ReactionRefused && attempts >= MOST_REFUSALS) {
      // The finding remains for the operator. The step is dropped, so that the mark can move on.
      failed.delete(keyOf(task))
      return
    }
    const wait = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (attempts - 1))
    failed.set(keyOf(task), {
      task,
      attempts,
      nextAt: now() + wait,
      message: error instanceof Error ? error.message : String(error),
    })
    if (error instanceof ReceiptElsewhere) onMisused(error)
  }

  async function retry(): Promise<void> {
    for (const [key, problem] of [...failed].filter(([, { nextAt }]) => nextAt <= now())) {
      await work([problem.task])
      if (failed.get(key) === problem) failed.delete(key)
    }
  }

  /** Everything up to the mark is done: it stops before the first event whose reactions failed. */
  async function move(epoch: string): Promise<void> {
    const unfinished = [...failed.values()].map(({ task }) => task.appended.position - 1)
    const position = Math.min(read ?? 0, ...unfinished)
    if (position === marked) return
    await mark.save(epoch, position)
    marked = position
  }

  function sweep(): Promise<void> {
    sweeping ??= sweepOnce().finally(() => {
      sweeping = undefined
    })
    return sweeping
  }

  return {
    sweep,
    problems: () =>
      [...failed.values()].map(({ task: { name, appended }, attempts, nextAt, message }) => ({
        name,
        stream: appended.stream,
        revision: appended.revision,
        position: appended.position,
        attempts,
        nextAt: new Date(nextAt).toISOString(),
        message,
      })),
    start(onFault = () => undefined) {
      if (running) return
      running = true
      stopped = false
      const next = () => {
        if (!running) return
        timer = setTimeout(() => void sweep().catch(onFault).finally(next), interval)
        timer.unref()
      }
      next()
    },
    async stop() {
      running = false
      stopped = true
      clearTimeout(timer)
      await sweeping?.catch(() => undefined)
    },
  }
}

const causeOf = ({ metadata: { provenance, commandId, correlationId, traceparent } }: RecordedEvent): Cause => ({
  provenance,
  commandId,
  ...(correlationId === undefined ? {} : { correlationId }),
  ...(traceparent === undefined ? {} : { traceparent }),
})

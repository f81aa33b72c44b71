import { setTimeout as delay } from 'node:timers/promises'
import { derivedId } from '../../../infra/event-store/event-id.ts'
import { StoreBusy, StoreUnavailable } from '../../../infra/event-store/faults.ts'
import type { EventStore, NewEvent } from '../../../infra/event-store/port.ts'
import { openPostgresStore } from '../../../infra/event-store/postgres/store.ts'
import type { Brokers } from '../../../infra/kafka/broker/brokers.ts'
import { openSignal } from '../../../infra/event-store/signal.ts'
import { allProjections } from '../../../projections/all.ts'
import { syntheticEvents } from '../../../projections/bench/generate.ts'
import { openPartitionedRunner } from '../../../projections/runner/partitioned.ts'
import { openRunner, type Runner } from '../../../projections/runner/runner.ts'
import { randomOf } from '../../support/random.ts'
import { audit, type Sent, type Violations } from './audit.ts'
import type { FaultKind, Server, Stage } from './kind.ts'
import { openRoad } from './road.ts'
import { openTcpProxy } from './tcp-proxy.ts'

/** What a story is told on. */
export interface Ground {
  /** An empty database on `server`. */
  readonly url: string
  readonly server: Server
  /** For the kinds that ask for a broker. */
  readonly brokers: Brokers | undefined
}

export interface Told {
  readonly violations: Violations
  /** What the kind's own inspections found. */
  readonly breaches: readonly string[]
  /** How often the fault happened. */
  readonly faults: number
  readonly acknowledged: number
  /** Appends whose outcome was in doubt and that were sent again under the same id. */
  readonly doubts: number
}

interface Command extends Sent {
  readonly expected: number
  readonly payload: readonly NewEvent[]
}

const WRITERS = 6
const EVENTS = 360
const PATIENCE_MS = 120_000
const FOLDED_IN_MS = 60_000

/**
 * Tells one story: writers send every event of an invented park, each until it is acknowledged, read models fold what comes, and the fault
 * happens when its seed says so. Then everything is held against everything.
 */
export async function tellStory(kind: FaultKind, seed: number, { url, server, brokers }: Ground): Promise<Told> {
  const random = randomOf(seed)
  const [writing, folding] = await Promise.all([openTcpProxy(url), openTcpProxy(url)])
  const store = await openPostgresStore({ url: writing.through(url), pollMs: 50, patience: { tries: 3, waitMs: 20 } })
  const road = brokers && (await openRoad(brokers, store, folding.through(url), `${kind.name}-${seed}`))
  const runners: Runner[] = []
  const members: Runner[] = []
  const looks: (() => Promise<readonly string[]>)[] = []
  const commands = commandsOf(seed)
  const progress = openSignal()
  let acknowledged = 0
  let doubts = 0
  let happened = 0

  const sending = (command: Command): Promise<void> =>
    insist(store, command, () => doubts++).then(() => {
      acknowledged++
      progress.raise()
    })
  const shared = kind.shared ? allProjections.filter(({ byStream }) => byStream) : []
  const led = allProjections.filter((projection) => !shared.includes(projection))
  async function join(): Promise<Runner> {
    if (!road || shared.length === 0)
      throw new Error('only a kind that says `broker: true` and `shared: true` has a group to join')
    const { topics, follow } = road
    const member = await openPartitionedRunner({
      store,
      databaseUrl: folding.through(url),
      projections: shared,
      topics,
      follow,
      pageSize: 40,
    })
    members.push(member)
    return member
  }
  const stage: Stage = {
    seed,
    join,
    random,
    road,
    url,
    store,
    writing,
    folding,
    server,
    async acknowledged(more) {
      const until = Math.min(acknowledged + more, commands.length)
      while (acknowledged < until) await progress.changed(progress.count, 1_000)
    },
    happened: () => void happened++,
    inspect: (look) => void looks.push(look),
  }

  try {
    for (let i = 0; i < (kind.runners ?? 1); i++)
      runners.push(
        await openRunner({
          store,
          databaseUrl: folding.through(url),
          projections: led,
          pageSize: 40,
          feed: road?.feed,
        }),
      )
    if (kind.shared) runners.push(await join(), await join())
    await Promise.all([kind.hurt(stage), ...lanesOf(commands).map((lane) => inTurn(lane, sending))])
    await server.revive()
    const head = await store.head()
    const late = (await Promise.all(runners.map((runner) => runner.waitFor(head, FOLDED_IN_MS)))).some(
      (inTime) => !inTime,
    )
    const breaches = (await Promise.all(looks.map((look) => look()))).flat()
    if (road) breaches.push(...(await road.breaches(head)))
    if (happened === 0) breaches.push('the fault never happened')
    if (late) breaches.push(`the read models did not come to ${head}`)
    return {
      violations: await audit(store, url, allProjections, commands),
      breaches,
      faults: happened,
      acknowledged,
      doubts,
    }
  } finally {
    await Promise.all([...runners, ...members].map((runner) => runner.stop()))
    await road?.close()
    await store.close()
    await Promise.all([writing.close(), folding.close()])
  }
}

/** Sends one command under its id until somebody answers for it; an append twice in the log would show in the audit. */
async function insist(store: EventStore, command: Command, doubt: () => void): Promise<void> {
  const { stream, expected, commandId, payload } = command
  for (const start = performance.now(); ; ) {
    try {
      const result = await store.append({ stream, expected, commandId, events: payload })
      if (result.outcome !== 'appended' && result.outcome !== 'replayed')
        throw new Error(`${stream}@${expected} was answered with ${result.outcome}`)
      command.acknowledged = result.position
      return
    } catch (fault) {
      if (!(fault instanceof StoreUnavailable || fault instanceof StoreBusy) || performance.now() - start > PATIENCE_MS)
        throw fault
      doubt()
      await delay(10)
    }
  }
}

/** Every event of a small park as a command of its own, in the order of its stream. */
function commandsOf(seed: number): readonly Command[] {
  return [...syntheticEvents(EVENTS, seed)].map(({ stream, revision, type, occurredAt, data, position }) => {
    const commandId = derivedId('fault story', seed, position)
    const metadata = { commandId, actor: { subject: 'story', roles: [] }, provenance: 'live' as const }
    return {
      stream,
      expected: revision - 1,
      commandId,
      events: 1,
      payload: [{ type, schemaVersion: 1, occurredAt, data, metadata }],
    }
  })
}

/** One lane a writer; a stream stays in its lane, so that its order is its writer's. */
function lanesOf(commands: readonly Command[]): readonly (readonly Command[])[] {
  const streams = [...new Set(commands.map(({ stream }) => stream))]
  const laneOf = new Map(streams.map((stream, i) => [stream, i % WRITERS]))
  return Array.from({ length: WRITERS }, (_, lane) => commands.filter(({ stream }) => laneOf.get(stream) === lane))
}

async function inTurn<T>(items: readonly T[], step: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await step(item)
}

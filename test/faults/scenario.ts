import { setTimeout as delay } from 'node:timers/promises'
import { derivedId } from '../../infra/event-store/event-id.ts'
import type { AppendRequest, AppendResult, NewEvent } from '../../infra/event-store/port.ts'
import { randomOf, type Random } from '../support/random.ts'
import type { Follower } from './followers.ts'
import type { History, Sent } from './history.ts'
import type { Specimen } from './specimen.ts'

export interface ScenarioOptions {
  readonly writers?: number
  /** Commands of each writer. */
  readonly commands?: number
  /** Most events of one command. */
  readonly events?: number
  /** How long the subscribers may take after the last append, milliseconds. */
  readonly deadline?: number
}

const STREAMS = 4

/** One small story of eight writers, three subscribers and a network that breaks, told by its seed; answers all that could be seen of it. */
export async function runScenario(
  specimen: Specimen,
  seed: number,
  { writers = 8, commands = 5, events = 3, deadline = 5_000 }: ScenarioOptions = {},
): Promise<History> {
  const random = randomOf(seed)
  const [store, other] = specimen.stores
  const before = await store.head()
  const streams = Array.from({ length: STREAMS }, (_, i) => `lot-${seed}-${i}`)
  const sent: Sent[] = []
  const followers: Record<string, Follower> = {
    'a subscriber beside the writers': specimen.follow(store, before, 1_000, randomOf(seed + 1)),
    'a subscriber of another process': specimen.follow(other, before, 3, randomOf(seed + 2)),
    'a slow subscriber': specimen.follow(other, before, 1 + random.below(2), randomOf(seed + 3)),
  }

  await Promise.all([
    ...Array.from({ length: writers }, (_, writer) =>
      write(specimen, randomOf(seed * 1_000 + writer), { seed, writer, streams, commands, events, sent }),
    ),
    breakThings(specimen, randomOf(seed + 4)),
  ])

  const log = await readEverything(specimen, before)
  const end = log.at(-1)?.position ?? before
  const late = await waitForAll(followers, log.length, end, deadline)
  await Promise.all(Object.values(followers).map((follower) => follower.stop()))
  return {
    before,
    sent,
    log,
    late,
    effects: Object.fromEntries(Object.entries(followers).map(([name, { books }]) => [name, books.effects])),
  }
}

interface Writing {
  readonly seed: number
  readonly writer: number
  readonly streams: readonly string[]
  readonly commands: number
  readonly events: number
  readonly sent: Sent[]
}

async function write(
  specimen: Specimen,
  random: Random,
  { seed, writer, streams, commands, events, sent }: Writing,
): Promise<void> {
  // What this writer believes of each stream: right until somebody else was faster.
  const believed = new Map<string, number>()
  for (let i = 0; i < commands; i++) {
    if (random.chance(0.4)) await delay(random.below(6))
    const stream = random.pick(streams)
    const commandId = derivedId('scenario', seed, writer, i)
    const count = 1 + random.below(events)
    const expected = random.chance(0.3) ? 'any' : (believed.get(stream) ?? 0)
    const command: Sent = { commandId, stream, expected, count, reusesId: false, answers: [], faults: [] }
    const request: AppendRequest = {
      stream,
      expected,
      commandId,
      events: Array.from({ length: count }, (_, n) => eventOf(commandId, n)),
    }
    sent.push(command)
    await send(specimen, random, command, request)
    for (const answer of command.answers) if ('revision' in answer) believed.set(stream, answer.revision)
    if (command.answers.some(({ outcome }) => outcome === 'appended') && random.chance(0.15)) {
      const again: Sent = {
        ...command,
        stream: `${stream}-other`,
        expected: 'any',
        reusesId: true,
        answers: [],
        faults: [],
      }
      sent.push(again)
      await attempt(again, () =>
        random.pick(specimen.stores).append({ ...request, stream: again.stream, expected: 'any' }),
      )
    }
  }
}

/** Through either process, in a long transaction, or several times at once, as an impatient sender does. */
async function send(specimen: Specimen, random: Random, command: Sent, request: AppendRequest): Promise<void> {
  const [store, other] = specimen.stores
  const way = random.next()
  if (way < 0.3) await attempt(command, () => store.append(request))
  else if (way < 0.5) await attempt(command, () => other.append(request))
  else if (way < 0.75) {
    const waits = { before: random.below(4), after: random.below(5), rollback: random.chance(0.25) }
    await attempt(command, () => specimen.appendSlowly(request, waits))
  } else
    await Promise.all([
      attempt(command, () => store.append(request)),
      attempt(command, () => other.append(request)),
      attempt(command, () => store.append(request)),
    ])
}

async function attempt(command: Sent, call: () => Promise<AppendResult | undefined>): Promise<void> {
  try {
    const answer = await call()
    if (answer) command.answers.push(answer)
  } catch (fault) {
    command.faults.push(fault)
  }
}

async function breakThings(specimen: Specimen, random: Random): Promise<void> {
  for (const kind of ['writer', 'reader', 'listener'] as const) {
    if (!random.chance(0.2)) continue
    await delay(random.below(40))
    await specimen.breakSession(kind)
  }
}

async function readEverything({ stores: [store] }: Specimen, before: number): Promise<History['log']> {
  const log = []
  for (let position = before; ; position = log.at(-1)?.position ?? position) {
    const page = await store.readAll(position, 1_000)
    if (page.length === 0) return log
    log.push(...page)
  }
}

async function waitForAll(
  followers: Readonly<Record<string, Follower>>,
  events: number,
  end: number,
  deadline: number,
): Promise<readonly string[]> {
  const start = performance.now()
  const late = (): string[] =>
    Object.entries(followers)
      .filter(([, { books }]) => books.checkpoint < end && books.effects.length < events)
      .map(([name]) => name)
  while (late().length > 0 && performance.now() - start < deadline) await delay(2)
  return late()
}

const eventOf = (commandId: string, number: number): NewEvent => ({
  type: 'LotStored',
  schemaVersion: 1,
  occurredAt: '2025-12-06T08:52:00+08:00',
  data: { number },
  metadata: { commandId, actor: { subject: 'u-1', roles: ['recorder'] }, provenance: 'live' },
})

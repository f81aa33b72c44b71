import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { newEvent } from '../../infra/event-store/bench/load.ts'
import { derivedId } from '../../infra/event-store/event-id.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import type { Brokers } from '../../infra/kafka/broker/brokers.ts'
import { KafkaUnavailable } from '../../infra/kafka/faults.ts'
import { type KafkaClient, kafkaClients, openKafka } from '../../infra/kafka/open.ts'
import type { Kafka, Producer } from '../../infra/kafka/port.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { topicSpecifications, topicsOf } from '../../infra/relay/topics.ts'
import { BROKER_START_MS, clientMissing, kafkaMissing, startTestBrokers } from '../support/kafka.ts'
import { rounds } from '../support/long.ts'
import { randomOf } from '../support/random.ts'
import { freshStore } from '../support/store.ts'
import { readTopics, toldBy } from '../support/told.ts'
import { EFFECTS, openEffects } from './effects.ts'

/** Cycles of kill and recovery under each of the two clients: the slice has every kind of victim once. */
const CRASHES = rounds('KAFKA_CRASHES', { slice: 5, long: 20 })
const VICTIMS = [
  ['relay'],
  ['projector'],
  ['relay', 'broker'],
  ['relay', 'projector'],
  ['broker', 'projector'],
  ['broker'],
  ['relay'],
  ['projector'],
  ['relay'],
  ['projector'],
] as const
const LOTS = Array.from({ length: 24 }, (_, i) => `lot-${i}`)
const EVENTS_BETWEEN = 80
const PATIENCE_MS = 90_000

const missing = kafkaMissing('killing brokers, relays and projectors')
const installed = kafkaClients.filter((client) => clientMissing(client, 'kill -9') === undefined)

interface Stage {
  readonly brokers: Brokers
  readonly client: KafkaClient
  readonly kafka: Kafka
  readonly store: EventStore
  readonly url: string
  readonly pool: pg.Pool
  readonly prefix: string
}

/** The whole way of an event: a store that is appended to, a relay to be killed, topics, and a group of two that give each event one effect. */
async function onStage(brokers: Brokers, client: KafkaClient, play: (stage: Stage) => Promise<void>): Promise<void> {
  const { store, url, drop } = await freshStore({ pollMs: 50 })
  const pool = openPool({ connectionString: url, max: 10 })
  // Dropping the database may reach a session that is just saying goodbye.
  pool.on('error', () => undefined)
  pool.on('connect', (session) => session.on('error', () => undefined))
  const kafka = await openKafka(client, { brokers: brokers.addresses, clientId: 'crash' })
  try {
    await pool.query(EFFECTS)
    await kafka.ensureTopics(topicSpecifications(client, 3))
    await play({ brokers, client, kafka, store, url, pool, prefix: client })
  } finally {
    await kafka.close()
    await pool.end()
    await drop()
  }
}

async function onBrokers(nodes: 1 | 3, play: (brokers: Brokers) => Promise<void>): Promise<void> {
  const brokers = await startTestBrokers({ nodes })
  try {
    await play(brokers)
  } finally {
    await brokers.stop()
  }
}

/** Appends without an end, event after event over all lots. */
function startAppending(store: EventStore) {
  let running = true
  let acknowledged = 0
  const appending = (async () => {
    for (let n = 0; running; n++) {
      const commandId = derivedId('crash', n)
      const result = await store.append({
        stream: LOTS[n % LOTS.length] ?? '',
        expected: 'any',
        commandId,
        events: [newEvent(commandId)],
      })
      if (result.outcome !== 'appended') throw new Error(`append ${n}: ${result.outcome}`)
      acknowledged = result.position
      await delay(3)
    }
  })()
  return {
    acknowledged: () => acknowledged,
    async stop(): Promise<number> {
      running = false
      await appending
      return acknowledged
    },
  }
}

const PAGE = Array.from({ length: 48 }, (_, i) => `key-${i}`)

/** Sends page after page without an end, each of them to every partition of a topic, and so to every leader at once. */
async function startSending(kafka: Kafka, topic: string) {
  await kafka.ensureTopics([{ topic, partitions: 12 }])
  let running = true
  let acknowledged = 0
  async function sendPage(producer: Producer): Promise<Producer> {
    try {
      await producer.send(PAGE.map((key) => ({ topic, key, value: String(acknowledged), headers: {} })))
      acknowledged++
      return producer
    } catch (fault) {
      if (!(fault instanceof KafkaUnavailable)) throw fault
      return kafka.producer()
    }
  }
  const sending = (async () => {
    for (let producer = await kafka.producer(); running; ) producer = await sendPage(producer)
  })()
  return {
    async stop(): Promise<number> {
      running = false
      await sending
      return acknowledged
    },
  }
}

/** Pages of which a key is missing, and keys whose pages come in another order than they were sent in. */
async function faultsOfPages(
  kafka: Kafka,
  topic: string,
  acknowledged: number,
): Promise<{ readonly lost: number; readonly inversions: number }> {
  const seen = new Map(PAGE.map((key) => [key, new Set<number>()]))
  for (const { key, value } of await readTopics(kafka, [topic])) seen.get(key ?? '')?.add(Number(value))
  const orders = [...seen.values()].map((pages) => [...pages])
  const lost = Array.from({ length: acknowledged }, (_, page) => page).filter((page) =>
    orders.some((pages) => !pages.includes(page)),
  )
  return {
    lost: lost.length,
    inversions: orders.filter((pages) => pages.some((page, i) => page < (pages[i - 1] ?? 0))).length,
  }
}

interface Process {
  readonly child: ChildProcess
  readonly ended: Promise<void>
  errors: string
}

const programs = {
  relaying: new URL('relaying-process.ts', import.meta.url),
  projecting: new URL('projecting-process.ts', import.meta.url),
}

function start(what: keyof typeof programs, { url, brokers, client, prefix }: Stage): Process {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(programs[what])], {
    env: {
      ...process.env,
      CRASH_URL: url,
      CRASH_BROKERS: brokers.addresses.join(','),
      CRASH_CLIENT: client,
      CRASH_PREFIX: prefix,
    },
    // It ends when its stdin does, and so with us.
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const started = { child, errors: '', ended: new Promise<void>((done) => child.once('close', () => done())) }
  child.stderr?.on('data', (chunk: Buffer) => {
    started.errors = (started.errors + chunk.toString()).slice(-4_000)
  })
  return started
}

async function kill({ child, ended }: Process): Promise<void> {
  child.kill('SIGKILL')
  await ended
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`)
    await delay(10)
  }
}

/** Where so many come together; who comes last does something before all of them go on. */
function meeting(parties: number): (last: () => Promise<void>) => Promise<void> {
  const here: (() => void)[] = []
  return async (last) => {
    if (here.length + 1 < parties) return new Promise((go) => void here.push(go))
    await last()
    for (const go of here.splice(0)) go()
  }
}

const numberOf = async (pool: pg.Pool, sql: string, ...values: unknown[]): Promise<number> =>
  Number((await pool.query<{ n: string }>(sql, values)).rows[0]?.n ?? 0)
const marked = ({ pool, prefix }: Stage) =>
  numberOf(pool, 'select position as n from relay.mark where name = $1', prefix).catch(() => 0)
const effects = ({ pool }: Stage) => numberOf(pool, 'select count(*) as n from public.effect')

interface Outcome {
  readonly acknowledged: number
  readonly lost: number
  /** Told, but not behind the event before them. */
  readonly unchained: number
  readonly inversions: number
  readonly secondEffects: number
  readonly toldTwice: number
}

/** What became of everything that was appended, once all of it was told and had its effect. */
async function outcomeOf(stage: Stage, head: number): Promise<Outcome> {
  await until('the mark at the end of the log', async () => (await marked(stage)) === head)
  await until('the effects of all events', async () => (await effects(stage)) >= head)
  const { chain, unreached, inversions, duplicates } = toldBy(
    await readTopics(stage.kafka, topicsOf(stage.prefix)),
    await stage.store.epoch(),
  )
  const [told, affected] = [
    new Set(chain),
    await numberOf(stage.pool, 'select count(distinct position) as n from public.effect'),
  ]
  const untold = Array.from({ length: head }, (_, i) => i + 1).filter((position) => !told.has(position)).length
  return {
    acknowledged: head,
    lost: Math.max(untold, head - affected),
    unchained: unreached + chain.filter((position, i) => position !== i + 1).length,
    inversions,
    secondEffects: (await effects(stage)) - affected,
    toldTwice: duplicates,
  }
}

/** Says what came out, and holds it to what was promised: only telling twice is allowed. */
function expectSound(what: string, outcome: Outcome, recoveries: readonly number[]): void {
  const { acknowledged, lost, inversions, secondEffects, toldTwice } = outcome
  const sorted = recoveries.toSorted((a, b) => a - b)
  const [middle = 0, worst = 0] = [sorted[sorted.length >> 1], sorted.at(-1)]
  console.log(
    `${what}: ${recoveries.length} cycles, ${acknowledged} events acknowledged, ${lost} lost, ${inversions} inversions, ${secondEffects} second effects, ${toldTwice} told twice; ` +
      `from kill to the next page in Kafka p50 ${Math.round(middle)} ms, worst ${Math.round(worst)} ms`,
  )
  expect(outcome).toMatchObject({ lost: 0, unchained: 0, inversions: 0, secondEffects: 0 })
}

const timeout = BROKER_START_MS + CRASHES * 60_000

// They wait for sessions to end more than they work, so they wait together.
describe.skipIf(missing !== undefined)('killed with signal 9', { concurrent: true }, () => {
  for (const client of kafkaClients) {
    test.skipIf(!installed.includes(client))(
      `${CRASHES} cycles of kill -9 of relay, projector and broker under ${client}: nothing lost, no key out of order, no second effect`,
      { timeout },
      () => onBrokers(1, (brokers) => onStage(brokers, client, killOneAfterAnother)),
    )
  }

  test(
    `one of three brokers killed under ${installed.join(' and ')}: nothing lost, no key out of order, no second effect`,
    { timeout },
    () =>
      onBrokers(3, async (brokers) => {
        const meet = meeting(installed.length)
        await Promise.all(installed.map((client) => onStage(brokers, client, (stage) => loseOneOfThree(stage, meet))))
      }),
  )
})

async function killOneAfterAnother(stage: Stage): Promise<void> {
  const random = randomOf(Number(process.env['SEED'] ?? 7))
  const { brokers, client, kafka, pool, prefix } = stage
  const stays = openEffects(kafka, pool, { topics: topicsOf(prefix), group: `effects-${prefix}` })
  const appending = startAppending(stage.store)
  let [relay, projector] = [start('relaying', stage), start('projecting', stage)]
  const recoveries: number[] = []
  try {
    for (let crash = 0; crash < CRASHES; crash++) {
      const before = await marked(stage)
      await until(
        `progress before crash ${crash}: ${relay.errors}`,
        async () => (await marked(stage)) > before + EVENTS_BETWEEN,
      )
      await delay(random.below(120))
      const victims: readonly string[] = VICTIMS[crash % VICTIMS.length] ?? []
      const [killedAt, at] = [performance.now(), await marked(stage)]
      await Promise.all([
        victims.includes('relay') && kill(relay),
        victims.includes('projector') && kill(projector),
        victims.includes('broker') && brokers.kill(1),
      ])
      if (victims.includes('relay')) relay = start('relaying', stage)
      // The group misses its member while batches are under way, and shares its partitions anew when the next one comes.
      if (victims.includes('projector')) projector = start('projecting', stage)
      if (victims.includes('broker')) {
        await brokers.start(1)
        await brokers.ready()
      }
      await until(
        `progress after crash ${crash} of ${victims.join(' and ')}: ${relay.errors}`,
        async () => (await marked(stage)) > at,
      )
      recoveries.push(performance.now() - killedAt)
    }
    expectSound(client, await outcomeOf(stage, await appending.stop()), recoveries)
  } finally {
    await appending.stop().catch(() => undefined)
    await Promise.all([kill(relay), kill(projector), stays.stop()])
  }
}

/** All clients are on the same brokers, so all are ready before one is killed, and all have gone on before it comes back. */
async function loseOneOfThree(stage: Stage, meet: (last: () => Promise<void>) => Promise<void>): Promise<void> {
  const { brokers, client, kafka, pool, prefix } = stage
  const reader = openEffects(kafka, pool, { topics: topicsOf(prefix), group: `effects-${prefix}` })
  const appending = startAppending(stage.store)
  const relay = start('relaying', stage)
  const pages = `${prefix}.pages`
  const sending = await startSending(kafka, pages)
  const recoveries: number[] = []
  const progress = async (count: number) => {
    const before = await marked(stage)
    await until(`progress: ${relay.errors}`, async () => (await marked(stage)) > before + count)
  }
  try {
    await progress(EVENTS_BETWEEN)
    for (const victim of [1, 2, 3].slice(0, Math.max(1, Math.floor(CRASHES / 5)))) {
      await meet(() => brokers.kill(victim))
      const killedAt = performance.now()
      await progress(4 * EVENTS_BETWEEN)
      recoveries.push(performance.now() - killedAt)
      await meet(async () => {
        await brokers.start(victim)
        await brokers.ready()
      })
      await progress(EVENTS_BETWEEN)
    }
    expect(await faultsOfPages(kafka, pages, await sending.stop())).toEqual({ lost: 0, inversions: 0 })
    expectSound(`${client}, three brokers`, await outcomeOf(stage, await appending.stop()), recoveries)
  } finally {
    await Promise.allSettled([appending.stop(), sending.stop()])
    await Promise.all([kill(relay), reader.stop()])
  }
}

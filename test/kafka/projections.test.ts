import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfiguration } from '../../infra/configuration/configuration.ts'
import type { Brokers } from '../../infra/kafka/broker/brokers.ts'
import { KafkaUnavailable } from '../../infra/kafka/faults.ts'
import { noCounts } from '../../infra/feed/counts.ts'
import { nameOf } from '../../infra/feed/merge.ts'
import { followPartitions } from '../../infra/feed/partitioned.ts'
import { openTotalOrderFeed } from '../../infra/feed/total-order.ts'
import { openKafka } from '../../infra/kafka/open.ts'
import type { Kafka, OutgoingRecord } from '../../infra/kafka/port.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { allProjections as projections } from '../../projections/all.ts'
import { openPartitionedRunner } from '../../projections/runner/partitioned.ts'
import { rebuild } from '../../projections/runner/rebuild.ts'
import { openRunner } from '../../projections/runner/runner.ts'
import { importFolder } from '../../services/park/import/import-folder.ts'
import { openPark, type Park } from '../../services/park/open.ts'
import { freshDatabase } from '../support/database.ts'
import { kafkaMissing, startTestBrokers } from '../support/kafka.ts'
import { rounds } from '../support/long.ts'
import { randomOf } from '../support/random.ts'
import { migrate } from '../../infra/postgres/migrate.ts'
import { relayMigrations } from '../../infra/relay/mark.ts'
import { topicSpecifications } from '../../infra/relay/topics.ts'
import { PARTITIONS, tellLog } from '../support/telling.ts'
import { endWithUs } from '../../infra/process/end-with-us.ts'

/** Kills with signal 9 of each way to fold. */
const KILLS = rounds('KILLS', { slice: 2, long: 20 })
const BUNDLE = fileURLToPath(new URL('../../services/park/demo-bundle/', import.meta.url))
const PROCESS = fileURLToPath(new URL('../../services/park/process/main.ts', import.meta.url))

const missing = kafkaMissing('folding out of Kafka')

describe.skipIf(missing !== undefined)('read models of the demo bundle, folded out of a real broker', () => {
  let brokers: Brokers
  let kafka: Kafka
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let park: Park
  let pool: pg.Pool
  let head: number

  beforeAll(async () => {
    database = await freshDatabase()
    pool = openPool({ connectionString: database.url })
    park = await openPark(readConfiguration({ DATABASE_URL: database.url, NODE_ENV: 'test' }))
    brokers = await startTestBrokers()
    kafka = await openKafka('kafkajs', { brokers: brokers.addresses, clientId: 'projections' })
    expect((await importFolder(BUNDLE, { runtime: park.runtime })).refused).toBe(0)
    head = await park.store.head()
  })
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL')
    await kafka?.close()
    await brokers?.stop()
    await pool.end()
    await park.close()
    await database.drop()
  })

  /** Every row of every read model against what the log folds to when it is read from the store. */
  async function expectRowsOfTheStore(schema: string, folded = projections): Promise<void> {
    const reports = await rebuild({ pool, store: park.store, schema, projections: folded, swap: false })
    expect(reports.map(({ name, differences }) => ({ name, differences }))).toEqual(
      folded.map(({ name }) => ({ name, differences: 0 })),
    )
    expect(reports.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(1_000)
  }

  test('are those that the store gives, row by row, though records came twice, were lost or spoilt', async () => {
    const prefix = randomUUID()
    const spoil = (records: readonly OutgoingRecord[]) =>
      records.flatMap((record) => {
        const position = Number(record.headers.position)
        // The last one comes as it is: nothing would follow to show that it is missing.
        if (position === head) return [record]
        if (position % 211 === 0) return []
        if (position % 307 === 0) return [{ ...record, value: String(record.value).slice(7) }]
        return position % 5 === 0 ? [record, record] : [record]
      })
    await tellLog({ kafka, store: park.store, prefix, spoil })
    const counts = noCounts()
    const feed = openTotalOrderFeed({
      connect: () => Promise.resolve(kafka),
      store: park.store,
      topics: topicSpecifications(prefix, PARTITIONS),
      counts,
      patienceMs: 100,
      silenceMs: 60_000,
    })
    const runner = await openRunner({
      store: park.store,
      databaseUrl: database.url,
      projections,
      feed,
      schema: 'rm_spoilt',
    })
    try {
      expect(await runner.waitFor(head, 60_000)).toBe(true)
      expect(await runner.parked()).toEqual([])
      const kept = await runner.unreadable()
      expect(kept.length).toBeGreaterThan(10)
      expect(kept[0]).toMatchObject({
        why: 'malformed',
        topic: expect.stringContaining(prefix),
        position: expect.any(Number),
      })
    } finally {
      await runner.stop()
    }
    await expectRowsOfTheStore('rm_spoilt')
    expect(counts.told).toBeGreaterThan(head * 0.9)
    expect(counts.holes).toBeGreaterThan(0)
  }, 120_000)

  test('are the same where two share the partitions, one joins and one leaves in the middle', async () => {
    const [prefix, schema, group] = [randomUUID(), 'rm_shared', randomUUID()]
    const topics = topicSpecifications(prefix, PARTITIONS)
    const shared = projections.filter(({ byStream }) => byStream)
    let told = 0
    const counts = noCounts()
    const claimed: string[][] = []
    const open = () => {
      const mine: string[] = []
      claimed.push(mine)
      return openPartitionedRunner({
        store: park.store,
        databaseUrl: database.url,
        projections: shared,
        topics,
        schema,
        pageSize: 100,
        follow: (share) =>
          followPartitions(
            {
              connect: () => Promise.resolve(kafka),
              store: park.store,
              topics,
              group,
              published: () => Promise.resolve(told),
              counts,
            },
            {
              ...share,
              claim: (partitions) => {
                mine.push(...partitions.map(nameOf))
                return share.claim(partitions)
              },
            },
          ),
      })
    }
    const spoil = (records: readonly OutgoingRecord[]) =>
      records.flatMap((record) => {
        const position = Number(record.headers.position)
        if (position % 211 === 0 && position !== head) return []
        if (position % 307 === 0) return [{ ...record, value: String(record.value).slice(7) }]
        return position % 5 === 0 ? [record, record] : [record]
      })
    const tell = async (to: number) => {
      told = await tellLog({ kafka, store: park.store, prefix, pageSize: 50, spoil }, told, to)
    }
    const [one, two] = [await open(), await open()]
    try {
      await tell(Math.floor(head / 2))
      expect(await one.waitFor(told, 60_000)).toBe(true)
      await Promise.all([tell(head), one.stop()])
      expect(await two.waitFor(head, 60_000)).toBe(true)
      expect(await two.parked()).toEqual([])
      expect(await two.position()).toBe(head)
      expect((await two.lags()).every(({ events, seconds }) => events === 0 && seconds === 0)).toBe(true)
    } finally {
      await Promise.all([one.stop(), two.stop()])
    }
    const [before, after] = claimed
    expect(new Set(after)).toEqual(
      new Set(
        topics.flatMap(({ topic }) =>
          Array.from({ length: PARTITIONS }, (_, partition) => nameOf({ topic, partition })),
        ),
      ),
    )
    expect(before?.length).toBeGreaterThan(0)
    expect(counts.told).toBeGreaterThan(head * 0.6)
    expect(counts.holes).toBeGreaterThan(0)
    await expectRowsOfTheStore(schema, shared)
  }, 180_000)

  test.each([
    ['in total order', {}],
    ['by partitions of a group', { KAFKA_GROUP: 'killed' }],
  ])(
    `are the same after kills of the projecting process at random points, and one of the broker: %s`,
    { timeout: 180_000 + KILLS * 20_000 },
    async (_, more) => {
      const random = randomOf(Number(process.env['SEED'] ?? 7))
      const prefix = randomUUID()
      const cut = (cycle: number) => Math.floor((head * cycle) / KILLS)
      await forget()
      /** As a relay does: from the beginning of what is not acknowledged, however often it takes. */
      async function tell(from: number, to: number): Promise<void> {
        for (;;) {
          try {
            await tellLog({ kafka, store: park.store, prefix, pageSize: 25 }, from, to)
            return void (await pool.query('update relay.mark set position = $1', [to]))
          } catch (fault) {
            if (!(fault instanceof KafkaUnavailable)) throw fault
          }
        }
      }
      await tell(0, 0)
      for (let cycle = 1; cycle <= KILLS; cycle++) {
        const victim = startProjecting(database.url, brokers, prefix, more)
        // What was told is told again now and then, as by a relay that was killed itself.
        const from = cycle % 2 ? cut(cycle - 1) : Math.max(0, cut(cycle - 1) - random.below(200))
        const telling = tell(from, cut(cycle))
        if (cycle === Math.ceil(KILLS / 2)) {
          await brokers.kill(1)
          await brokers.start(1)
          await brokers.ready()
        }
        await folded('max', cut(cycle - 1) + random.below(cut(cycle) - cut(cycle - 1)), victim)
        victim.child.kill('SIGKILL')
        await victim.ended
        await telling
      }
      const last = startProjecting(database.url, brokers, prefix, more)
      await folded('min', head, last)
      last.child.kill('SIGTERM')
      await last.ended
      await expectRowsOfTheStore('rm')
    },
  )

  /** A park whose rows nobody folded yet, and a log that nobody told. */
  async function forget(): Promise<void> {
    await pool.query('drop schema if exists rm cascade')
    const client = await pool.connect()
    await migrate(client, relayMigrations)
    client.release()
    await pool.query('delete from relay.mark')
    await pool.query(`insert into relay.mark (name, epoch, position, fence) values ('relay', $1, 0, 1)`, [
      await park.store.epoch(),
    ])
  }

  /** Waits until some partition of every read model is there, or every one. */
  async function folded(which: 'min' | 'max', position: number, { child, said }: Projecting): Promise<void> {
    for (const until = performance.now() + 90_000; ; ) {
      const { rows } = await pool
        .query<{ at: string | null }>(
          `select min(at) as at from (select ${which}(position) filter (where projection like '%@%' or not shared) as at
             from (select *, bool_or(projection like '%@%') over (partition by split_part(projection, '@', 1)) as shared from rm.checkpoint) c
             group by split_part(projection, '@', 1)) p`,
        )
        .catch(() => ({ rows: [{ at: null }] }))
      if (Number(rows[0]?.at ?? -1) >= position) return
      if (child.exitCode !== null || performance.now() > until)
        throw new Error(`not at ${position} but ${rows[0]?.at}: ${said()}`)
      await pause(3)
    }
  }
})

interface Projecting {
  readonly child: ChildProcess
  readonly ended: Promise<unknown>
  said(): string
}

const running = new Set<ChildProcess>()
// A test that fails must not leave its process behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

function startProjecting(databaseUrl: string, brokers: Brokers, prefix: string, more: object): Projecting {
  const child = spawn(process.execPath, ['--import', 'tsx', PROCESS, 'projections'], {
    env: {
      ...process.env,
      NODE_ENV: 'test',
      DATABASE_URL: databaseUrl,
      FEED: 'kafka',
      KAFKA_BROKERS: brokers.addresses.join(','),
      KAFKA_TOPIC_PREFIX: prefix,
      KAFKA_PARTITIONS: '3',
      PORT: '0',
      LOG_LEVEL: 'error',
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(child)
  running.add(child)
  child.once('exit', () => running.delete(child))
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)))
  return { child, ended: once(child, 'close'), said: () => said }
}

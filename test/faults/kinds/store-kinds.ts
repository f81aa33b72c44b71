import { statfsSync, writeFileSync, rmSync, openSync, writeSync, closeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { join } from 'node:path'
import { inSession } from '../../../infra/postgres/sessions.ts'
import type { FaultKind, Stage } from './kind.ts'

/** A few times in a story, at moments that the seed chooses. */
async function severalTimes(stage: Stage, times: number, hurt: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < times; i++) {
    await stage.acknowledged(20 + stage.random.below(80))
    await hurt()
  }
}

const APPEND = 'es.append'

export const storeKinds: readonly FaultKind[] = [
  {
    name: 'before-send',
    about: 'the connection breaks before the server hears of the append',
    hurt: (stage) =>
      severalTimes(stage, 3, async () => void stage.writing.trap(APPEND, 'request').then(stage.happened)),
  },
  {
    name: 'half-sent',
    about: 'the connection breaks in the middle of the append',
    hurt: (stage) => severalTimes(stage, 3, async () => void stage.writing.trap(APPEND, 'half').then(stage.happened)),
  },
  {
    name: 'after-commit-before-reply',
    about: 'the append is committed and its answer is lost',
    hurt: (stage) => severalTimes(stage, 3, async () => void stage.writing.trap(APPEND, 'reply').then(stage.happened)),
  },
  {
    name: 'listen-dropped',
    about: 'the session that listens for new events ends, again and again',
    hurt: (stage) =>
      severalTimes(stage, 4, () =>
        inSession(stage.url, async (client) => {
          const { rowCount } = await client.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'wufei event store: listener'`,
          )
          if (rowCount) stage.happened()
        }),
      ),
  },
  {
    name: 'clock-back',
    about: 'the clock of the server goes back by up to a day: the newest event lies in the future then',
    hurt: (stage) =>
      severalTimes(stage, 2, () =>
        inSession(stage.url, async (client) => {
          const minutes = 1 + stage.random.below(1_440)
          await client.query(
            `update es.log set recorded_at = greatest(recorded_at, clock_timestamp()) + make_interval(mins => $1)`,
            [minutes],
          )
          stage.happened()
          // Nobody who asks for a moment of the past may be told of what came later.
          stage.inspect(async () =>
            (await stage.store.positionAt('2000-01-01T00:00:00Z')) === 0 ? [] : ['the year 2000 knew of an event'],
          )
        }),
      ),
  },
  {
    name: 'slow-consumer',
    about: 'a subscriber takes its time over small pages, and the read models wait for a lock',
    async hurt(stage) {
      const seen: number[] = []
      const subscription = stage.store.subscribe(
        0,
        async (page) => {
          await delay(stage.random.below(8))
          seen.push(...page.map(({ position }) => position))
        },
        { pageSize: 7 },
      )
      await severalTimes(stage, 2, () =>
        inSession(stage.url, async (client) => {
          await client.query('begin; lock table rm.journal_entry in access exclusive mode')
          await delay(100 + stage.random.below(200))
          await client.query('commit')
          stage.happened()
        }),
      )
      stage.inspect(async () => {
        const head = await stage.store.head()
        for (const start = performance.now(); (seen.at(-1) ?? 0) < head && performance.now() - start < 30_000; )
          await delay(5)
        await subscription.stop()
        return seen.length === head && seen.every((position, i) => position === i + 1)
          ? []
          : ['the slow subscriber did not see each event once, in order']
      })
    },
  },
  {
    name: 'database-restart',
    about: 'the server is stopped at once, or killed with signal 9, and started again',
    hurt: (stage) =>
      severalTimes(stage, 2, () =>
        stage.server.restart(stage.random.chance(0.5) ? 'immediate' : 'kill -9').then(stage.happened),
      ),
  },
  {
    name: 'disk-full',
    about: 'the disk of the server is full for a moment, as far as the server giving up',
    diskMiB: 192,
    unavailable: () =>
      process.platform === 'linux' && process.getuid?.() === 0
        ? undefined
        : 'a disk of its own takes a mount, which takes root on Linux',
    async hurt(stage) {
      await stage.acknowledged(20 + stage.random.below(60))
      const ballast = join(stage.server.dir, '..', 'ballast')
      fill(ballast)
      stage.happened()
      await delay(200 + stage.random.below(800))
      rmSync(ballast)
      await stage.server.revive()
    },
  },
]

/** Takes every byte that is left. */
function fill(path: string): void {
  writeFileSync(path, '')
  const file = openSync(path, 'a')
  const block = Buffer.alloc(64 * 1024)
  try {
    while (statfsSync(path).bavail > 0) writeSync(file, block)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
}

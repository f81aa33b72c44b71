import { setTimeout as delay } from 'node:timers/promises'
import { inSession } from '../../../infra/postgres/sessions.ts'
import type { FaultKind, Stage } from './kind.ts'
import type { Road } from './road.ts'

const roadOf = ({ road }: Stage): Road => {
  if (!road) throw new Error('a kind that hurts brokers says `broker: true`')
  return road
}

const MINUTE_MS = 60_000

async function until(comes: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + MINUTE_MS; !(await comes()); await delay(10))
    if (performance.now() > end) throw new Error('what the fault waits for did not come')
}

export const brokerKinds: readonly FaultKind[] = [
  {
    name: 'between-publish-and-checkpoint',
    about: 'records arrive in Kafka and the relay ends before it has marked them: they are sent again',
    broker: true,
    async hurt(stage) {
      for (let i = 0; i < 4; i++) {
        await stage.acknowledged(10 + stage.random.below(60))
        void roadOf(stage).doubtNextSend().then(stage.happened)
      }
    },
  },
  {
    name: 'relay-deposed-silently',
    about: 'the lock of who relays, and of who folds, is gone without a word in the middle of it',
    broker: true,
    runners: 2,
    async hurt(stage) {
      for (let i = 0; i < 2; i++) {
        await stage.acknowledged(20 + stage.random.below(80))
        if (stage.folding.freeze('leader of') > 0) stage.happened()
      }
    },
  },
  {
    name: 'rebalance-in-mid-batch',
    about:
      'a process joins the group while pages of the others cannot end, and leaves it again: partitions change hands twice',
    broker: true,
    shared: true,
    async hurt(stage) {
      await stage.acknowledged(20 + stage.random.below(80))
      const newcomer = await inSession(stage.url, async (client) => {
        // Whoever has a page of lots in hand waits for this lock, with the fence of its partition taken.
        await client.query('begin; lock table rm.lot in access exclusive mode')
        await until(
          async () =>
            ((await client.query(`select from pg_locks where not granted and relation = 'rm.lot'::regclass`))
              .rowCount ?? 0) > 0,
        )
        const joined = await stage.join()
        await delay(500 + stage.random.below(2_500))
        await client.query('commit')
        return joined
      })
      await until(() => Promise.resolve(newcomer.leads()))
      stage.happened()
      await stage.acknowledged(stage.random.below(60))
      await newcomer.stop()
    },
  },
  {
    name: 'broker-gone',
    about: 'the broker is killed with signal 9 and comes back some seconds later, in every tenth story after a minute',
    broker: true,
    async hurt(stage) {
      const { brokers } = roadOf(stage)
      await stage.acknowledged(20 + stage.random.below(100))
      await brokers.kill(1)
      stage.happened()
      await delay(stage.seed % 10 === 0 ? MINUTE_MS : 1_000 + stage.random.below(4_000))
      await brokers.start(1)
      await brokers.ready()
    },
  },
]

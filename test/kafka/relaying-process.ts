/** The process that the crash test kills: a relay from the store of `CRASH_URL` to the brokers of `CRASH_BROKERS`. Tells its faults on stderr. */
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import { type KafkaClient, openKafka } from '../../infra/kafka/open.ts'
import { openRelay } from '../../infra/relay/relay.ts'

process.stdin.resume().once('end', () => process.exit())

const {
  CRASH_URL: url = '',
  CRASH_BROKERS: brokers = '',
  CRASH_CLIENT: client = 'kafkajs',
  CRASH_PREFIX: topicPrefix = '',
} = process.env

const store = await openPostgresStore({ url, migrate: false, pollMs: 50 })
const kafka = await openKafka(client as KafkaClient, { brokers: brokers.split(','), clientId: 'crash' })
const relay = await openRelay({
  store,
  kafka,
  databaseUrl: url,
  topicPrefix,
  name: topicPrefix,
  pageSize: 50,
  onFault: (fault) => console.error(fault),
})
process.on('SIGTERM', () => {
  void relay
    .stop()
    .then(() => kafka.close())
    .then(() => store.close())
    .then(() => process.exit(0))
})
console.log('ready')

/** The process that the crash test kills: a member of the group that gives every event one effect in the database of `CRASH_URL`. */
import { type KafkaClient, openKafka } from '../../infra/kafka/open.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { topicsOf } from '../../infra/relay/topics.ts'
import { openEffects } from './effects.ts'

process.stdin.resume().once('end', () => process.exit())

const {
  CRASH_URL: url = '',
  CRASH_BROKERS: brokers = '',
  CRASH_CLIENT: client = 'kafkajs',
  CRASH_PREFIX: prefix = '',
} = process.env

const pool = openPool({ connectionString: url, max: 4 })
const kafka = await openKafka(client as KafkaClient, { brokers: brokers.split(','), clientId: 'crash' })
await openEffects(kafka, pool, { topics: topicsOf(prefix), group: `effects-${prefix}` }).done

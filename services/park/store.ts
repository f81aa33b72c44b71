import type { Configuration } from '../../infra/configuration/configuration.ts'
import { openEventStoreDb } from '../../infra/event-store/eventstoredb/store.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import type { Metrics } from '../../infra/telemetry/metrics.ts'

/** What a configuration says of the log. */
export type StoreConfiguration = Pick<Configuration, 'APPEND_BATCH'> &
  Partial<Pick<Configuration, 'EVENTSTORE_URL' | 'EVENTSTORE_MAX_APPEND_SIZE'>>

/** The log: on EventStoreDB where one is named, its index in the park's database; otherwise in that database itself. */
export function openStore(
  { EVENTSTORE_URL, EVENTSTORE_MAX_APPEND_SIZE: maxAppendSize, APPEND_BATCH }: StoreConfiguration,
  databaseUrl: string,
  metrics?: Metrics,
): Promise<EventStore> {
  if (EVENTSTORE_URL !== undefined)
    return openEventStoreDb({
      url: EVENTSTORE_URL,
      databaseUrl,
      ...(maxAppendSize === undefined ? {} : { maxAppendSize }),
    })
  return openPostgresStore({
    url: databaseUrl,
    batch: { requests: APPEND_BATCH },
    ...(metrics ? { onBatch: metrics.batch } : {}),
  })
}

import type pg from 'pg'
import type { EventStore } from '../../infra/event-store/port.ts'
import { LOCK_SPACES } from '../../infra/postgres/leadership.ts'
import type { Projection } from '../projection.ts'
import { createRunnerTables, insertCheckpoint, readCheckpoint } from './checkpoints.ts'
import { ddlOf, dropTables, runDdl } from './ddl.ts'
import { rebuild } from './rebuild.ts'
import { inTransaction } from './transaction.ts'

/** Makes the tables of projections that are new here, and rebuilds those whose rows are of another version of their fold. */
export async function prepareTables(
  pool: pg.Pool,
  schema: string,
  projections: readonly Projection[],
  store: EventStore,
): Promise<void> {
  const storeEpoch = await store.epoch()
  const outdated = await inTransaction(pool, async (client) => {
    // Processes that start together make the tables one after another.
    await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACES.tables, schema])
    await createRunnerTables(client, schema)
    const old: Projection[] = []
    for (const projection of projections) {
      const checkpoint = await readCheckpoint(client, schema, projection.name)
      if (checkpoint && checkpoint.version !== projection.version) old.push(projection)
      if (checkpoint) continue
      await dropTables(client, schema, projection)
      for (const { create, indexes } of (await ddlOf(projection)).values())
        await runDdl(client, schema, [create, ...indexes])
      await insertCheckpoint(client, schema, projection.name, { version: projection.version, storeEpoch, position: 0 })
    }
    return old
  })
  if (outdated.length > 0) await rebuild({ pool, store, schema, projections: outdated, compare: false, swap: true })
}

import type { Adapter, AdapterPayload } from 'oidc-provider'
import type pg from 'pg'

interface Row {
  readonly payload: AdapterPayload
  readonly consumed: number | null
}

const FOUND = 'select payload, extract(epoch from consumed_at)::float8 as consumed from identity.artefact'
const ALIVE = '(expires_at is null or expires_at > now())'

/** Storage of one kind of artefact of oidc-provider in `identity.artefact`; an expired one is not found, and goes with `sweep`. */
export function artefacts(pool: pg.Pool, model: string): Adapter {
  const one = async (query: string, values: readonly string[]): Promise<AdapterPayload | undefined> => {
    const { rows } = await pool.query<Row>(query, [...values])
    const [row] = rows
    return row && { ...row.payload, ...(row.consumed === null ? {} : { consumed: Math.floor(row.consumed) }) }
  }
  return {
    async upsert(id, payload, expiresIn) {
      await pool.query(
        `insert into identity.artefact (model, id, payload, grant_id, uid, expires_at)
         values ($1, $2, $3, $4, $5, now() + $6::float8 * interval '1 second')
         on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid, expires_at = excluded.expires_at`,
        [model, id, JSON.stringify(payload), payload.grantId ?? null, payload.uid ?? null, expiresIn || null],
      )
    },
    find: (id) => one(`${FOUND} where model = $1 and id = $2 and ${ALIVE}`, [model, id]),
    findByUid: (uid) => one(`${FOUND} where model = $1 and uid = $2 and ${ALIVE}`, [model, uid]),
    // User codes belong to the device flow, which is off.
    findByUserCode: () => Promise.resolve(undefined),
    async consume(id) {
      await pool.query('update identity.artefact set consumed_at = now() where model = $1 and id = $2', [model, id])
    },
    async destroy(id) {
      await pool.query('delete from identity.artefact where model = $1 and id = $2', [model, id])
    },
    async revokeByGrantId(grantId) {
      await pool.query('delete from identity.artefact where grant_id = $1', [grantId])
    },
  }
}

export const sweep = async (pool: pg.Pool): Promise<void> => {
  await pool.query('delete from identity.artefact where expires_at < now()')
}

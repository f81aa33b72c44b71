import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import canonicalize from 'canonicalize'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { eventId } from '../../infra/event-store/event-id.ts'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import { syntheticEvents } from './generate.ts'

const COMMAND = '00000000-0000-4000-8000-000000000000'
const METADATA = { commandId: COMMAND, actor: { subject: 'bench', roles: ['admin'] }, provenance: 'book' }
const CHUNK = 256 * 1024
// The package's types are those of CommonJS, its module is not.
const serialize = canonicalize as unknown as (value: unknown) => string

/** Fills an empty log with made-up events, past the append path but with the leaves that it would have written. */
export async function loadSyntheticEvents(databaseUrl: string, count: number): Promise<void> {
  await (await openPostgresStore({ url: databaseUrl })).close()
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    await client.query('begin')
    await client.query(
      'create temp table incoming (position bigint, stream text, revision bigint, id uuid, type text, occurred_at text, recorded_at timestamptz, body text) on commit drop',
    )
    const copy = client.query(copyFrom('copy incoming from stdin'))
    let text = ''
    for (const { position, stream, revision, type, occurredAt, recordedAt, data } of syntheticEvents(count)) {
      const body = serialize({ data, metadata: METADATA }).replaceAll('\\', '\\\\')
      text += `${position}\t${stream}\t${revision}\t${eventId(COMMAND, position)}\t${type}\t${occurredAt}\t${recordedAt}\t${body}\n`
      if (text.length > CHUNK) {
        if (!copy.write(text)) await once(copy, 'drain')
        text = ''
      }
    }
    copy.end(text)
    await finished(copy)
    await client.query(`
      insert into es.event (position, stream, revision, id, type, schema_version, occurred_at, recorded_at, body, leaf)
      select position, stream, revision, id, type, 1, occurred_at, recorded_at, body, es.leaf(position, stream, revision, id, type, 1, occurred_at, body) from incoming order by position`)
    await client.query('update es.log set head = (select max(position) from incoming), recorded_at = (select max(recorded_at) from incoming)')
    await client.query('commit')
    await client.query('vacuum analyze es.event')
  } finally {
    await client.end()
  }
}

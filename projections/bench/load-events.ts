import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import canonicalize from 'canonicalize'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { eventId } from '../../infra/event-store/event-id.ts'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import { syntheticEvents, type SyntheticEvent } from './generate.ts'

const COMMAND = '00000000-0000-4000-8000-000000000000'
// The package's types are those of CommonJS, its module is not.
const serialize = canonicalize as unknown as (value: unknown) => string
const METADATA = serialize({ commandId: COMMAND, actor: { subject: 'bench', roles: ['admin'] }, provenance: 'book' })
const CHUNK = 256 * 1024
const CHECKED = 1_000

/**
 * Fills an empty log with made-up events, past the append path but with everything that it would have written, leaves included.
 * Straight into the log's table by COPY, so that ten million events take minutes and no second copy of themselves.
 */
export async function loadSyntheticEvents(databaseUrl: string, count: number): Promise<void> {
  await (await openPostgresStore({ url: databaseUrl })).close()
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    await client.query('begin')
    const copy = client.query(
      copyFrom(
        'copy es.event (position, stream, revision, id, type, schema_version, occurred_at, recorded_at, body, leaf) from stdin',
      ),
    )
    let text = ''
    for (const event of syntheticEvents(count)) {
      text += rowOf(event)
      if (text.length > CHUNK) {
        if (!copy.write(text)) await once(copy, 'drain')
        text = ''
      }
    }
    copy.end(text)
    await finished(copy)
    await client.query(
      'update es.log set (head, recorded_at) = (select position, recorded_at from es.event order by position desc limit 1)',
    )
    await client.query('commit')
    await checkLeaves(client)
    await client.query('vacuum analyze es.event')
  } finally {
    await client.end()
  }
}

function rowOf({ position, stream, revision, type, occurredAt, recordedAt, data }: SyntheticEvent): string {
  const id = eventId(COMMAND, position)
  const body = `{"data":${serialize(data)},"metadata":${METADATA}}`
  // The envelope of infra/event-store/README.md, members in canonical order; what is made up here needs no escapes.
  const envelope = `{"body":${body},"digest":"sha256","id":"${id}","occurredAt":"${occurredAt}","position":${position},"revision":${revision},"schemaVersion":1,"stream":"${stream}","type":"${type}"}`
  const leaf = createHash('sha256').update('\0').update(envelope).digest('hex')
  return `${position}\t${stream}\t${revision}\t${id}\t${type}\t1\t${occurredAt}\t${recordedAt}\t${body.replaceAll('\\', '\\\\')}\t\\\\x${leaf}\n`
}

async function checkLeaves(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    `select from es.event where position <= $1 and leaf <> es.leaf(position, stream, revision, id, type, schema_version, occurred_at, body)`,
    [CHECKED],
  )
  if (rowCount !== 0) throw new Error('leaves of made-up events are not those that the log would have written')
}

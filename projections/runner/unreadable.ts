import type pg from 'pg'
import type { UnreadableRecord } from '../../infra/feed/record.ts'
import { qualified, type Client } from './statements.ts'
import { plainTypes } from './types.ts'

/** A record of Kafka that could not be read, as it is kept for people to look at. */
export interface KeptRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  /** Where its headers said that its event lies; null where they said nothing. */
  readonly position: number | null
  readonly why: string
  readonly detail: string
  readonly bytes: number
}

// Whoever floods a topic with nonsense must not fill the disk as well.
const MOST = 10_000

export async function createUnreadableTable(client: Client, schema: string): Promise<void> {
  await client.query({
    text: `create table if not exists ${qualified(schema, 'unreadable')} (
        topic text not null,
        partition integer not null,
        "offset" bigint not null,
        key bytea,
        position bigint,
        why text not null,
        detail text not null,
        -- The first 64 KiB, as they came.
        value bytea,
        seen_at timestamptz not null default now(),
        primary key (topic, partition, "offset")
      )`,
  })
}

/** Keeps a record, unless it is kept already or so many are that one more says nothing new. */
export async function keepUnreadable(
  client: Client,
  schema: string,
  { topic, partition, offset, key, position, why, detail, value }: UnreadableRecord,
): Promise<void> {
  await client.query({
    text: `insert into ${qualified(schema, 'unreadable')} (topic, partition, "offset", key, position, why, detail, value)
      select $1::text, $2::integer, $3::bigint, $4::bytea, $5::bigint, $6::text, $7::text, $8::bytea
      where (select count(*) from ${qualified(schema, 'unreadable')}) < ${MOST}
      on conflict do nothing`,
    // A key or a message of strangers may hold what no text of PostgreSQL does.
    values: [
      topic,
      partition,
      offset,
      key === null ? null : Buffer.from(key),
      position ?? null,
      why,
      detail.replaceAll('\u0000', ''),
      value,
    ],
  })
}

/** The same with their bytes. */
export async function readUnreadableBytes(
  client: pg.Pool,
  schema: string,
): Promise<
  readonly (Pick<KeptRecord, 'topic' | 'partition' | 'offset' | 'position'> & { readonly value: Buffer | null })[]
> {
  const { rows } = await client.query<{
    topic: string
    partition: number
    offset: string
    position: string | null
    value: Buffer | null
  }>(`select topic, partition, "offset", position, value from ${qualified(schema, 'unreadable')}`)
  return rows.map((row) => ({
    ...row,
    offset: Number(row.offset),
    position: row.position === null ? null : Number(row.position),
  }))
}

export async function forgetUnreadable(
  client: Client,
  schema: string,
  { topic, partition, offset }: Pick<KeptRecord, 'topic' | 'partition' | 'offset'>,
): Promise<void> {
  await client.query({
    text: `delete from ${qualified(schema, 'unreadable')} where topic = $1 and partition = $2 and "offset" = $3`,
    values: [topic, partition, offset],
  })
}

export async function readUnreadable(client: Client, schema: string): Promise<readonly KeptRecord[]> {
  const { rows } = await client.query({
    text: `select topic, partition, "offset", key, position, why, detail, coalesce(length(value), 0) as bytes
      from ${qualified(schema, 'unreadable')} order by topic, partition, "offset"`,
    types: plainTypes,
  })
  return (rows as (Omit<KeptRecord, 'key'> & { readonly key: string | null })[]).map((row) => ({
    ...row,
    key: textOf(row.key),
  }))
}

// Bytea comes as \x and hexadecimal digits.
const textOf = (hex: string | null): string | null =>
  hex === null ? null : Buffer.from(hex.slice(2), 'hex').toString('utf8')

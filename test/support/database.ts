import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, inject } from 'vitest'
import { inSession } from '../../infra/postgres/sessions.ts'

/** A new, empty database on the run's server, for one test or one file. Its owner is the superuser. */
export async function freshDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const server = inject('postgres')
  const name = `t_${randomUUID().replaceAll('-', '')}`
  await onServer(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(server, `drop database if exists ${name} with (force)`) }
}

/** One for the tests beside this call, made before the first of them and dropped after the last. */
export function sharedDatabase(): { readonly url: string } {
  let database: Awaited<ReturnType<typeof freshDatabase>> | undefined
  beforeAll(async () => {
    database = await freshDatabase()
  })
  afterAll(() => database?.drop())
  return {
    get url() {
      if (!database) throw new Error('the database is there once a test runs')
      return database.url
    },
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  await inSession(url, (client) => client.query(statement))
}

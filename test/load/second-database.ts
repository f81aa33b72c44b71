import { inSession } from '../../infra/postgres/sessions.ts'

/** Makes a further database on the server of a bench line; answers its connection string. */
export async function secondDatabase(databaseUrl: string, suffix: string): Promise<string> {
  const url = new URL(databaseUrl)
  const name = `${url.pathname.slice(1)}_${suffix}`
  await inSession(databaseUrl, (client) => client.query(`create database ${client.escapeIdentifier(name)}`))
  url.pathname = `/${name}`
  return url.href
}

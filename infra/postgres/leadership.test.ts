import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { sharedDatabase } from '../../test/support/database.ts'
import { becomeLeader, type Leadership } from './leadership.ts'

const database = sharedDatabase()

const never = new AbortController().signal
const candidate = (...names: readonly string[]) =>
  becomeLeader({ connectionString: database.url, space: 4_711, names, until: never })
const led = async (...names: readonly string[]): Promise<Leadership> => {
  const leadership = await candidate(...names)
  if (!leadership) throw new Error('nobody leads')
  return leadership
}

describe('of several processes that want the same', () => {
  test('one leads, and when it gives up, another does', async () => {
    const first = await led('journal')
    let waited = true
    const second = candidate('journal').then((leadership) => {
      waited = first.lost.aborted
      return leadership
    })
    await first.release()
    await (await second)?.release()
    expect(waited).toBe(true)
  })

  test('those who want different things lead side by side, and one who wants all of them waits', async () => {
    const [journal, lots] = [await led('journal'), await led('lots')]
    const gaveUp = new AbortController()
    const all = becomeLeader({
      connectionString: database.url,
      space: 4_711,
      names: ['lots', 'journal'],
      until: gaveUp.signal,
    })
    // The one who could not have both keeps neither from anybody else.
    await lots.release()
    const again = await led('lots')
    gaveUp.abort()
    expect(await all).toBeUndefined()
    await Promise.all([journal.release(), again.release()])
  })

  test('a leader whose machine vanishes keeps its locks for seconds, not for hours: the server is told to look for it', async () => {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const gaveUp = new AbortController()
    const { port } = server.address() as AddressInfo
    const waiting = becomeLeader({
      connectionString: `postgres://u@127.0.0.1:${port}/d`,
      space: 4_711,
      names: ['lots'],
      until: gaveUp.signal,
    })
    const [socket] = (await once(server, 'connection')) as [Socket]
    const [greeting] = (await once(socket, 'data')) as [Buffer]
    for (const setting of ['idle=3', 'interval=3', 'count=3'])
      expect(greeting.toString()).toContain(`-c tcp_keepalives_${setting}`)
    gaveUp.abort()
    socket.destroy()
    await waiting
    server.close()
  })

  test('a leader whose session the server ends hears of it', async () => {
    const leader = await led('relay')
    const gone = new Promise((resolve) => leader.lost.addEventListener('abort', resolve, { once: true }))
    const client = new pg.Client(database.url)
    await client.connect()
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'leader of relay'`,
    )
    await client.end()
    await gone
    expect(leader.lost.aborted).toBe(true)
    await (await led('relay')).release()
  })
})

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { freshDatabase } from '../../test/support/database.ts'
import { becomeLeader, type Leadership } from './leadership.ts'

let url: string
let drop: () => Promise<void>
beforeAll(async () => {
  const database = await freshDatabase()
  url = database.url
  drop = () => database.drop()
})
afterAll(() => drop())

const never = new AbortController().signal
const candidate = (...names: readonly string[]) => becomeLeader({ connectionString: url, space: 4_711, names, until: never })
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
    const all = becomeLeader({ connectionString: url, space: 4_711, names: ['lots', 'journal'], until: gaveUp.signal })
    // The one who could not have both keeps neither from anybody else.
    await lots.release()
    const again = await led('lots')
    gaveUp.abort()
    expect(await all).toBeUndefined()
    await Promise.all([journal.release(), again.release()])
  })

  test('a leader whose machine vanishes keeps its locks for seconds, not for hours: the server looks for it', async () => {
    const opened: pg.Client[] = []
    const connect = vi.spyOn(pg.Client.prototype, 'connect').mockImplementation(function (this: pg.Client) {
      opened.push(this)
      connect.mockRestore()
      return this.connect()
    } as typeof pg.Client.prototype.connect)
    const leader = await led('keepalive')
    const shown = async (name: string) => Number(Object.values((await opened[0]?.query(`show ${name}`))?.rows[0] as object)[0])
    expect((await shown('tcp_keepalives_idle')) + (await shown('tcp_keepalives_interval')) * (await shown('tcp_keepalives_count'))).toBeLessThanOrEqual(15)
    await leader.release()
  })

  test('a leader whose session the server ends hears of it', async () => {
    const leader = await led('relay')
    const gone = new Promise((resolve) => leader.lost.addEventListener('abort', resolve, { once: true }))
    const client = new pg.Client(url)
    await client.connect()
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'leader of relay'`)
    await client.end()
    await gone
    expect(leader.lost.aborted).toBe(true)
    await (await led('relay')).release()
  })
})

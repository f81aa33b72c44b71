import { describe, expect, test } from 'vitest'
import { migrate } from '../postgres/migrate.ts'
import { openPool } from '../postgres/sessions.ts'
import { freshDatabase } from '../../test/support/database.ts'
import { bookName, derivedId } from '../event-store/event-id.ts'
import { openIds } from './ids.ts'
import { idsMigrations, parkKey } from './park-key.ts'

const secret = Buffer.alloc(32, 1)
const ids = openIds({ secret, keyed: true })
const other = openIds({ secret: Buffer.alloc(32, 2), keyed: true })
const KEY = '0190a8f0-0000-7000-8000-000000000001'
const UUID8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('ids of a park', () => {
  test('are the same for the same things in every process of it, and unknown to every other park', () => {
    expect(ids.derive('reaction', 'x', 1)).toBe(openIds({ secret, keyed: true }).derive('reaction', 'x', 1))
    const made = [ids, other].flatMap((park) => [
      park.derive('lot', KEY),
      park.ofSender({ unit: 'U', subject: 's' }, KEY),
      park.ofBookCommand(KEY),
      park.ofBookName(bookName('lot', 'U', 'B')),
    ])
    expect(new Set([...made, derivedId('lot', KEY), KEY]).size).toBe(made.length + 2)
    for (const id of made) expect(id).toMatch(UUID8)
  })

  test('of commands: one key of two units, of a unit and a subject of its name, and of the books are four commands', () => {
    const made = [
      ids.ofSender({ unit: 'U', subject: 's' }, KEY),
      ids.ofSender({ unit: 'V', subject: 's' }, KEY),
      ids.ofSender({ subject: 'U' }, KEY),
      ids.ofBookCommand(KEY),
    ]
    expect(new Set(made).size).toBe(4)
    expect(ids.ofSender({ unit: 'U', subject: 'another' }, KEY)).toBe(made[0])
  })

  test('of a log that was begun without a secret stay what they were, but for those of what senders send from now on', () => {
    const old = openIds({ secret, keyed: false })
    expect(old.derive('reaction', 'x', 1)).toBe(derivedId('reaction', 'x', 1))
    expect(old.ofBookCommand(KEY)).toBe(KEY)
    expect(old.ofBookName(bookName('lot', 'U', 'B'))).toBe(derivedId('lot', 'U', 'B'))
    expect(old.ofSender({ unit: 'U', subject: 's' }, KEY)).toBe(ids.ofSender({ unit: 'U', subject: 's' }, KEY))
  })
})

describe('the key of a park', () => {
  async function database() {
    const fresh = await freshDatabase()
    const pool = openPool({ connectionString: fresh.url, max: 4 })
    const client = await pool.connect()
    await migrate(client, idsMigrations)
    client.release()
    return {
      pool,
      close: async () => {
        await pool.end()
        await fresh.drop()
      },
    }
  }
  const log = (head: number) => ({ head: () => Promise.resolve(head) })

  test('is made once, whoever asks first and however many at once, and is never changed', async () => {
    const { pool, close } = await database()
    const keys = await Promise.all(Array.from({ length: 8 }, () => parkKey(pool, log(0))))
    expect(new Set(keys.map((key) => Buffer.from(key.secret).toString('hex'))).size).toBe(1)
    expect(keys[0]).toMatchObject({ keyed: true })
    expect(keys[0]?.secret).toHaveLength(32)
    expect(await parkKey(pool, log(9))).toEqual(keys[0])
    await expect(pool.query("update ids.park_key set secret = ''")).rejects.toThrow('refused')
    await expect(pool.query('delete from ids.park_key')).rejects.toThrow('refused')
    await close()
  })

  test('of a log that holds events by then says that its ids are made without it, for good', async () => {
    const { pool, close } = await database()
    expect(await parkKey(pool, log(1))).toMatchObject({ keyed: false })
    expect(await parkKey(pool, log(0))).toMatchObject({ keyed: false })
    await close()
  })
})

import { createHmac, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPool } from '../postgres/sessions.ts'
import { freshDatabase } from '../../test/support/database.ts'
import { migrate } from '../postgres/migrate.ts'
import { personalDataMigrations } from './migrations.ts'
import { openPeople } from './people.ts'
import { seal } from './seal.ts'
import type { SealedPerson } from '../../schemas/values/person.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: pg.Pool
const queries: string[] = []

beforeAll(async () => {
  database = await freshDatabase()
  pool = openPool({ connectionString: database.url, max: 4 })
  const client = await pool.connect()
  await migrate(client, personalDataMigrations)
  client.release()
  const query = pool.query.bind(pool) as (...all: unknown[]) => unknown
  pool.query = ((...all: unknown[]) => {
    queries.push(String(all[0]))
    return query(...all)
  }) as typeof pool.query
})

afterAll(async () => {
  await pool.end()
  await database.drop()
})

/** A register beside a log that names these persons. */
const register = (...pages: readonly (readonly SealedPerson[])[]) =>
  openPeople(pool, async function* () {
    yield* pages
  })

const driver = { name: '王建国', phone: '13900001111' }

test('a sealed person shows neither name nor phone, and opens again', async () => {
  const people = register()
  const sealed = await people.seal(driver)
  expect(JSON.stringify(sealed)).not.toMatch(/王|1390000/)
  expect(Buffer.from(sealed.sealed, 'base64url').toString('utf8')).not.toContain('王')
  expect(await people.open(sealed)).toEqual(driver)
})

test('the same person gets the same id and text, also from another process; another phone is another person', async () => {
  const [here, elsewhere] = [register(), register()]
  expect(await elsewhere.seal(driver)).toEqual(await here.seal(driver))
  expect((await here.seal({ ...driver, phone: '13900002222' })).id).not.toBe((await here.seal(driver)).id)
  expect((await here.seal({ name: driver.name })).id).not.toBe((await here.seal(driver)).id)
})

test('the same person gets the same id however name and number are spelled, and what was typed is kept', async () => {
  const people = register()
  const plain = await people.seal({ name: '李强', phone: '13800000003' })
  for (const phone of ['138 0000 0003', '+86 138-0000-0003', '0086 13800000003', '１３８００００００03']) {
    const typed = await people.seal({ name: '李 强', phone })
    expect(typed.id).toBe(plain.id)
    expect(await people.open(typed)).toEqual({ name: '李 强', phone })
    expect(await people.compare(plain, typed)).toBe('same')
  }
})

test('the id of a person in plain spelling is the one that earlier versions made, so that old events name the same person', async () => {
  const { rows } = await pool.query<{ value: Buffer }>('select value from personal.secret')
  const earlier = createHmac('sha256', rows[0]?.value ?? '')
    .update('王建国\u000013900001111')
    .digest('hex')
  expect((await register().seal(driver)).id).toBe(earlier)
})

test('a person whom an earlier version sealed under the text as typed is found by opening it', async () => {
  const people = register()
  const key = randomBytes(32)
  const typed = { name: '赵敏', phone: '+86 137 0000 0001' }
  await pool.query('insert into personal.key (person, key) values ($1, $2)', ['as-typed', key])
  const old = seal('as-typed', key, typed)
  expect(await people.compare(old, await people.seal({ name: '赵敏', phone: '13700000001' }))).toBe('same')
  expect(await people.compare(old, await people.seal({ name: '赵敏' }))).toBe('alike')
  expect(await people.compare(old, await people.seal({ name: '赵敏', phone: '13700000002' }))).toBe('other')
  expect(await people.erase('as-typed')).toBe(true)
  expect(await people.compare(old, await people.seal({ name: '赵敏', phone: '13700000001' }))).toBe('other')
})

test('a look at persons is recorded before it is answered, erased ones among them, and stands for good', async () => {
  const people = register()
  const [one, gone] = [await people.seal({ name: '钱一' }), await people.seal({ name: '孙二' })]
  await people.erase(gone.id)
  const actor = { subject: 'official', roles: ['bureau'] }
  expect(await people.reveal([one, gone], { actor, about: 'manifest-1', reason: '核查' })).toEqual([
    { name: '钱一' },
    undefined,
  ])
  const looks = await people.looks({ limit: 10 })
  expect(looks).toMatchObject([
    { actor, about: 'manifest-1', reason: '核查', person: one.id, at: expect.stringMatching(/Z$/) },
    { actor, person: gone.id },
  ])
  expect(await people.looks({ after: looks[0]?.seq ?? 0, limit: 1 })).toHaveLength(1)
  for (const change of ["update personal.look set reason = 'x'", 'delete from personal.look', 'truncate personal.look'])
    await expect(pool.query(change)).rejects.toThrow('append-only')
})

test('an erased person stays closed for good, even when the same person comes again', async () => {
  const people = register()
  const before = await people.seal({ name: '李秀英' })
  expect(await people.erase(before.id)).toBe(true)
  expect(await people.open(before)).toBeUndefined()
  const after = await people.seal({ name: '李秀英' })
  expect(after.id).toBe(before.id)
  expect(await people.open(after)).toEqual({ name: '李秀英' })
  expect(await people.open(before)).toBeUndefined()
  expect(await people.erase('nobody')).toBe(false)
})

test('a person is erased under every spelling that they were sealed under, by whichever id, and nobody else is', async () => {
  const plain = { name: '周七', phone: '13700000077' }
  const spelled = [
    { name: '周 七', phone: '+86 137 0000 0077' },
    { name: '周七', phone: '137-0000-0077' },
  ]
  for (const erased of [0, 1, 2]) {
    const sealed = [await register().seal(plain)]
    for (const [n, typed] of spelled.entries()) {
      const key = randomBytes(32)
      const id = `typed-${erased}-${n}`
      await pool.query('insert into personal.key (person, key) values ($1, $2)', [id, key])
      sealed.push(seal(id, key, typed))
    }
    const others = [await register().seal({ name: '周七' }), await register().seal({ ...plain, phone: '13700000078' })]
    const people = register(sealed.slice(1), [...others, ...sealed], sealed)
    expect(await people.erase(sealed[erased]?.id ?? '')).toBe(true)
    for (const one of [people, register()]) {
      expect(await Promise.all(sealed.map(one.open))).toEqual([undefined, undefined, undefined])
      expect(await Promise.all(others.map(one.open))).toMatchObject([{ name: '周七' }, { phone: '13700000078' }])
    }
    expect(await people.erase(sealed[erased]?.id ?? '')).toBe(false)
  }
})

test('a text that was moved to another person, cut or changed does not open', async () => {
  const people = register()
  const [one, two] = [await people.seal({ name: '甲' }), await people.seal({ name: '乙' })]
  expect(await people.open({ id: two.id, sealed: one.sealed })).toBeUndefined()
  expect(await people.open({ id: one.id, sealed: one.sealed.slice(0, 20) })).toBeUndefined()
  expect(await people.open({ id: one.id, sealed: `${one.sealed.slice(0, -2)}AA` })).toBeUndefined()
})

test('an import of many rows pays for each batch of persons, not for each row', async () => {
  const people = register()
  await people.seal(driver)
  queries.length = 0
  const sealed = await Promise.all(Array.from({ length: 5_000 }, (_, row) => people.seal({ name: `司机${row % 300}` })))
  expect(new Set(sealed.map(({ id }) => id)).size).toBe(300)
  expect(queries.length).toBeLessThanOrEqual(15)
  queries.length = 0
  for (let row = 0; row < 300; row++) await people.seal({ name: `司机${row}` })
  expect(queries).toEqual([])
})

test('processes that meet the same person at once agree on the key', async () => {
  const [here, elsewhere] = [register(), register()]
  const names = Array.from({ length: 50 }, (_, i) => ({ name: `赵${i}` }))
  const [a, b] = await Promise.all([
    Promise.all(names.map((person) => here.seal(person))),
    Promise.all(names.map((person) => elsewhere.seal(person))),
  ])
  expect(a).toEqual(b)
})

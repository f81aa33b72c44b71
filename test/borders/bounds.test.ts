import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { boundsOf, defaultBounds, heldMass, latestPaper } from '../../schemas/commands/bounds.ts'
import { leavesOf, pointerOf, withValue, type Leaf } from '../support/schema-fields.ts'
import { openBorder, type Border } from './harness.ts'
import { parkRoutes, parkRuntime } from './park.ts'

const NOW = '2025-12-06T12:00:00.000Z'
const { actMass } = defaultBounds

const fields = parkRoutes.flatMap(({ path, command }) =>
  leavesOf(command).map((leaf) => ({ name: `${path} ${pointerOf(leaf)}`, command, leaf })),
)
const formatOf = ({ schema }: Leaf): string | undefined => (schema._zod.def as { readonly format?: string }).format
const isNumber = ({ schema }: Leaf): boolean => schema._zod.def.type === 'number'
const largest = ({ schema }: Leaf): number => (schema as z.ZodNumber).maxValue ?? Number.POSITIVE_INFINITY

/** What the park says to a value in one field, all others left out. */
const verdicts = ({ command, leaf }: (typeof fields)[number], value: unknown) =>
  boundsOf(command)(withValue(undefined, leaf.path, value), defaultBounds, NOW).map(({ code, pointer }) => [
    code,
    pointer,
  ])

// Counts, numbers of lines and legs, kilograms of a weighbridge, per cent, years: what needs no bound of the park has one of its own.
const OWN_LIMIT = 200_000
const numbers = fields.filter(({ leaf }) => isNumber(leaf))
const masses = numbers.filter(({ leaf }) => !(largest(leaf) <= OWN_LIMIT))
const times = fields.filter(({ leaf }) => formatOf(leaf) === 'datetime')
const days = fields.filter(({ leaf }) => formatOf(leaf) === 'date')

test('the commands have numbers, moments and days to be bounded', () => {
  expect([numbers.length > 40, masses.length > 15, times.length > 25, days.length > 5]).toEqual([
    true,
    true,
    true,
    true,
  ])
})

describe('a number of a command is a mass, which the park bounds, or has a limit of its own', () => {
  test.each(masses)('$name', (field) => {
    const held = verdicts(field, actMass + 1).length === 0
    const limit = held ? heldMass(defaultBounds) : actMass
    expect(verdicts(field, limit)).toEqual([])
    expect(verdicts(field, limit + 1)).toEqual([['mass-above-bound', pointerOf(field.leaf)]])
    expect(verdicts(field, Number.MAX_SAFE_INTEGER)).toEqual([['mass-above-bound', pointerOf(field.leaf)]])
  })

  test('and only years of plans and licences, stores and counts may hold more than one act brings', () => {
    expect(masses.filter((field) => verdicts(field, actMass + 1).length === 0).map(({ name }) => name)).toEqual([
      '/facilities /capacity',
      '/licences /annual',
      '/licences/:number/renewal /annual',
      '/plans /lines/0/planned',
      '/lots/:lot/stock-take /counted',
    ])
  })
})

describe('no moment of a command is earlier than the books', () => {
  test.each(times)('$name', (field) => {
    expect(verdicts(field, '2000-01-01T00:00:00+08:00')).toEqual([])
    expect(verdicts(field, '1999-12-31T16:00:00Z')).toEqual([])
    for (const early of [
      '1999-12-31T23:59:59+08:00',
      '1999-12-31T15:59:59Z',
      '1899-12-30T00:00:00Z',
      '0202-11-30T08:00:00+08:00',
    ])
      expect(verdicts(field, early)).toEqual([['before-the-books', pointerOf(field.leaf)]])
  })
})

describe('no day of a command lies where it can only be a slip', () => {
  test.each(days)('$name', (field) => {
    const code = field.name === '/lots/opening /bornOn' ? 'before-opening-stock' : 'day-out-of-range'
    expect(verdicts(field, '1990-01-01')).toEqual([])
    for (const early of ['1989-12-31', '1899-12-30', '0202-11-30'])
      expect(verdicts(field, early)).toEqual([[code, pointerOf(field.leaf)]])
    if (code === 'before-opening-stock') return
    expect(latestPaper(NOW)).toBe('2125-12-31')
    expect(verdicts(field, '2125-12-31')).toEqual([])
    for (const late of ['2126-01-01', '9999-12-31'])
      expect(verdicts(field, late)).toEqual([[code, pointerOf(field.leaf)]])
  })
})

describe('lines of one act are bounded together', () => {
  const routeOf = (path: string) => parkRoutes.find((route) => route.path === path)?.command as never
  const refusals = (path: string, command: unknown) =>
    boundsOf(routeOf(path))(command, defaultBounds, NOW).map(({ code, pointer, facts }) => [code, pointer, facts])
  const half = actMass / 2

  test('what is accepted and refused of a manifest', () => {
    const path = '/manifests/:manifest/acceptance'
    expect(
      refusals(path, {
        lines: [
          { accepted: half, refused: 0 },
          { accepted: 0, refused: half },
        ],
      }),
    ).toEqual([])
    expect(
      refusals(path, {
        lines: [
          { accepted: half, refused: 1 },
          { accepted: 0, refused: half },
        ],
      }),
    ).toEqual([['masses-above-bound', '/lines', { sum: actMass + 1, limit: actMass }]])
  })

  test('what is planned of a manifest, and what its lots are asked for', () => {
    const lots = [{ grams: half }, { grams: half }]
    expect(refusals('/manifests', { lines: [{ planned: actMass, lots }] })).toEqual([])
    expect(refusals('/manifests', { lines: [{ lots }, { lots: [{ grams: 1 }] }] })).toEqual([
      ['masses-above-bound', '/lines', { sum: actMass + 1, limit: actMass }],
    ])
  })

  test('what is picked up, what remains of a treatment, what a year plans', () => {
    expect(refusals('/manifests/:manifest/pickup', { lines: [{ shipped: actMass }, { shipped: 1 }] })).toHaveLength(1)
    expect(refusals('/treatments', { residues: [{ grams: actMass }, { grams: 1 }] })).toHaveLength(1)
    const year = heldMass(defaultBounds)
    expect(refusals('/plans', { lines: [{ planned: year }, { planned: 1 }] })).toHaveLength(1)
  })
})

describe('at the door of REST', () => {
  const unit = '91350100M000100Y43'
  const lot = {
    unit,
    waste: { stream: 'hazardous', code: '900-404-06' },
    name: '废有机溶剂',
    grams: 54_000,
    batch: 'HWCS20251204001',
    facility: 'MF0001',
    occurredAt: '2025-12-04T09:00:00+08:00',
  }
  let border: Border
  let admin: string
  beforeAll(async () => {
    border = await openBorder({ runtime: parkRuntime('2026-01-05T00:00:00.000Z') })
    admin = await border.token({ roles: ['admin'] })
    const { occurredAt } = lot
    await border.post(admin, '/units', { unit, name: '单位', roles: ['producer'], inside: true, occurredAt })
  })
  afterAll(() => border.close())

  test.each([
    [{ grams: Number.MAX_SAFE_INTEGER }, 422, 'mass-above-bound', '/grams'],
    [{ grams: actMass + 1 }, 422, 'mass-above-bound', '/grams'],
    [{ occurredAt: '1899-12-30T00:00:00+08:00' }, 422, 'before-the-books', '/occurredAt'],
    [{ occurredAt: '0001-02-01T00:00:00+08:00' }, 422, 'before-the-books', '/occurredAt'],
  ])('%j is %d', async (change, status, code, pointer) => {
    const answer = await border.post(admin, '/lots', { ...lot, ...change })
    expect(answer.statusCode).toBe(status)
    const [error] = answer.json().errors
    expect(error).toMatchObject({
      code,
      pointer,
      zh: expect.stringMatching(/\p{Script=Han}/u),
      en: expect.stringMatching(/[a-z]/),
    })
  })

  test('the bound itself is taken, and a repeat gets its first answer though the bound was lowered since', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const body = { ...lot, grams: actMass }
    const first = await border.post(admin, '/lots', body, key)
    expect(first.statusCode).toBe(201)
    const bounds = { ...defaultBounds, actMass: 1, booksFrom: '2025-12-31' }
    const stricter = await openBorder({ runtime: { ...border.runtime, bounds } })
    const token = await stricter.token({ roles: ['admin'] })
    expect((await stricter.post(token, '/lots', body, key)).json().id).toBe(first.json().id)
    expect((await stricter.post(token, '/lots', body, { 'idempotency-key': randomUUID() })).statusCode).toBe(422)
    await stricter.close()
  })
})

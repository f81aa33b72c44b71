import { describe, expect, inject, test } from 'vitest'
import { inSession } from '../../infra/postgres/sessions.ts'
import { utcMicros } from '../../infra/event-store/moment.ts'
import { businessDay, Day, daysOf, Moment, Month, MOST_SECOND_DIGITS } from './time.ts'

const digits = (count: number): string => '9'.repeat(count)

/** Edges of what the two sides take: years, offsets, digits, days that there are not, leap seconds. */
const MOMENTS = [
  ...[
    '0000',
    '0001',
    '0099',
    '0100',
    '0202',
    '1582',
    '1899',
    '1990',
    '1999',
    '9998',
    '9999',
    '10000',
    '+010000',
  ].flatMap((year) => [`${year}-01-01T00:00:00+08:00`, `${year}-06-30T12:00:00Z`, `${year}-12-31T23:59:59-08:00`]),
  ...['0001-01-02', '9999-12-30'].flatMap((day) => [`${day}T00:00:00+15:59`, `${day}T23:59:59-15:59`]),
  ...[
    '+14:00',
    '+15:59',
    '+16:00',
    '+23:59',
    '+24:00',
    '+08:60',
    '-12:00',
    '-15:59',
    '-16:00',
    '-00:00',
    '+0800',
    '+08',
    '',
  ].map((offset) => `2025-12-06T08:52:00${offset}`),
  ...[0, 1, 3, 6, 7, 9, 12, 13, 30, 200].map((count) => `2025-12-06T08:52:59.${digits(count)}+08:00`),
  ...[
    '2024-02-29',
    '2000-02-29',
    '2025-02-29',
    '1900-02-29',
    '0400-02-29',
    '2025-02-30',
    '2025-04-31',
    '2025-00-10',
    '2025-13-01',
  ].map((day) => `${day}T10:00:00+08:00`),
  ...['24:00:00', '23:59:60', '25:00:00', '08:60:00', '08:52', '08:52:00,5'].map((time) => `2025-12-06T${time}+08:00`),
  '2025-12-06 08:52:00Z',
  '2025-12-06t08:52:00z',
  '2025-12-06',
  'now',
  'infinity',
  'yesterday',
  '',
  ' 2025-12-06T08:52:00Z',
]

const DAYS = [
  '0000-01-01',
  '0001-01-01',
  '0004-02-29',
  '0100-02-29',
  '0202-11-30',
  '1899-12-30',
  '1900-02-29',
  '2000-02-29',
  '2024-02-29',
].concat([
  '2025-02-29',
  '2025-04-31',
  '9999-12-31',
  '10000-01-01',
  '2025-1-1',
  '20251206',
  'today',
  'infinity',
  '',
  '2025-12-06 ',
])

/** What PostgreSQL makes of a text, in UTC; undefined where it refuses it. */
async function asPostgres(
  texts: readonly string[],
  type: 'timestamptz' | 'date',
): Promise<readonly (string | undefined)[]> {
  const read =
    type === 'date' ? '$1::date::text' : `to_char($1::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS AD')`
  return inSession(inject('postgres'), async (client) => {
    const answers: (string | undefined)[] = []
    for (const text of texts) {
      const answer = await client.query<{ read: string }>(`select ${read} as read`, [text]).catch(() => undefined)
      answers.push(answer?.rows[0]?.read)
    }
    return answers
  })
}

describe('every door takes only what PostgreSQL and JavaScript both take, and read alike', () => {
  test('moments', async () => {
    const postgres = await asPostgres(MOMENTS, 'timestamptz')
    const taken = MOMENTS.filter((text) => Moment.safeParse(text).success)
    expect(taken.length).toBeGreaterThan(20)
    for (const text of taken) {
      const instant = new Date(Date.parse(text)).toISOString()
      // PostgreSQL rounds what is finer than it keeps: the tests with nines go over into the next second there.
      const fine = /\.\d{7,}/.test(text)
      const second = new Date(Date.parse(text) + (fine ? 1 : 0)).toISOString().slice(0, 19)
      expect([text, postgres[MOMENTS.indexOf(text)]]).toEqual([text, `${second} AD`])
      expect(instant, text).toMatch(/^\d{4}-/)
      expect([text, Day.safeParse(businessDay(text)).success]).toEqual([text, true])
      expect(utcMicros(text), text).toMatch(/^\d{4}-.*Z$/)
    }
  })

  test('and what is refused of them is refused by one of the two, or is a text that RFC 3339 does not write so, or lies at the edge of years', async () => {
    const postgres = await asPostgres(MOMENTS, 'timestamptz')
    const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/
    const refused = MOMENTS.filter((text, at) => {
      const both = postgres[at] !== undefined && !Number.isNaN(Date.parse(text)) && rfc3339.test(text)
      return both && !Moment.safeParse(text).success
    })
    expect(refused).toEqual([
      '0001-01-01T00:00:00+08:00',
      '9999-12-31T23:59:59-08:00',
      ...[13, 30].map((count) => `2025-12-06T08:52:59.${digits(count)}+08:00`),
      '2025-12-06T24:00:00+08:00',
    ])
    expect(MOST_SECOND_DIGITS).toBe(12)
  })

  test('days', async () => {
    const postgres = await asPostgres(DAYS, 'date')
    for (const [at, text] of DAYS.entries()) {
      const instant = Date.parse(text)
      const alike =
        postgres[at] === text && !Number.isNaN(instant) && new Date(instant).toISOString().slice(0, 10) === text
      expect([text, Day.safeParse(text).success]).toEqual([text, alike])
    }
  })
})

test('a month is one of the calendar, with its first and last day', () => {
  expect(
    ['0000-01', '2025-00', '2025-13', '2025-1', '10000-01'].filter((month) => Month.safeParse(month).success),
  ).toEqual([])
  expect(daysOf('2024-02')).toEqual({ from: '2024-02-01', to: '2024-02-29' })
  expect(daysOf('0001-02')).toEqual({ from: '0001-02-01', to: '0001-02-28' })
  expect(daysOf('0096-02')).toEqual({ from: '0096-02-01', to: '0096-02-29' })
  expect(daysOf('9999-12')).toEqual({ from: '9999-12-01', to: '9999-12-31' })
})

import fc from 'fast-check'

/** A body as it goes over the wire, and whether it is wrong for certain; what is only odd may be taken or refused. */
export interface Sent {
  readonly about: string
  readonly text: string
  readonly malformed: boolean
}

type Path = readonly (string | number)[]

/** Every place in a value, leaves and branches alike, without the root. */
export function places(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...at, Array.isArray(value) ? Number(key) : key]
    return [path, ...places(inner, path)]
  })
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value)

function replaced(value: unknown, [key, ...rest]: Path, make: (old: unknown) => unknown): unknown {
  if (key === undefined) return make(value)
  if (Array.isArray(value)) return value.map((inner, index) => (index === key ? replaced(inner, rest, make) : inner))
  const object = value as Record<string, unknown>
  return { ...object, [key]: replaced(object[key as string], rest, make) }
}

function without(value: unknown, path: Path): unknown {
  const parent = path.slice(0, -1)
  const last = path.at(-1)
  return replaced(value, parent, (inner) =>
    Array.isArray(inner)
      ? inner.filter((_, index) => index !== last)
      : Object.fromEntries(Object.entries(inner as object).filter(([key]) => key !== last)),
  )
}

// Stands in the JSON where text goes that no serializer would write.
const MARK = '"\u2063here\u2063"'
const marked = (value: unknown, path: Path, text: string): string =>
  JSON.stringify(replaced(value, path, () => MARK.slice(1, -1))).replace(MARK, () => text)

/** Where nothing stands in the place of a list's only element, the list is empty, which is JSON like any other. */
function aloneInList(value: unknown, path: Path): boolean {
  const list = at(value, path.slice(0, -1))
  return Array.isArray(list) && list.length === 1
}

const otherType = (old: unknown): fc.Arbitrary<unknown> =>
  fc.constantFrom<unknown>(null, true, 1.5, 'text', [], {}, [[]], { a: 1 }).filter((value) => kind(value) !== kind(old))
const kind = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value)

const RAW = [
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993',
  '1.00000000000000001',
  '"\\u0000"',
  '"a\\ud800"',
  '"\\udc00"',
  'NaN',
  'Infinity',
  '01',
  '.5',
  "'x'",
  '{"__proto__":1}',
  '{"constructor":{}}',
  '{"a":1,"a":1}',
  `${'['.repeat(50)}${']'.repeat(50)}`,
  'undefined',
  '',
  '//',
]
const NUMBERS = [-1, 0, -54_000, 0.5, 1e21, Number.MAX_SAFE_INTEGER + 1, -0.0001]
const STRINGS = [
  '',
  ' ',
  'x'.repeat(10_000),
  '2025-02-30',
  '2025-02-30T10:00:00+08:00',
  '2025-13-01T00:00:00Z',
  '0000-00-00',
  '９００－４０４－０６',
  '900-404-99',
  '91350100M000100Y44',
  '\u202e',
  "'; drop table event; --",
  '<script>',
  '../../etc/passwd',
  '${7*7}',
  '🗑️',
  'null',
]

/** The body with one thing wrong with it. */
export function mutated(body: object): fc.Arbitrary<Sent> {
  const all = places(body)
  const whole = fc
    .constantFrom(
      '',
      '{',
      '[]',
      'null',
      '1',
      '"x"',
      'true',
      '{}{}',
      `${JSON.stringify(body)},`,
      `\u0000${JSON.stringify(body)}`,
      '['.repeat(50_000),
    )
    .map((text) => ({ about: 'the whole body', text, malformed: true }))
  if (all.length === 0) return whole
  const place = fc.constantFrom(...all)
  const odd = (about: string, value: unknown): Sent => ({ about, text: JSON.stringify(value), malformed: false })
  return fc.oneof(
    { weight: 1, arbitrary: whole },
    {
      weight: 4,
      arbitrary: place.chain((path) =>
        fc.constantFrom(...RAW).map((raw) => ({
          about: `${raw.slice(0, 30)} at /${path.join('/')}`,
          text: marked(body, path, raw),
          malformed: raw !== '' || !aloneInList(body, path),
        })),
      ),
    },
    {
      weight: 4,
      arbitrary: place.chain((path) =>
        otherType(at(body, path)).map((value) =>
          odd(
            `another type at /${path.join('/')}`,
            replaced(body, path, () => value),
          ),
        ),
      ),
    },
    { weight: 3, arbitrary: place.map((path) => odd(`nothing at /${path.join('/')}`, without(body, path))) },
    {
      weight: 3,
      arbitrary: place.chain((path) =>
        fc.constantFrom(...NUMBERS).map((value) =>
          odd(
            `${value} at /${path.join('/')}`,
            replaced(body, path, () => value),
          ),
        ),
      ),
    },
    {
      weight: 4,
      arbitrary: place.chain((path) =>
        fc.constantFrom(...STRINGS).map((value) =>
          odd(
            `${value.slice(0, 30)} at /${path.join('/')}`,
            replaced(body, path, () => value),
          ),
        ),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.string({ minLength: 1 }).map((field) => odd('an unknown field', { ...body, [`x${field}`]: 1 })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...all.filter(([key]) => typeof key === 'string')).map(([key]) => ({
        about: `${key} twice`,
        text: JSON.stringify(body).replace(/\}$/, `,${JSON.stringify(key)}:1}`),
        malformed: true,
      })),
    },
    { weight: 4, arbitrary: fc.constant(odd('nothing wrong', body)) },
  )
}

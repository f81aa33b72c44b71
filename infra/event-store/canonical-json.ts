/** Texts that JSON writes as they are, between quotes: most of ours. */
const PLAIN = /^[ !#-[\]-~]*$/
/** Up to here sorting by insertion is the quickest; objects are rarely larger. */
const FEW = 24

/**
 * Canonical JSON (RFC 8785): members in the order of their names' UTF-16 units, numbers and texts as JSON.stringify writes them. What JSON
 * leaves out, undefined and functions, is left out.
 * @returns undefined for a value that is no JSON by itself.
 * @throws TypeError for NaN, Infinity and bigint; RangeError for cycles.
 */
export function canonicalJson(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return textOf(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`JSON knows no ${value}`)
      return String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      throw new TypeError('JSON knows no bigint')
    case 'object':
      if (value === null) return 'null'
      if ('toJSON' in value && typeof value.toJSON === 'function') return canonicalJson(value.toJSON())
      return Array.isArray(value) ? listOf(value) : membersOf(value as Readonly<Record<string, unknown>>)
    default:
      return undefined
  }
}

function listOf(values: readonly unknown[]): string {
  let json = '['
  for (let i = 0; i < values.length; i++) json += (i === 0 ? '' : ',') + (canonicalJson(values[i]) ?? 'null')
  return `${json}]`
}

function membersOf(object: Readonly<Record<string, unknown>>): string {
  let json = ''
  for (const name of sorted(Object.keys(object))) {
    const value = canonicalJson(object[name])
    if (value !== undefined) json += (json === '' ? '' : ',') + textOf(name) + ':' + value
  }
  return `{${json}}`
}

const textOf = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text))

function sorted(names: string[]): readonly string[] {
  if (names.length > FEW) return names.sort()
  for (let i = 1; i < names.length; i++) {
    const name = names[i] as string
    let at = i
    for (; at > 0 && (names[at - 1] as string) > name; at--) names[at] = names[at - 1] as string
    names[at] = name
  }
  return names
}

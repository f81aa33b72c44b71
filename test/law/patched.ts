type Fields = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isPlain = (value: unknown): value is Fields => isObject(value) && !Array.isArray(value) && !(value instanceof Map)

/** A value with the changes of a case: objects field by field, lists by index, `*` for every entry, null removes, all else replaces. */
export function patched(value: unknown, changes: unknown): unknown {
  if (changes === undefined) return value
  if (!isPlain(changes)) return changes
  if (value instanceof Map) return new Map(Object.entries(fields(Object.fromEntries(value) as Fields, changes)))
  if (Array.isArray(value)) return Object.values(fields({ ...(value as unknown[]) }, changes))
  return fields(isObject(value) ? value : {}, changes)
}

function fields(value: Fields, { '*': every, ...changes }: Fields): Fields {
  const all = every === undefined ? {} : Object.fromEntries(Object.keys(value).map((key) => [key, every]))
  const result: Record<string, unknown> = { ...value }
  for (const [key, change] of Object.entries({ ...all, ...changes })) {
    if (change === null) delete result[key]
    else result[key] = patched(value[key], change)
  }
  return result
}

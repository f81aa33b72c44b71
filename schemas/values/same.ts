type Plain = Readonly<Record<string, unknown>>
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)
const said = (value: Plain): readonly string[] => Object.keys(value).filter((key) => value[key] !== undefined)

/** Whether two pieces of plain data say the same; of a sealed person only the id counts, because it may be sealed anew each time. */
export function sameContent(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => sameContent(item, b[i]))
  if (!isPlain(a) || !isPlain(b)) return a === b
  if ('sealed' in a && 'sealed' in b) return a['id'] === b['id']
  const keys = said(a)
  return keys.length === said(b).length && keys.every((key) => sameContent(a[key], b[key]))
}

const MASK = '***'
const PHONE = /phone$/i

const isSealed = (value: object): value is { readonly id: unknown; readonly sealed: unknown } =>
  'sealed' in value && 'id' in value

/** Data of an event as readers may see it: a sealed person is shown by the opaque id alone, a phone not at all. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value !== 'object' || value === null) return value
  if (isSealed(value)) return { id: value.id, name: MASK }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, PHONE.test(key) ? MASK : masked(inner)]))
}

const [TEXT, UUID, INT2, INT4, INT8] = [25, 2950, 21, 23, 20]
const HEADER = 20

/**
 * One-dimensional arrays as PostgreSQL itself sends them (array_send): nothing to quote here, nothing to parse there. As text a batch of
 * bodies costs both sides more than the rest of their work on it.
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  let size = HEADER
  for (const value of values) size += 4 + (value === null ? 0 : Buffer.byteLength(value))
  const array = opened(TEXT, values.length, size, values.includes(null))
  let at = HEADER
  for (const value of values) {
    const length = value === null ? -1 : array.write(value, at + 4)
    at = array.writeInt32BE(length, at) + Math.max(0, length)
  }
  return array
}

export function uuidArray(values: readonly string[]): Buffer {
  const array = opened(UUID, values.length, HEADER + 20 * values.length)
  let at = HEADER
  for (const value of values) {
    at = array.writeInt32BE(16, at)
    at += array.write(value.replaceAll('-', ''), at, 'hex')
  }
  return array
}

export function int2Array(values: readonly number[]): Buffer {
  const array = opened(INT2, values.length, HEADER + 6 * values.length)
  let at = HEADER
  for (const value of values) at = array.writeInt16BE(value, array.writeInt32BE(2, at))
  return array
}

export function int4Array(values: readonly number[]): Buffer {
  const array = opened(INT4, values.length, HEADER + 8 * values.length)
  let at = HEADER
  for (const value of values) at = array.writeInt32BE(value, array.writeInt32BE(4, at))
  return array
}

/** Integers up to 2^53. */
export function int8Array(values: readonly (number | null)[]): Buffer {
  const array = opened(INT8, values.length, HEADER + 12 * values.length, values.includes(null))
  let at = HEADER
  for (const value of values) {
    at = array.writeInt32BE(value === null ? -1 : 8, at)
    if (value === null) continue
    at = array.writeInt32BE(Math.floor(value / 2 ** 32), at)
    at = array.writeUInt32BE(value % 2 ** 32, at)
  }
  return array.subarray(0, at)
}

/** Dimensions, whether it holds nulls, type of its elements, their number, and the subscript of the first. */
function opened(type: number, length: number, size: number, nulls = false): Buffer {
  const array = Buffer.allocUnsafe(size)
  array.writeInt32BE(1, 0)
  array.writeInt32BE(nulls ? 1 : 0, 4)
  array.writeInt32BE(type, 8)
  array.writeInt32BE(length, 12)
  array.writeInt32BE(1, 16)
  return array
}

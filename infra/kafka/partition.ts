const M = 0x5bd1e995
const SEED = 0x9747b28c

/** Murmur2 as Kafka's own clients have it, 32 bits with sign. */
export function murmur2(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.length & ~3
  let hash = SEED ^ bytes.length
  for (let i = 0; i < whole; i += 4) {
    let k = Math.imul(view.getInt32(i, true), M)
    k = Math.imul(k ^ (k >>> 24), M)
    hash = Math.imul(hash, M) ^ k
  }
  const rest = bytes.length - whole
  if (rest === 3) hash ^= view.getUint8(whole + 2) << 16
  if (rest >= 2) hash ^= view.getUint8(whole + 1) << 8
  if (rest >= 1) hash = Math.imul(hash ^ view.getUint8(whole), M)
  hash = Math.imul(hash ^ (hash >>> 13), M)
  return hash ^ (hash >>> 15)
}

/**
 * Partition of a key, as the Java client would choose it, so that programs of others that write to the same topic keep the order of a key too.
 * We name it ourselves, because our two clients do not agree by default.
 */
export const partitionOf = (key: string, partitions: number): number =>
  (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions

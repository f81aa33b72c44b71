/**
 * From names to row ordinals in 12 bytes a slot, however long the names are: an open-addressed table of hashes. Two names with one
 * hash are told apart by `bears`, which looks the row up, so the answer is exact. The first row of a name keeps it.
 */
export class KeyIndex {
  #hashes = new Float64Array(1024)
  #ordinals = new Int32Array(1024)
  #size = 0
  readonly #bears: (ordinal: number, name: string) => boolean

  /** @param bears whether the row of that ordinal bears that name. */
  constructor(bears: (ordinal: number, name: string) => boolean) {
    this.#bears = bears
  }

  find(name: string): number | undefined {
    const slot = this.#slotOf(name)
    return slot < 0 ? undefined : this.#ordinals[slot]
  }

  /** Gives a name that is known to another row. */
  replace(name: string, ordinal: number): void {
    const slot = this.#slotOf(name)
    if (slot >= 0) this.#ordinals[slot] = ordinal
  }

  /** Answers the row that bore the name before, if one did; then nothing changes. */
  add(name: string, ordinal: number): number | undefined {
    const known = this.find(name)
    if (known !== undefined) return known
    if ((this.#size + 1) * 2 > this.#hashes.length) this.#grow()
    this.#put(hashOf(name), ordinal)
    this.#size++
    return undefined
  }

  #slotOf(name: string): number {
    const hash = hashOf(name)
    for (let slot = this.#home(hash); ; slot = (slot + 1) & (this.#hashes.length - 1)) {
      const there = this.#hashes[slot]
      if (there === 0) return -1
      if (there === hash && this.#bears(this.#ordinals[slot] as number, name)) return slot
    }
  }

  #home(hash: number): number {
    return (hash % 4294967296) & (this.#hashes.length - 1)
  }

  #put(hash: number, ordinal: number): void {
    let slot = this.#home(hash)
    while (this.#hashes[slot] !== 0) slot = (slot + 1) & (this.#hashes.length - 1)
    this.#hashes[slot] = hash
    this.#ordinals[slot] = ordinal
  }

  #grow(): void {
    const [hashes, ordinals] = [this.#hashes, this.#ordinals]
    this.#hashes = new Float64Array(hashes.length * 2)
    this.#ordinals = new Int32Array(hashes.length * 2)
    for (let slot = 0; slot < hashes.length; slot++)
      if (hashes[slot] !== 0) this.#put(hashes[slot] as number, ordinals[slot] as number)
  }
}

/** 53 bits out of two rounds of FNV-1a with different seeds; never 0, which marks an empty slot. */
function hashOf(name: string): number {
  let low = 0x811c9dc5
  let high = 0x9747b28c
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x5bd1e995)
    high ^= high >>> 15
  }
  // Codes that count up differ in their last letters only: without this they would stand in one row of slots.
  low = Math.imul(low ^ (low >>> 16), 0x45d9f3b)
  low ^= low >>> 15
  return ((high >>> 0) & 0x1fffff) * 4294967296 + (low >>> 0) || 1
}

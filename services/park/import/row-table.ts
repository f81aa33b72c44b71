import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../../infra/process/temporary-folder.ts'

export type Fate = 'pending' | 'accepted' | 'unchanged' | 'refused' | 'held'
const FATES: readonly Fate[] = ['pending', 'accepted', 'unchanged', 'refused', 'held']

const BUFFER = 1 << 20
// Rows read last: one row is looked at several times around its turn.
const RECENT = 4_096

/**
 * All rows of an import in about 40 bytes each: where their cells lie in a file beside the database, when they happened, what became
 * of them. The cells themselves are read back when their turn comes, so memory does not grow with the books.
 */
export class RowTable {
  size = 0
  #book = new Uint8Array(1024)
  #row = new Uint32Array(1024)
  #time = new Float64Array(1024)
  #offset = new Float64Array(1024)
  #length = new Uint32Array(1024)
  #fate = new Uint8Array(1024)
  #cause = new Int32Array(1024)

  readonly #recent = new Int32Array(RECENT).fill(-1)
  readonly #recentCells: (readonly string[])[] = []

  readonly #folder = temporaryFolder('import')
  readonly #file = openSync(join(this.#folder.path, 'rows'), 'w+')
  #pending: Buffer = Buffer.allocUnsafe(BUFFER)
  #filled = 0
  #written = 0

  /** Takes in a row; answers its ordinal, which counts from 0 over all books in the order of reading. */
  add(book: number, row: number, time: number, cells: readonly string[]): number {
    if (this.size === this.#book.length) this.#grow()
    const ordinal = this.size++
    this.#book[ordinal] = book
    this.#row[ordinal] = row
    this.#time[ordinal] = time
    this.#cause[ordinal] = -1
    const bytes = Buffer.from(JSON.stringify(cells))
    if (this.#filled + bytes.length > this.#pending.length) this.#flush(bytes.length)
    this.#offset[ordinal] = this.#written + this.#filled
    this.#length[ordinal] = bytes.length
    bytes.copy(this.#pending, this.#filled)
    this.#filled += bytes.length
    return ordinal
  }

  /** The cells of a row, in the order of its book's columns; a column that the file lacks is empty. */
  cells(ordinal: number): readonly string[] {
    const slot = ordinal % RECENT
    if (this.#recent[slot] === ordinal) return this.#recentCells[slot] as readonly string[]
    const cells = this.#read(ordinal)
    this.#recent[slot] = ordinal
    this.#recentCells[slot] = cells
    return cells
  }

  #read(ordinal: number): readonly string[] {
    const length = this.#length[ordinal] as number
    const offset = this.#offset[ordinal] as number
    if (offset >= this.#written)
      return JSON.parse(
        this.#pending.toString('utf8', offset - this.#written, offset - this.#written + length),
      ) as string[]
    const bytes = Buffer.allocUnsafe(length)
    readSync(this.#file, bytes, 0, length, offset)
    return JSON.parse(bytes.toString('utf8')) as string[]
  }

  book = (ordinal: number): number => this.#book[ordinal] as number
  row = (ordinal: number): number => this.#row[ordinal] as number
  time = (ordinal: number): number => this.#time[ordinal] as number
  fate = (ordinal: number): Fate => FATES[this.#fate[ordinal] as number] as Fate
  decide(ordinal: number, fate: Fate): void {
    this.#fate[ordinal] = FATES.indexOf(fate)
  }

  /** Whether a row was not taken: what rests on it cannot be taken either. */
  failed = (ordinal: number): boolean => (this.#fate[ordinal] as number) > FATES.indexOf('unchanged')
  /** The row because of which this one failed: itself where it failed by its own content. */
  cause = (ordinal: number): number =>
    (this.#cause[ordinal] as number) < 0 ? ordinal : (this.#cause[ordinal] as number)
  blame(ordinal: number, other: number): void {
    this.#cause[ordinal] = this.cause(other)
  }

  /** Ordinals in the order of business time; rows of one moment in the order of the books, then of their file. */
  order(): Uint32Array {
    const { size } = this
    return Uint32Array.from({ length: size }, (_, ordinal) => ordinal).sort(
      (a, b) => this.time(a) - this.time(b) || this.book(a) - this.book(b) || a - b,
    )
  }

  close(): void {
    ftruncateSync(this.#file)
    closeSync(this.#file)
    this.#folder.remove()
  }

  #flush(need: number): void {
    writeSync(this.#file, this.#pending, 0, this.#filled, this.#written)
    this.#written += this.#filled
    this.#filled = 0
    if (need > this.#pending.length) this.#pending = Buffer.allocUnsafe(need)
  }

  #grow(): void {
    const bigger = <T extends Uint8Array | Uint32Array | Int32Array | Float64Array>(old: T): T => {
      const grown = new (old.constructor as new (length: number) => T)(old.length * 2)
      grown.set(old)
      return grown
    }
    this.#book = bigger(this.#book)
    this.#row = bigger(this.#row)
    this.#time = bigger(this.#time)
    this.#offset = bigger(this.#offset)
    this.#length = bigger(this.#length)
    this.#fate = bigger(this.#fate)
    this.#cause = bigger(this.#cause)
  }
}

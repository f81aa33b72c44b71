import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { temporaryFolder } from '../../infra/process/temporary-folder.ts'

/** Place of a value in the file: byte offset and length, packed into one safe integer. */
export type SpillPlace = number

/** A temporary file of values that a computation keeps and hardly ever reads again. Gone with the process. */
export interface SpillFile {
  write(value: unknown): SpillPlace
  read(place: SpillPlace): unknown
  close(): void
}

// 2^31 slots of 256 bytes are 512 GB; a value takes at most 2^22 slots, 1 GB.
const SLOT = 256
const LENGTHS = 2 ** 22
// Writes are gathered: a system call costs more than copying a few hundred bytes.
const BUFFER = 1024 * 1024

/** The file is made with the first value. */
export function openSpillFile(): SpillFile {
  const buffer = Buffer.allocUnsafe(BUFFER)
  let file: number | undefined
  let folder: { remove(): void } | undefined
  let [flushed, filled] = [0, 0]

  function opened(): number {
    if (file !== undefined) return file
    const made = temporaryFolder('spill')
    folder = made
    return (file = openSync(join(made.path, 'rows'), 'w+'))
  }

  function flush(): void {
    for (let at = 0; at < filled; ) at += writeSync(opened(), buffer, at, filled - at, flushed + at)
    flushed += filled
    filled = 0
  }

  return {
    write(value) {
      const bytes = serialize(value)
      const slots = Math.ceil(bytes.length / SLOT)
      if (filled + slots * SLOT > BUFFER) flush()
      const at = flushed + filled
      if (slots * SLOT > BUFFER) {
        for (let done = 0; done < bytes.length; )
          done += writeSync(opened(), bytes, done, bytes.length - done, at + done)
        flushed += slots * SLOT
      } else {
        bytes.copy(buffer, filled)
        filled += slots * SLOT
      }
      return (at / SLOT) * LENGTHS + slots
    },
    read(place) {
      const at = Math.floor(place / LENGTHS) * SLOT
      const length = (place % LENGTHS) * SLOT
      if (at >= flushed) return deserialize(buffer.subarray(at - flushed, at - flushed + length))
      const bytes = Buffer.alloc(length)
      for (let done = 0; done < length; ) {
        const read = readSync(opened(), bytes, done, length - done, at + done)
        // The last value may end before its slots do.
        if (read === 0) break
        done += read
      }
      return deserialize(bytes)
    },
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
      folder?.remove()
    },
  }
}

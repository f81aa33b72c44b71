/**
 * What a process has to undo before it ends: stop servers that it started, remove folders and marks that it made. Each part enters its own
 * when it makes something, so that an end from anywhere, a failed start included, undoes all of it.
 */
const undoings: (() => Promise<void> | void)[] = []
let undoing: Promise<void> | undefined

/** Enters something to undo; the answer takes it off the list again. */
export function atEnd(undo: () => Promise<void> | void): () => void {
  undoings.push(undo)
  return () => {
    const at = undoings.lastIndexOf(undo)
    if (at >= 0) undoings.splice(at, 1)
  }
}

/** Undoes everything, the newest first; a part that fails does not keep the others from it. */
export function undoAll(): Promise<void> {
  undoing ??= (async () => {
    for (let undo = undoings.pop(); undo; undo = undoings.pop()) {
      try {
        await undo()
      } catch (fault) {
        process.stderr.write(`${fault instanceof Error ? fault.message : String(fault)}\n`)
      }
    }
  })().finally(() => {
    undoing = undefined
  })
  return undoing
}

/** Whether this process is on its way out: what still fails then is no news. */
let leaving = false
export const isEnding = (): boolean => leaving

/** Ends this process; who asks for that a second time waits for the first. */
export async function end(code: number): Promise<never> {
  if (leaving) return new Promise(() => undefined)
  leaving = true
  await undoAll()
  process.exit(code)
}

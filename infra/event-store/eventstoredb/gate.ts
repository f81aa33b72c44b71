/** Lets so many through at once; the others wait in their order. Who entered leaves again, whatever comes of it. */
export interface Gate {
  /** Something to wait for where it is crowded. */
  enter(): Promise<void> | undefined
  leave(): void
}

export function openGate(width: number): Gate {
  const waiting: (() => void)[] = []
  let open = 0
  return {
    enter() {
      if (open < width) {
        open++
        return undefined
      }
      return new Promise<void>((resolve) => waiting.push(resolve))
    },
    leave() {
      // The place is handed on, so that nobody who comes later takes it first.
      const next = waiting.shift()
      if (next) next()
      else open--
    },
  }
}

/** Runs what shares a key one after another, in the order of asking, and everything else side by side. */
export function openTurns(): <T>(first: string, second: string, run: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()

  async function runAfter<T>(
    before: Promise<unknown> | undefined,
    also: Promise<unknown> | undefined,
    run: () => Promise<T>,
  ): Promise<T> {
    await Promise.allSettled([before, also])
    return run()
  }

  async function forget(first: string, second: string, mine: Promise<unknown>): Promise<void> {
    await mine.catch(() => undefined)
    if (last.get(first) === mine) last.delete(first)
    if (last.get(second) === mine) last.delete(second)
  }

  return (first, second, run) => {
    const [before, also] = [last.get(first), last.get(second)]
    const mine = before || also ? runAfter(before, also, run) : run()
    last.set(first, mine)
    last.set(second, mine)
    void forget(first, second, mine)
    return mine
  }
}

/** Lets so many calls through at once; the others wait in their order. */
export function openGate(width: number): <T>(call: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let open = 0
  return async (call) => {
    if (open >= width) await new Promise<void>((resolve) => waiting.push(resolve))
    else open++
    try {
      return await call()
    } finally {
      // The place is handed on, so that nobody who comes later takes it first.
      const next = waiting.shift()
      if (next) next()
      else open--
    }
  }
}

/** Runs what shares a key one after another, in the order of asking, and everything else side by side. */
export function openTurns(): <T>(keys: readonly string[], run: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (keys, run) => {
    const before = keys.flatMap((key) => last.get(key) ?? [])
    const mine = before.length === 0 ? run() : Promise.allSettled(before).then(run)
    for (const key of keys) last.set(key, mine)
    const leave = (): void => {
      for (const key of keys) if (last.get(key) === mine) last.delete(key)
    }
    mine.then(leave, leave)
    return mine
  }
}

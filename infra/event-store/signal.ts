/** Says that something changed. Who reads first and then waits with the count from before the reading misses nothing. */
export interface Signal {
  readonly count: number
  raise(): void
  /** Settles once the count is no longer `seen`, or after `milliseconds`. */
  changed(seen: number, milliseconds: number): Promise<void>
}

export function openSignal(): Signal {
  let count = 0
  const waiting = new Set<() => void>()
  return {
    get count() {
      return count
    },
    raise() {
      count++
      // A waiter takes itself out while it is woken, and a Set stands that.
      for (const wake of waiting) wake()
    },
    changed(seen, milliseconds) {
      if (count !== seen) return Promise.resolve()
      return new Promise((done) => {
        const wake = (): void => {
          clearTimeout(timer)
          waiting.delete(wake)
          done()
        }
        const timer = Number.isFinite(milliseconds) ? setTimeout(wake, milliseconds) : undefined
        waiting.add(wake)
      })
    },
  }
}

/** Collects what is said in one turn of the event loop and sends it as one message: a message costs more than what it holds. */
export function outbox<T>(send: (all: readonly T[]) => void): (one: T) => void {
  let waiting: T[] = []
  return (one) => {
    if (waiting.push(one) > 1) return
    setImmediate(() => {
      const all = waiting
      waiting = []
      send(all)
    })
  }
}

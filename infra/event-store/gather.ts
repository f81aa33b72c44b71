/** How many calls travel together, and how many such groups may be under way at once. */
export interface GatherLimits {
  readonly calls: number
  readonly underWay: number
}

interface Call<A, R> {
  readonly asked: A
  resolve(result: R): void
  reject(fault: unknown): void
}

/**
 * One call out of many: what is asked in one turn of the event loop, and what is asked while earlier groups are under way, is sent as one group.
 * A group leaves after each of its calls was made, so a call sees everything that was written before it. No timer: a lone call leaves in the turn
 * in which it was made. `send` answers one result for each call, in their order; where it throws, every call of the group fails.
 */
export function gatherCalls<A, R>(
  send: (asked: readonly A[]) => Promise<readonly R[]>,
  { calls, underWay }: GatherLimits,
): (asked: A) => Promise<R> {
  const waiting: Call<A, R>[] = []
  let groups = 0
  let planned = false

  function plan(): void {
    if (planned || waiting.length === 0 || groups >= underWay) return
    planned = true
    setImmediate(() => {
      planned = false
      while (waiting.length > 0 && groups < underWay) {
        const group = waiting.splice(0, calls)
        void travel(group)
      }
    })
  }

  async function travel(group: readonly Call<A, R>[]): Promise<void> {
    groups++
    try {
      const results = await send(group.map(({ asked }) => asked))
      for (const [index, call] of group.entries()) call.resolve(results[index] as R)
    } catch (fault) {
      for (const call of group) call.reject(fault)
    }
    groups--
    plan()
  }

  return (asked) =>
    new Promise((resolve, reject) => {
      waiting.push({ asked, resolve, reject })
      plan()
    })
}

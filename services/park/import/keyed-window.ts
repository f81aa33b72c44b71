/**
 * Runs tasks concurrently, at most `width` open at a time, such that tasks which share a key run strictly one after another in the
 * order in which they were handed in. A task waits only for earlier ones, so there is no circle to be stuck in.
 */
export class KeyedWindow {
  readonly #tails = new Map<string, Promise<void>>()
  readonly #waiting: (() => void)[] = []
  readonly #width: number
  #open = 0
  #fault: { readonly error: unknown } | undefined

  constructor(width: number) {
    this.#width = width
  }

  /** Settles when there was room for the task and it stands in line; not when it is done. @throws what an earlier task threw. */
  async enter(keys: readonly string[], task: () => Promise<void>): Promise<void> {
    while (this.#open >= this.#width) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#rethrow()
    this.#open++
    const before = keys.flatMap((key) => this.#tails.get(key) ?? [])
    const run = before.length === 0 ? this.#run(task) : Promise.all(before).then(() => this.#run(task))
    const done = run.finally(() => {
      for (const key of keys) if (this.#tails.get(key) === done) this.#tails.delete(key)
      this.#open--
      this.#waiting.shift()?.()
    })
    for (const key of keys) this.#tails.set(key, done)
  }

  /** Settles when everything handed in so far is done. @throws what a task threw. */
  async drained(): Promise<void> {
    while (this.#open > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#rethrow()
  }

  // A fault (the store is gone) stops the import; tasks behind it are skipped, never half done in the wrong order.
  async #run(task: () => Promise<void>): Promise<void> {
    if (this.#fault) return
    try {
      await task()
    } catch (error) {
      this.#fault ??= { error }
    }
  }

  #rethrow(): void {
    if (this.#fault) throw this.#fault.error
  }
}

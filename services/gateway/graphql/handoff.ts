/** One value at a time from a producer to a consumer: `put` settles when the value was taken, or when nobody takes any more. */
export interface Handoff<T> {
  put(value: T): Promise<void>
  /** The next value, undefined after `close`. */
  take(): Promise<T | undefined>
  close(): void
}

export function openHandoff<T>(): Handoff<T> {
  let closed = false
  let offered: { readonly value: T; readonly taken: () => void } | undefined
  let wake: (() => void) | undefined
  return {
    put: (value) =>
      closed
        ? Promise.resolve()
        : new Promise((taken) => {
            offered = { value, taken }
            wake?.()
          }),
    async take() {
      while (!offered && !closed) await new Promise<void>((resolve) => (wake = resolve))
      wake = undefined
      const { value, taken } = offered ?? {}
      offered = undefined
      taken?.()
      return value
    },
    close() {
      closed = true
      offered?.taken()
      wake?.()
    },
  }
}

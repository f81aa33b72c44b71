/**
 * Ends the process in an orderly way on SIGINT and SIGTERM: `close` finishes what is under way. A second signal ends it at once, because
 * whoever sends it has waited long enough; nothing is lost by that which kill -9 would not lose either.
 */
export function closeOnSignals(close: () => Promise<void>, onFault: (fault: unknown) => void): void {
  let closing = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing) process.exit(1)
      closing = true
      close().then(
        () => process.exit(0),
        (fault: unknown) => {
          onFault(fault)
          process.exit(1)
        },
      )
    })
  }
}

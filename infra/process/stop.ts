import { npmScript } from '../configuration/npm-script.ts'
import { end } from './at-end.ts'

/** Signals that ask a process to end, with their numbers. SIGHUP: the terminal went, or npm was ended with it. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const
export type StopSignal = keyof typeof SIGNALS

/** What a shell answers for a process that a signal ended. */
export const codeOf = (signal: StopSignal): number => 128 + SIGNALS[signal]

const PARENT_MS = 500
/** One Ctrl-C comes twice: from the terminal, and once more from npm, which has got it, too (seen with npm 11.19). */
const SAME_MS = 2_000

/**
 * Calls `stop` once when this process is asked to end; another signal, two seconds or more later, ends it at once, because whoever sends it has waited long
 * enough: nothing is lost by that which kill -9 would not lose either, and what it started is ended by its watcher (`end-with-us.ts`).
 *
 * npm hands SIGINT and SIGTERM on to what it runs, but ends by SIGHUP or SIGKILL without a word (measured with npm 11.19). So a process that npm
 * started also looks whether that parent is there.
 */
export function onStop(stop: (signal: StopSignal) => void): void {
  let first: number | undefined
  const asked = (signal: StopSignal): void => {
    if (first === undefined) {
      first = performance.now()
      stop(signal)
    } else if (performance.now() - first > SAME_MS) process.exit(1)
  }
  for (const signal of Object.keys(SIGNALS) as StopSignal[]) process.on(signal, () => asked(signal))
  if (npmScript() === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    if (first === undefined) asked('SIGHUP')
  }, PARENT_MS)
  timer.unref()
}

/** Ends the process in an orderly way when it is asked to: `close` finishes what is under way, then everything that was started is ended. */
export function closeOnSignals(close: () => Promise<void>, onFault: (fault: unknown) => void): void {
  onStop(() => {
    close().then(
      () => end(0),
      (fault: unknown) => {
        onFault(fault)
        return end(1)
      },
    )
  })
}

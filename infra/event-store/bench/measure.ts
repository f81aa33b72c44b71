/** Runs the sides of a comparison in turns, so that whatever else the machine does hits all of them; answers each side's rates. */
export async function interleaved<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<number>>>,
): Promise<Readonly<Record<Side, readonly number[]>>> {
  const names = Object.keys(sides) as Side[]
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>
  // Turns go forth and back: none of the sides always follows the same other.
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) rates[name].push(await sides[name]())
  }
  return rates
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

/** Median of the ratios of the rounds. */
export const ratioOf = (side: readonly number[], peer: readonly number[]): number =>
  median(side.map((rate, round) => rate / (peer[round] ?? Number.NaN)))

/** Calls per second of `open` callers who each wait for their answer before they ask again. */
export async function closedLoop(open: number, milliseconds: number, call: () => Promise<unknown>): Promise<number> {
  let calls = 0
  const start = performance.now()
  await Promise.all(
    Array.from({ length: open }, async () => {
      while (performance.now() - start < milliseconds) {
        await call()
        calls++
      }
    }),
  )
  return (calls / (performance.now() - start)) * 1_000
}

const aMillisecond = (): Promise<unknown> => new Promise((done) => setTimeout(done, 1))
/** Comes back at once: the sender is never late by the grain of a timer, and keeps a core busy. */
export const aTurn = (): Promise<unknown> => new Promise((done) => setImmediate(done))

/**
 * Latencies, milliseconds, of calls that start at a steady rate whether or not earlier ones were answered; counted from when each was due, so
 * `wait`, which says how the sender passes the time between two of them, counts too.
 */
export async function openLoop(
  perSecond: number,
  milliseconds: number,
  call: () => Promise<unknown>,
  wait = aMillisecond,
): Promise<readonly number[]> {
  const latencies: number[] = []
  const under: Promise<unknown>[] = []
  const start = performance.now()
  const total = Math.floor((perSecond * milliseconds) / 1_000)
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * perSecond) / 1_000) + 1)
    for (; sent < due; sent++) {
      const dueAt = start + (sent * 1_000) / perSecond
      under.push(call().then(() => latencies.push(performance.now() - dueAt)))
    }
    await wait()
  }
  await Promise.all(under)
  return latencies
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits))

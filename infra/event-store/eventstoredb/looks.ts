import { setTimeout as delay } from 'node:timers/promises'

const FIRST_MS = 1
const LONGEST_MS = 100

/** Looks at what is about to come: the first at once, each further one after a pause twice as long, until so many milliseconds have passed. */
export async function* looks(milliseconds: number): AsyncGenerator<void> {
  const end = performance.now() + milliseconds
  for (let pause = FIRST_MS; ; pause = Math.min(pause * 2, LONGEST_MS)) {
    yield
    if (performance.now() >= end) return
    await delay(Math.min(pause, Math.max(1, end - performance.now())))
  }
}

/** Tries of what others may be quicker at, with pauses between them. */
export async function* turns(count: number): AsyncGenerator<number> {
  for (let turn = 1; turn <= count; turn++) {
    if (turn > 1) await pause(turn - 1)
    yield turn
  }
}

/** After the n-th time that others were quicker: none after the first, then a random part of up to 50 ms, so that they do not meet again. */
export const pause = async (losses: number): Promise<void> => {
  if (losses > 1) await delay(Math.random() * Math.min(2 ** losses, 50))
}

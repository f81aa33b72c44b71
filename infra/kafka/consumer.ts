import { setTimeout as pause } from 'node:timers/promises'
import { type Holdings, openHoldings, type Steer } from './holdings.ts'
import type { ConsumeOptions, Consumer, Watermarks } from './port.ts'
import { FIRST_RETRY_MS, LAST_RETRY_MS } from './settings.ts'

/**
 * One life of a client's consumer, from connecting to the first fault that ends it. Both clients can be left half dead by a lost broker
 * (reading without membership, asking a coordinator that is gone), so a fault never goes on with the same object: the next life starts
 * from nothing, and finds its offsets where the caller keeps them.
 */
export interface Life extends Steer {
  /** Rejects with what ended it. */
  readonly ended: Promise<never>
  /** Leaves the group and lets go of the connections. */
  close(): Promise<void>
}

export interface ConsumerParts {
  readonly consume: ConsumeOptions
  watermarks(topic: string): Promise<readonly Watermarks[]>
  begin(holdings: Holdings): Life
}

/** Longest that leaving may take: a handler that does not come back must not hold up everything else. */
const CLOSE_MS = 10_000

export function openConsumer({ consume, watermarks, begin }: ConsumerParts): Consumer {
  const stopping = new AbortController()
  let life: Life | undefined
  let failed: { readonly fault: unknown } | undefined
  const steer: Steer = {
    pause: (partition) => life?.pause(partition),
    resume: (partition) => life?.resume(partition),
    seek: (partition, offset) => life?.seek(partition, offset),
  }
  const holdings = openHoldings({
    consume,
    steer,
    watermarks,
    fail(fault) {
      failed ??= { fault }
      stopping.abort()
    },
  })

  async function run(): Promise<void> {
    const stopped = new Promise<void>((done) => stopping.signal.addEventListener('abort', () => done(), { once: true }))
    for (let tries = 0; !stopping.signal.aborted; tries++) {
      const began = performance.now()
      life = begin(holdings)
      try {
        await Promise.race([life.ended, stopped])
      } catch (fault) {
        consume.onFault?.(fault)
      }
      if (stopping.signal.aborted && !failed) await holdings.finish()
      holdings.drop()
      await Promise.race([life.close().catch(() => undefined), pause(CLOSE_MS, undefined, { ref: false })])
      if (performance.now() - began > LAST_RETRY_MS * 10) tries = 0
      if (!stopping.signal.aborted)
        await pause(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** tries), undefined, { signal: stopping.signal }).catch(
          () => undefined,
        )
    }
    if (failed) throw failed.fault
  }

  const done = run()
  // Whoever cares for the fault awaits `done`; without anyone it must not end the process.
  done.catch(() => undefined)
  return {
    done,
    pause: holdings.pause,
    resume: holdings.resume,
    seek: holdings.seek,
    async stop() {
      stopping.abort()
      await done.catch(() => undefined)
    },
  }
}

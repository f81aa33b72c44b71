import type pg from 'pg'
import { CareHandedOver, claimMark, databaseTime, type CaretakerMark } from './caretaker-mark.ts'
import { openCaretaker, type CaretakerOptions } from './caretaker.ts'
import type { Runtime } from './execute.ts'
import type { ReceiptElsewhere } from './policies.ts'

export interface SettleOptions extends Pick<CaretakerOptions, 'policies' | 'deadlines'> {
  /** Whose mark says from where on something may be missing, and is moved. */
  readonly service: string
  readonly pool: pg.Pool
}

/**
 * Does at once what follows from events and was left out by a process that died: for whoever is about to build on it and cannot wait for the
 * caretaker's grace. A caretaker of the same service that is at work loses its mark by this, and takes it up again; it may do so before this
 * look-through is over, and then the mark is moved by it alone.
 * @throws ReceiptElsewhere where something cannot be done because its id was used for something else: nothing may be built on that
 */
export async function settle(runtime: Runtime, { service, pool, policies, deadlines }: SettleOptions): Promise<void> {
  let misused: ReceiptElsewhere | undefined
  await openCaretaker(runtime, {
    policies,
    deadlines,
    mark: unlessTakenUp(await claimMark(pool, service)),
    time: () => databaseTime(pool),
    grace: 0,
    onMisused: (fault) => {
      misused = fault
    },
  }).sweep()
  if (misused) throw misused
}

/** A mark that is left to whichever caretaker claimed it since: what is done here stays done, and its own look begins where it found the mark. */
const unlessTakenUp = (mark: CaretakerMark): CaretakerMark => ({
  load: (epoch) => mark.load(epoch),
  save: (epoch, position) =>
    mark.save(epoch, position).catch((fault: unknown) => {
      if (!(fault instanceof CareHandedOver)) throw fault
    }),
})

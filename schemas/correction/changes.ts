import { z } from 'zod'

/** What an event says otherwise from now on: some of its data, whole values by their names. */
const Values = z.record(z.string(), z.unknown())

/**
 * One earlier event of the same stream, corrected: `of` is its id and `revision` its place, `was` what of its data changes as it was until now,
 * and `is` as it is; null in `is` takes an optional value away. Without `is` the event never happened. What follows from the change for mass
 * (which layer of which origin) is never part of it: that is worked out where the events are folded.
 */
export const Change = z.strictObject({
  of: z.uuid(),
  revision: z.int().positive(),
  was: Values,
  is: Values.optional(),
})
export type Change = z.infer<typeof Change>

/** An event at its place in its stream. */
export interface Placed<E> {
  readonly revision: number
  readonly event: E
}

/** Whether an event corrects earlier ones of its stream: the state behind it is not folded from the state before it. */
export const isCorrection = ({ type }: { readonly type: string }): boolean =>
  type === 'LotCorrected' || type === 'ManifestCorrected'

interface Shaped {
  readonly type: string
  readonly data: object
}

const changesOf = (event: Shaped): readonly Change[] =>
  isCorrection(event) ? (event.data as { readonly changes: readonly Change[] }).changes : []

/** Data with what a correction says of it. */
export function withValues<D extends object>(data: D, is: Readonly<Record<string, unknown>>): D {
  const next = { ...data } as Record<string, unknown>
  for (const [name, value] of Object.entries(is)) {
    if (value === null) delete next[name]
    else next[name] = value
  }
  return next as D
}

/** Which events of a stream are corrected and how, after these events of it: what was corrected twice is as the last one says. */
export function correctionsIn(events: readonly Shaped[]): ReadonlyMap<number, readonly Change[]> {
  const byRevision = new Map<number, Change[]>()
  for (const event of events)
    for (const change of changesOf(event))
      byRevision.set(change.revision, [...(byRevision.get(change.revision) ?? []), change])
  return byRevision
}

/** An event as these corrections leave it; undefined where it never happened. */
export function corrected<E extends Shaped>(event: E, changes: readonly Change[] | undefined): E | undefined {
  let now: E | undefined = event
  for (const { is } of changes ?? []) now = is && { ...(now ?? event), data: withValues((now ?? event).data, is) }
  return now
}

/** A history as its own corrections leave it, in the order in which it happened. */
export function correctedHistory<E extends Shaped>(history: readonly Placed<E>[]): readonly Placed<E>[] {
  const changes = correctionsIn(history.map(({ event }) => event))
  if (changes.size === 0) return history
  return history.flatMap(({ revision, event }) => {
    const now = corrected(event, changes.get(revision))
    return now ? [{ revision, event: now }] : []
  })
}

import type { RefusalKind } from './trouble.ts'

/** What a caller may do to the stand-in. */
export type Call = 'append' | 'read' | 'subscribe'

/** A way in which EventStoreDB, or the road to it, is known to fail. */
export type Fault =
  /** Answers later. */
  | { readonly kind: 'delay'; readonly on: Call; readonly milliseconds: number }
  /** Refuses the call, or everything on the channel that it came by, before anything was done. */
  | { readonly kind: 'unavailable'; readonly on: Call }
  /** Takes the call, does nothing and never answers. */
  | { readonly kind: 'silence'; readonly on: Call }
  /** Another node leads; the caller is told which one. */
  | {
      readonly kind: 'not-leader'
      readonly on: Call
      readonly leader: { readonly host: string; readonly port: number }
    }
  /** Answers that it does not carry the request out: for now, or for ever. In a batch of appends the call lives on. */
  | { readonly kind: 'refused'; readonly on: Call; readonly as: RefusalKind | 'NotAuthenticated' }
  /** Commits the append; the answer is lost, with or without a word. */
  | { readonly kind: 'reply-lost'; readonly on: 'append'; readonly word: 'none' | 'unavailable' | 'cancelled' }
  /** Sends the answer of an append twice, the second time with a correlation id that nobody waits for any more. */
  | { readonly kind: 'duplicate-reply'; readonly on: 'append' }
  /** Ends a subscription after so many events. */
  | { readonly kind: 'cancelled'; readonly on: 'subscribe'; readonly after: number }
  /** Tells a subscription of a checkpoint at the end of the log before it sends a single event. */
  | { readonly kind: 'checkpoint-ahead'; readonly on: 'subscribe' }
  /** Confirms a subscription and then sends nothing more. */
  | { readonly kind: 'deaf'; readonly on: 'subscribe' }
  /** Drops a subscriber who lets the channel stay full for so long, as servers before 24.2 did; newer ones read on at its pace. */
  | { readonly kind: 'slow-reader'; readonly on: 'subscribe'; readonly milliseconds: number }

/** Faults in the order in which they shall happen; each waits for a call of its kind. */
export interface Script {
  add(...faults: readonly Fault[]): void
  /** Asks before every call what shall go wrong with it, after all that was added. */
  whenever(chance: (call: Call) => Fault | undefined): void
  next(call: Call): Fault | undefined
  /** How many faults of a kind have happened. */
  happened(kind: Fault['kind']): number
}

export function openScript(): Script {
  const waiting: Fault[] = []
  const counts = new Map<Fault['kind'], number>()
  let chance: (call: Call) => Fault | undefined = () => undefined

  return {
    add: (...faults) => void waiting.push(...faults),
    whenever(asked) {
      chance = asked
    },
    next(call) {
      const index = waiting.findIndex(({ on }) => on === call)
      const fault = index < 0 ? chance(call) : waiting.splice(index, 1)[0]
      if (fault) counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1)
      return fault
    },
    happened: (kind) => counts.get(kind) ?? 0,
  }
}

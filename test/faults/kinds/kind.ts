import type { EventStore } from '../../../infra/event-store/port.ts'
import type { Runner } from '../../../projections/runner/runner.ts'
import type { Random } from '../../support/random.ts'
import type { Road } from './road.ts'
import type { TcpProxy } from './tcp-proxy.ts'

/** What a fault finds when its story begins: a park at work, between a store and its read models. */
export interface Stage {
  readonly seed: number
  readonly random: Random
  /** The database as its administrator reaches it. */
  readonly url: string
  /** The store that the writers use, over `writing`. */
  readonly store: EventStore
  /** The networks between store and database, and between read models and database. */
  readonly writing: TcpProxy
  readonly folding: TcpProxy
  /** The server under it all, for faults that stop it. */
  readonly server: Server
  /** The way through Kafka, where the kind asks for a broker. */
  readonly road: Road | undefined
  /** One more process in the consumer group, where the kind shares; it leaves when it is stopped. */
  join(): Promise<Pick<Runner, 'leads' | 'stop'>>
  /** Settles when so many more commands have been acknowledged, or all that there are. */
  acknowledged(more: number): Promise<void>
  /** The fault has happened, once more: a story in which it never does proves nothing. */
  happened(): void
  /** Something to be looked at when the story is over: each text it answers is a breach. */
  inspect(look: () => Promise<readonly string[]>): void
}

/** A server that a fault may stop in whatever way and start again. */
export interface Server {
  readonly dir: string
  restart(how: 'immediate' | 'kill -9'): Promise<void>
  /** Starts it where it has given up by itself. */
  revive(): Promise<void>
}

/** One kind of fault. Every story of it must end with nothing lost, nothing doubled and nothing out of order. */
export interface FaultKind {
  readonly name: string
  readonly about: string
  /** Where the data must lie on a disk of its own, so small that it can be filled: mebibytes. */
  readonly diskMiB?: number
  /** Processes that fold; the second stands by. */
  readonly runners?: 1 | 2
  /** Whether events come to the read models through Kafka. */
  readonly broker?: true
  /** Whether two processes of a consumer group share what is folded by stream. It needs a broker. */
  readonly shared?: true
  /** Why this kind cannot happen on this machine. */
  unavailable?(): string | undefined
  hurt(stage: Stage): Promise<void>
}

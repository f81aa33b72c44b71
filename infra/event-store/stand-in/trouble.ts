import { setTimeout as delay } from 'node:timers/promises'
import { Metadata, status, type ServiceError } from '@grpc/grpc-js'
import { StoreBusy, StoreUnavailable } from '../faults.ts'
import type { Fault } from './script.ts'

/** A call's end as EventStoreDB tells it: a status, and trailers by which its clients know what was meant. */
export class Trouble extends Error implements Pick<ServiceError, 'code' | 'details' | 'metadata'> {
  readonly code: status
  readonly details: string
  readonly metadata = new Metadata()

  constructor(code: status, details: string, trailers: Readonly<Record<string, string>> = {}) {
    super(details)
    this.code = code
    this.details = details
    for (const [name, value] of Object.entries(trailers)) this.metadata.set(name, value)
  }
}

export const unavailable = (): Trouble => new Trouble(status.UNAVAILABLE, 'the server is not ready to take requests')
export const cancelled = (): Trouble => new Trouble(status.CANCELLED, 'the server cancelled the call')
export const tooSlow = (): Trouble =>
  new Trouble(status.ABORTED, 'the consumer is too slow: the subscription was dropped')
export const unsupported = (what: string): Trouble =>
  new Trouble(status.UNIMPLEMENTED, `the stand-in does not know ${what}`)
export const deleted = (stream: string): Trouble =>
  new Trouble(status.FAILED_PRECONDITION, `${stream} is deleted`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  })
export const tooLarge = (limit: number): Trouble =>
  new Trouble(status.INVALID_ARGUMENT, 'the append is too large', {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  })
const notLeader = ({ leader }: Fault & { kind: 'not-leader' }): Trouble =>
  new Trouble(status.NOT_FOUND, 'this node does not lead', {
    exception: 'not-leader',
    'leader-endpoint-host': leader.host,
    'leader-endpoint-port': String(leader.port),
  })

/** What a call ends with that our own store failed. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Trouble) return error
  if (error instanceof StoreUnavailable || error instanceof StoreBusy) return unavailable()
  return new Trouble(status.UNKNOWN, error instanceof Error ? error.message : String(error))
}

/** What a fault does before its call is looked at. False where the call is never answered. @throws Trouble where it is refused */
export async function begins(fault: Fault | undefined): Promise<boolean> {
  switch (fault?.kind) {
    case 'delay':
      await delay(fault.milliseconds)
      return true
    case 'unavailable':
      throw unavailable()
    case 'not-leader':
      throw notLeader(fault)
    case 'silence':
      return false
    default:
      return true
  }
}

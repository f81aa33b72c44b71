import { setTimeout as delay } from 'node:timers/promises'
import { Metadata, status, type ServiceError } from '@grpc/grpc-js'
import { StoreBusy, StoreUnavailable } from '../faults.ts'
import type { Endpoint } from './behaviour.ts'
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

/** What a server answers to a request that it does not carry out. In a batch of appends it is an answer like any other; elsewhere it ends the call. */
export type RefusalKind =
  | 'NotReady'
  | 'Busy'
  | 'NoLeader'
  | 'Timeout'
  | 'AccessDenied'
  | 'BadRequest'
  | 'InvalidTransaction'
  | 'Unknown'
  | 'MaximumAppendSizeExceeded'
  | 'MaximumAppendEventSizeExceeded'
  | 'InvalidPosition'

export class Refusal extends Error {
  readonly kind: RefusalKind
  /** The limit that was passed, in bytes, where it was one. */
  readonly limit: number

  constructor(kind: RefusalKind, limit = 0) {
    super(WORDS[kind].inBand)
    this.kind = kind
    this.limit = limit
  }
}

interface Words {
  /** The message of the status inside a batch's answer. */
  readonly inBand: string
  readonly code: status
  readonly details: string
  readonly exception?: string
}

/** RpcExceptions and Status of the server 24.10.0, and of 24.10.4 for the size of an event. */
const WORDS: Readonly<Record<RefusalKind, Words>> = {
  NotReady: { inBand: 'Server Is Not Ready', code: status.UNAVAILABLE, details: 'Server Is Not Ready' },
  Busy: { inBand: 'Server Is Busy', code: status.UNAVAILABLE, details: 'Server Is Too Busy' },
  NoLeader: {
    inBand: 'No leader info available in response',
    code: status.UNKNOWN,
    details: 'No leader info available in response',
  },
  Timeout: { inBand: 'Timeout', code: status.ABORTED, details: 'Operation timed out: Commit phase timeout.' },
  AccessDenied: {
    inBand: 'AccessDenied',
    code: status.PERMISSION_DENIED,
    details: 'Access Denied',
    exception: 'access-denied',
  },
  BadRequest: { inBand: 'BadRequest', code: status.INVALID_ARGUMENT, details: 'Empty eventType provided.' },
  InvalidTransaction: {
    inBand: 'InvalidTransaction',
    code: status.INVALID_ARGUMENT,
    details: 'Invalid Transaction',
    exception: 'invalid-transaction',
  },
  Unknown: { inBand: 'Unknown', code: status.UNKNOWN, details: 'Unexpected OperationResult: InvalidTransaction' },
  MaximumAppendSizeExceeded: {
    inBand: 'MaximumAppendSizeExceeded',
    code: status.INVALID_ARGUMENT,
    details: 'Maximum Append Size Exceeded.',
    exception: 'maximum-append-size-exceeded',
  },
  MaximumAppendEventSizeExceeded: {
    inBand: 'MaximumAppendEventSizeExceeded',
    code: status.INVALID_ARGUMENT,
    details: 'Maximum Append Event Size Exceeded.',
    exception: 'maximum-append-event-size-exceeded',
  },
  InvalidPosition: {
    inBand: 'InvalidPosition',
    code: status.INVALID_ARGUMENT,
    details: 'Trying to read from an invalid position.',
  },
}

const SIZE_TRAILERS: Readonly<Record<string, string>> = {
  MaximumAppendSizeExceeded: 'maximum-append-size',
  MaximumAppendEventSizeExceeded: 'maximum-append-event-size',
}

function troubleOfRefusal({ kind, limit }: Refusal): Trouble {
  const { code, details, exception } = WORDS[kind]
  const size = SIZE_TRAILERS[kind]
  return new Trouble(code, details, {
    ...(exception === undefined ? {} : { exception }),
    ...(size === undefined ? {} : { [size]: String(limit) }),
  })
}

export const unavailable = (): Trouble => new Trouble(status.UNAVAILABLE, 'the server is not ready to take requests')
export const cancelled = (): Trouble => new Trouble(status.CANCELLED, 'the server cancelled the call')
export const tooSlow = (): Trouble =>
  new Trouble(status.ABORTED, 'the consumer is too slow: the subscription was dropped')
export const unsupported = (what: string): Trouble =>
  new Trouble(status.UNIMPLEMENTED, `the stand-in does not know ${what}`)
export const unauthenticated = (): Trouble => new Trouble(status.UNAUTHENTICATED, '')
export const deleted = (stream: string): Trouble =>
  new Trouble(status.FAILED_PRECONDITION, `${stream} is deleted`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  })
export const notLeader = ({ host, port }: Endpoint): Trouble =>
  new Trouble(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  })

/** What a call ends with that was refused, or that our own store failed. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Trouble) return error
  if (error instanceof Refusal) return troubleOfRefusal(error)
  if (error instanceof StoreUnavailable || error instanceof StoreBusy) return unavailable()
  return new Trouble(status.UNKNOWN, error instanceof Error ? error.message : String(error))
}

/** What a fault does before its call is looked at. False where the call is never answered. @throws Trouble or Refusal where it is refused */
export async function begins(fault: Fault | undefined): Promise<boolean> {
  switch (fault?.kind) {
    case 'delay':
      await delay(fault.milliseconds)
      return true
    case 'unavailable':
      throw unavailable()
    case 'not-leader':
      throw notLeader(fault.leader)
    case 'refused':
      throw fault.as === 'NotAuthenticated' ? unauthenticated() : new Refusal(fault.as, 1_048_576)
    case 'silence':
      return false
    default:
      return true
  }
}

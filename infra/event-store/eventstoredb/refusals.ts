import { status as codes } from '@grpc/grpc-js'
import protobuf from 'google-protobuf'
import { StoreRefused } from '../faults.ts'
import {
  AccessDeniedError,
  InvalidTransactionError,
  isCommandError,
  MaxAppendSizeExceededError,
  shared,
  StreamDeletedError,
  WrongExpectedVersionError,
  type streams,
} from './client.ts'
import { NodeNotReady, NodeBusy, WriteTimedOut } from './faults.ts'
import { appendTooLarge, eventTooLarge } from './sizes.ts'

// What the server says, in plain words. The client's own table knows neither BadRequest, InvalidTransaction and MaximumAppendEventSizeExceeded nor
// the answers of a node that does not lead: it makes an UnknownError of each, and drops the words of the others.

/** google.rpc.Status inside the answer of a batch. */
type Status = NonNullable<ReturnType<streams.BatchAppendResp['getError']>>

/** What an append that was refused says of its stream; `revision` is the number of events that the server counts there. */
export type Refused =
  | { readonly outcome: 'wrong-revision'; readonly revision: number }
  /** The stream has a tombstone: it takes nothing for ever. */
  | { readonly outcome: 'deleted' }

const PREFIX = 'event_store.client.'
const NOT_READY = /not ready|no leader info/i
const BUSY = /busy/i

/** @throws StoreRefused for what would be refused again, NodeNotReady for a node that cannot tell, and what passes as an error that says so */
export function refusedInBand(status: Status): Refused {
  const details = status.getDetails()
  const bytes = details?.getValue_asU8() ?? new Uint8Array()
  const type = details?.getTypeName() ?? ''
  switch (type.startsWith(PREFIX) ? type.slice(PREFIX.length) : '') {
    case 'WrongExpectedVersion': {
      const wrong = shared.WrongExpectedVersion.deserializeBinary(bytes)
      return {
        outcome: 'wrong-revision',
        revision: wrong.hasCurrentStreamRevision() ? Number(wrong.getCurrentStreamRevision()) + 1 : 0,
      }
    }
    case 'StreamDeleted':
      return { outcome: 'deleted' }
    case 'Timeout':
      throw new WriteTimedOut('the server did not get the append to a quorum in its time limit')
    case 'AccessDenied':
      throw accessDenied('append to this stream')
    case 'BadRequest':
      throw badRequest(shared.BadRequest.deserializeBinary(bytes).getMessage())
    case 'InvalidTransaction':
    // 24.10.0 to 25.1 send every result of a write that they have no answer for as Unknown, and InvalidTransaction is the one that is left.
    case 'Unknown':
      throw invalidTransaction()
    case 'MaximumAppendSizeExceeded':
      throw appendTooLarge(shared.MaximumAppendSizeExceeded.deserializeBinary(bytes).getMaxappendsize())
    case 'MaximumAppendEventSizeExceeded': {
      const { id, bytes: size, limit } = eventSizeIn(bytes)
      throw eventTooLarge(id, size, limit)
    }
    default: {
      const message = status.getMessage() || `an answer of the unknown type ${type}`
      if (BUSY.test(message)) throw new NodeBusy(message)
      throw new NodeNotReady(NOT_READY.test(message) ? message : `the node could not answer: ${message}`)
    }
  }
}

/** MaximumAppendEventSizeExceeded, which the client's stubs lack: eventId, proposedEventSize and maxAppendEventSize, fields 1 to 3. */
function eventSizeIn(bytes: Uint8Array): { readonly id: string; readonly bytes: number; readonly limit: number } {
  const reader = new protobuf.BinaryReader(bytes)
  const found = { id: '', bytes: 0, limit: 0 }
  while (reader.nextField()) {
    if (reader.isEndGroup()) break
    switch (reader.getFieldNumber()) {
      case 1:
        found.id = reader.readString()
        break
      case 2:
        found.bytes = reader.readUint32()
        break
      case 3:
        found.limit = reader.readUint32()
        break
      default:
        reader.skipField()
    }
  }
  return found
}

/** What an append of its own that failed says of its stream. @throws the error where it says nothing of it */
export function refusedBy(error: unknown): Refused {
  if (error instanceof WrongExpectedVersionError)
    return {
      outcome: 'wrong-revision',
      revision: typeof error.actualVersion === 'bigint' ? Number(error.actualVersion) + 1 : 0,
    }
  if (error instanceof StreamDeletedError) return { outcome: 'deleted' }
  throw error
}

/** The error of a call, as what it is: a StoreRefused for what would fail again, NodeNotReady for a node that knows of no leader. */
export function plainly(error: unknown, doing: string): unknown {
  if (error instanceof MaxAppendSizeExceededError) return appendTooLarge(error.maxAppendSize)
  if (error instanceof InvalidTransactionError) return invalidTransaction(error)
  if (!(error instanceof Error && isCommandError(error))) return error
  const { code } = error
  if (code === codes.UNAUTHENTICATED)
    return new StoreRefused(
      'not-authenticated',
      `EventStoreDB does not know the login of EVENTSTORE_URL: it was not let ${doing}. Check its name and password`,
      { cause: error },
    )
  if (error instanceof AccessDeniedError || code === codes.PERMISSION_DENIED) return accessDenied(doing, error)
  if (NOT_READY.test(error.message)) return new NodeNotReady(error.message, { cause: error })
  if (code === codes.INVALID_ARGUMENT)
    return /invalid position/i.test(error.message)
      ? new StoreRefused(
          'invalid-position',
          `EventStoreDB holds no event at the position from which it was asked to ${doing}: was it restored from a backup?`,
          { cause: error },
        )
      : badRequest(error.message, error)
  if (code === codes.UNIMPLEMENTED)
    return new StoreRefused('unsupported', `the server cannot ${doing}: ${error.message}`, { cause: error })
  return error
}

const accessDenied = (doing: string, cause?: Error): StoreRefused =>
  new StoreRefused(
    'access-denied',
    `the login of EVENTSTORE_URL may not ${doing}: ${
      doing.includes('$all') ? 'that takes a member of $admins' : 'give it the right, or one that has it'
    }`,
    { cause },
  )
const badRequest = (said: string, cause?: Error): StoreRefused =>
  new StoreRefused('bad-request', `EventStoreDB does not understand the request: ${said}`, { cause })
const invalidTransaction = (cause?: Error): StoreRefused =>
  new StoreRefused(
    'invalid-transaction',
    'EventStoreDB cannot write these events as one append (InvalidTransaction): send fewer of them in one command',
    { cause },
  )

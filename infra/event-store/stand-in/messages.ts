import protobuf from 'google-protobuf'
import anyMessage from 'google-protobuf/google/protobuf/any_pb.js'
import emptyMessage from 'google-protobuf/google/protobuf/empty_pb.js'
import { derivedId } from '../event-id.ts'
import type { Member, NodeState } from './behaviour.ts'
import type { Expected, Proposed, Stored } from './records.ts'
import { gossip, shared, status, streams } from './stubs.ts'
import type { Refusal, RefusalKind } from './trouble.ts'

const { BinaryWriter } = protobuf

// Between EventStoreDB's messages, of the client's own generated stubs, and ours. 64-bit numbers are texts in them, names are bytes.

export const nameOf = (identifier: shared.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8')

function identifierOf(stream: string): shared.StreamIdentifier {
  const identifier = new shared.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream))
  return identifier
}

/** A UUID in either of its two forms. */
export function uuidOf(uuid: shared.UUID | undefined): string {
  if (uuid?.hasStructured()) {
    const half = (bits: string | undefined) =>
      BigInt.asUintN(64, BigInt(bits ?? 0))
        .toString(16)
        .padStart(16, '0')
    const hex =
      half(uuid.getStructured()?.getMostSignificantBits()) + half(uuid.getStructured()?.getLeastSignificantBits())
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }
  return uuid?.getString() ?? ''
}

function uuid(id: string): shared.UUID {
  const message = new shared.UUID()
  message.setString(id)
  return message
}

export const proposedOf = (
  message: streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage,
): Proposed => ({
  id: uuidOf(message.getId()),
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? 'application/octet-stream',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
})

const countOf = (revision: string): number => Number(revision) + 1

export function expectedOfAppend(options: streams.AppendReq.Options): Expected {
  if (options.hasRevision()) return countOf(options.getRevision())
  return options.hasNoStream() ? 0 : options.hasStreamExists() ? 'some' : 'any'
}

export function expectedOfBatch(options: streams.BatchAppendReq.Options): Expected {
  if (options.hasStreamPosition()) return countOf(options.getStreamPosition())
  return options.hasNoStream() ? 0 : options.hasStreamExists() ? 'some' : 'any'
}

export function eventMessage(event: Stored, created: bigint): streams.ReadResp {
  const record = new streams.ReadResp.ReadEvent.RecordedEvent()
  const position = String(event.position)
  record.setId(uuid(event.id))
  record.setStreamIdentifier(identifierOf(event.stream))
  record.setStreamRevision(String(event.revision))
  record.setCommitPosition(position)
  record.setPreparePosition(position)
  record.getMetadataMap().set('type', event.type).set('content-type', event.contentType).set('created', String(created))
  record.setData(event.data)
  record.setCustomMetadata(event.metadata)
  const read = new streams.ReadResp.ReadEvent()
  read.setEvent(record)
  read.setCommitPosition(position)
  const message = new streams.ReadResp()
  message.setEvent(read)
  return message
}

export function noStreamMessage(stream: string): streams.ReadResp {
  const missing = new streams.ReadResp.StreamNotFound()
  missing.setStreamIdentifier(identifierOf(stream))
  const message = new streams.ReadResp()
  message.setStreamNotFound(missing)
  return message
}

export function confirmationMessage(id: string): streams.ReadResp {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation()
  confirmation.setSubscriptionId(id)
  const message = new streams.ReadResp()
  message.setConfirmation(confirmation)
  return message
}

export function checkpointMessage(position: bigint): streams.ReadResp {
  const checkpoint = new streams.ReadResp.Checkpoint()
  checkpoint.setCommitPosition(String(position))
  checkpoint.setPreparePosition(String(position))
  const message = new streams.ReadResp()
  message.setCheckpoint(checkpoint)
  return message
}

export function caughtUpMessage(): streams.ReadResp {
  const message = new streams.ReadResp()
  message.setCaughtUp(new streams.ReadResp.CaughtUp())
  return message
}

const MEMBER_STATES: Readonly<Record<NodeState, gossip.MemberInfo.VNodeState>> = {
  leader: gossip.MemberInfo.VNodeState.LEADER,
  'cut-off-leader': gossip.MemberInfo.VNodeState.LEADER,
  'resigning-leader': gossip.MemberInfo.VNodeState.RESIGNINGLEADER,
  'pre-leader': gossip.MemberInfo.VNodeState.PRELEADER,
  follower: gossip.MemberInfo.VNodeState.FOLLOWER,
  'discover-leader': gossip.MemberInfo.VNodeState.DISCOVERLEADER,
  unknown: gossip.MemberInfo.VNodeState.UNKNOWN,
}

export function clusterMessage(members: readonly Member[]): gossip.ClusterInfo {
  const info = new gossip.ClusterInfo()
  for (const { host, port, state, isAlive } of members) {
    const endpoint = new gossip.EndPoint()
    endpoint.setAddress(host)
    endpoint.setPort(port)
    const member = new gossip.MemberInfo()
    member.setInstanceId(uuid(derivedId('member', host, port)))
    member.setTimeStamp(String(BigInt(Date.now()) * 10_000n))
    member.setState(MEMBER_STATES[state])
    member.setIsAlive(isAlive)
    member.setHttpEndPoint(endpoint)
    info.addMembers(member)
  }
  return info
}

/** What became of an append: `revision` from 0, of the stream's newest event, -1 where there is none. */
export type Written =
  | { readonly outcome: 'written'; readonly revision: number; readonly position: bigint }
  | { readonly outcome: 'wrong-revision'; readonly revision: number; readonly expected: Expected }
  | { readonly outcome: 'deleted' }

export function appendReply(written: Exclude<Written, { outcome: 'deleted' }>): streams.AppendResp {
  const reply = new streams.AppendResp()
  if (written.outcome === 'written') {
    const success = new streams.AppendResp.Success()
    const position = new streams.AppendResp.Position()
    position.setCommitPosition(String(written.position))
    position.setPreparePosition(String(written.position))
    success.setCurrentRevision(String(written.revision))
    success.setPosition(position)
    reply.setSuccess(success)
  } else {
    const wrong = new streams.AppendResp.WrongExpectedVersion()
    if (written.revision < 0) wrong.setCurrentNoStream(new shared.Empty())
    else wrong.setCurrentRevision(String(written.revision))
    if (written.expected === 0) wrong.setExpectedNoStream(new shared.Empty())
    else if (written.expected === 'some') wrong.setExpectedStreamExists(new shared.Empty())
    else if (written.expected !== 'any') wrong.setExpectedRevision(String(written.expected - 1))
    reply.setWrongExpectedVersion(wrong)
  }
  return reply
}

export function batchReply(
  correlation: shared.UUID | undefined,
  stream: string,
  written: Written,
): streams.BatchAppendResp {
  const reply = new streams.BatchAppendResp()
  reply.setCorrelationId(correlation)
  reply.setStreamIdentifier(identifierOf(stream))
  if (written.outcome === 'written') {
    const success = new streams.BatchAppendResp.Success()
    const position = new shared.AllStreamPosition()
    position.setCommitPosition(String(written.position))
    position.setPreparePosition(String(written.position))
    success.setCurrentRevision(String(written.revision))
    success.setPosition(position)
    reply.setSuccess(success)
  } else {
    reply.setError(written.outcome === 'deleted' ? streamDeleted(stream) : wrongRevision(written))
  }
  return reply
}

// Codes of google.rpc.Status as the server sets them.
const [NOT_FOUND, ALREADY_EXISTS] = [5, 6]

function wrongRevision({
  revision,
  expected,
}: {
  readonly revision: number
  readonly expected: Expected
}): status.Status {
  const wrong = new shared.WrongExpectedVersion()
  if (revision < 0) wrong.setCurrentNoStream(new emptyMessage.Empty())
  else wrong.setCurrentStreamRevision(String(revision))
  if (expected === 0) wrong.setExpectedNoStream(new emptyMessage.Empty())
  else if (expected === 'some') wrong.setExpectedStreamExists(new emptyMessage.Empty())
  else if (expected !== 'any') wrong.setExpectedStreamPosition(String(expected - 1))
  return errorOf(ALREADY_EXISTS, 'WrongExpectedVersion', wrong.serializeBinary())
}

function streamDeleted(stream: string): status.Status {
  const deleted = new shared.StreamDeleted()
  deleted.setStreamIdentifier(identifierOf(stream))
  return errorOf(NOT_FOUND, 'StreamDeleted', deleted.serializeBinary())
}

/** A refusal inside the answer of a batch (Status.cs of the server): a code of google.rpc, its name, and details of a type of that name. */
export function batchRefusal(
  correlation: shared.UUID | undefined,
  stream: string,
  { kind, limit, message }: Refusal,
): streams.BatchAppendResp {
  const reply = new streams.BatchAppendResp()
  reply.setCorrelationId(correlation)
  reply.setStreamIdentifier(identifierOf(stream))
  reply.setError(errorOf(IN_BAND_CODES[kind] ?? 0, message, detailsOf(kind, limit), DETAILS[kind] ?? kind))
  return reply
}

const IN_BAND_CODES: Partial<Record<RefusalKind, number>> = {
  Timeout: 4,
  AccessDenied: 7,
  BadRequest: 3,
  InvalidTransaction: 9,
  Unknown: 2,
  MaximumAppendSizeExceeded: 3,
  MaximumAppendEventSizeExceeded: 3,
}
const EMPTY = 'google.protobuf.Empty'
const DETAILS: Partial<Record<RefusalKind, string>> = { NotReady: EMPTY, Busy: EMPTY, NoLeader: EMPTY }

function detailsOf(kind: RefusalKind, limit: number): Uint8Array {
  switch (kind) {
    case 'MaximumAppendSizeExceeded':
      return new shared.MaximumAppendSizeExceeded().setMaxappendsize(limit).serializeBinary()
    case 'BadRequest':
      return new shared.BadRequest().setMessage('Empty eventType provided.').serializeBinary()
    case 'MaximumAppendEventSizeExceeded': {
      // Not among the client's stubs: eventId, proposedEventSize and maxAppendEventSize, fields 1 to 3.
      const writer = new BinaryWriter()
      writer.writeString(1, 'an-event')
      writer.writeUint32(2, limit + 1)
      writer.writeUint32(3, limit)
      return writer.getResultBuffer()
    }
    default:
      return new Uint8Array()
  }
}

function errorOf(code: number, name: string, bytes: Uint8Array, type = name): status.Status {
  const details = new anyMessage.Any()
  details.pack(bytes, type === EMPTY ? type : `event_store.client.${type}`)
  const error = new status.Status()
  error.setCode(code)
  error.setMessage(name)
  error.setDetails(details)
  return error
}

// All that the adapter uses of its client, so that a successor of the package is a change of this file and of ../stand-in/stubs.ts.
// `@eventstore/db-client` 6.2.1 is its last version; `@kurrent/kurrentdb-client` succeeds it on the same wire protocol (README).
import grpcUuid from '@eventstore/db-client/dist/utils/grpcUUID.js'
import gossipMessages from '@eventstore/db-client/generated/gossip_pb.js'
import gossipServices from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import streamServices from '@eventstore/db-client/generated/streams_grpc_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'

export {
  AccessDeniedError,
  BACKWARDS,
  convertToCommandError,
  END,
  ErrorType,
  EventStoreDBClient,
  excludeSystemEvents,
  FORWARDS,
  InvalidTransactionError,
  isCommandError,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  NotLeaderError,
  START,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type Position as WirePosition,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client'
export type { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb.js'
export type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js'
export { gossipMessages, gossipServices, shared, streams, streamServices }

export const { parseUUID } = grpcUuid

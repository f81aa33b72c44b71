import { EventStoreDBClient, gossipMessages, gossipServices, shared, type GossipClient } from './client.ts'
import type { ClientParts } from './node.ts'

/** A member of the cluster, as one node describes it. */
export interface Member {
  /** `host:port`. */
  readonly address: string
  readonly leads: boolean
  readonly isAlive: boolean
}
/** What one node says of all. */
export type View = readonly Member[]

/** Asks a node what it knows of its cluster, over a connection of its own; undefined where it does not say in time. */
export async function gossipOf(url: string, milliseconds: number): Promise<View | undefined> {
  // An address that cannot be parsed is refused where the node is opened: here it would be a rejection that is caught by no caller.
  let parts: ClientParts | undefined
  try {
    parts = EventStoreDBClient.connectionString(url) as unknown as ClientParts
    const stub = await parts.getGRPCClient<GossipClient>(gossipServices.GossipClient, 'gossip')
    const [metadata, options] = parts.callArguments(
      { requiresLeader: false },
      { deadline: new Date(Date.now() + milliseconds) },
    )
    const info = await new Promise<gossipMessages.ClusterInfo>((resolve, reject) => {
      stub.read(new shared.Empty(), metadata, options, (error, read) => (error ? reject(error) : resolve(read)))
    })
    return info.getMembersList().flatMap((member) => {
      const endpoint = member.getHttpEndPoint()
      if (!endpoint) return []
      return {
        address: `${endpoint.getAddress()}:${endpoint.getPort()}`,
        leads: member.getState() === gossipMessages.MemberInfo.VNodeState.LEADER,
        isAlive: member.getIsAlive(),
      }
    })
  } catch {
    return undefined
  } finally {
    const channel = await parts?.getChannel().catch(() => undefined)
    channel?.close()
  }
}

export interface Leader {
  readonly address: string
  /** How many of the nodes that answered name it. */
  readonly votes: number
}

/**
 * The node that most of those who answered take for the leader. A leader that was cut off still names itself, and those who elected another one name
 * that; between two with as many votes it is the one that has not failed us.
 */
export function leaderBy(views: readonly View[], failed?: string): Leader | undefined {
  const votes = new Map<string, number>()
  for (const view of views)
    for (const { address, leads, isAlive } of view)
      if (leads && isAlive) votes.set(address, (votes.get(address) ?? 0) + 1)
  const [first] = [...votes]
    .map(([address, count]) => ({ address, votes: count }))
    .sort((a, b) => b.votes - a.votes || Number(a.address === failed) - Number(b.address === failed))
  return first
}

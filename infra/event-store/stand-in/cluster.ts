import { openMemoryStore } from '../memory.ts'
import type { EventStore } from '../port.ts'
import type { Member } from './behaviour.ts'
import { startStandIn, type StandIn, type StandInOptions } from './server.ts'

/** Three nodes with one log, each of which knows of the others by gossip. */
export interface Cluster {
  readonly nodes: readonly StandIn[]
  /** Names all three. */
  readonly connectionString: string
  readonly kept: EventStore
  /** The node that the majority has elected. */
  leader(): StandIn
  /**
   * Cuts the leader off from the other two, which elect the next one. It keeps the log as it is now and, until `retire`, believes that it leads.
   */
  cutOff(): Promise<StandIn>
  /** The node that was cut off notices that it has no quorum: Unknown, which answers appends in their batch as not ready. */
  retire(): void
  close(): Promise<void>
}

/** A model of what clients see of a cluster: no elections, no replication, and both sides of a partition can be reached by the client. */
export async function startCluster(options: StandInOptions = {}): Promise<Cluster> {
  const kept = options.store ?? openMemoryStore()
  const nodes = await Promise.all([0, 1, 2].map(() => startStandIn({ ...options, store: kept, counts: true })))
  let leading = 0
  let apart: number | undefined

  const endpointOf = ({ host, port }: StandIn): { host: string; port: number } => ({ host, port })
  const connected = (a: number, b: number): boolean => a === b || (a !== apart && b !== apart)
  const membersBy = (viewer: number): readonly Member[] =>
    nodes.map((node, i) => ({ ...endpointOf(node), state: node.behaviour.state, isAlive: connected(viewer, i) }))

  function elect(next: number): void {
    leading = next
    const leader = nodes[next]
    nodes.forEach((node, i) => {
      if (i === apart) return
      node.behaviour.state = i === next ? 'leader' : 'follower'
      node.behaviour.leader = leader && endpointOf(leader)
    })
  }
  nodes.forEach((node, i) => (node.behaviour.gossip = () => membersBy(i)))
  elect(0)

  const leader = (): StandIn => nodes[leading] as StandIn
  return {
    nodes,
    connectionString: `esdb://${nodes.map(({ host, port }) => `${host}:${port}`).join(',')}?tls=false`,
    kept,
    leader,
    async cutOff() {
      const old = leader()
      apart = leading
      old.behaviour.state = 'cut-off-leader'
      old.behaviour.knowsUpTo = await kept.head()
      old.behaviour.leader = undefined
      elect((leading + 1) % nodes.length)
      return old
    },
    retire() {
      const old = apart === undefined ? undefined : nodes[apart]
      if (old) old.behaviour.state = 'unknown'
    },
    async close() {
      await Promise.all(nodes.map((node) => node.close()))
    },
  }
}

import { NotLeaderError } from './client.ts'
import { doubtsLeader, NodeLeft, type Patience } from './faults.ts'
import { gossipOf, leaderBy, type View } from './gossip.ts'
import { openNode, type Node, type NodeOptions } from './node.ts'

/** Which node is asked, and how another one is found. */
export interface Nodes {
  /** The node in use. */
  current(): Promise<Node> | Node
  /**
   * To be called with every failure of a call to a node: looks for the leader where the call gives reason to.
   * Answers the error, or NodeLeft where the next call goes to another node.
   */
  failed(node: Node, error: unknown): Promise<unknown>
  /**
   * Makes sure that the node in use is the leader by what most of its cluster's members say, and goes there where it is another one. False where they
   * could not be asked, or do not agree.
   */
  confirmLeader(): Promise<boolean>
  close(): Promise<void>
}

export interface NodesOptions extends NodeOptions {
  readonly url: string
  readonly patience: Pick<Patience, 'callMs'>
  /** Between two looks at who leads, while nothing fails; milliseconds. */
  readonly watchMs: number
}

// A node that does not say within so many milliseconds what it knows of its cluster has no vote.
const GOSSIP_MS = 1_000
const DEFAULT_PORT = 2113

/** `esdb://login@hosts/?options`; hosts and options as they are written. */
const URL_PARTS = /^esdb(\+discover)?:\/\/(?:([^@/]*)@)?([^/?]+)\/?(?:\?(.*))?$/

/**
 * One node at a time, the leader as far as is known. The client would look for it by itself only where a call ends with one of three errors, and not where
 * a node answers inside a call that it does not lead; and it begins with the node that failed as often as with any other.
 */
export function openNodes({ url, patience: { callMs }, watchMs, ...options }: NodesOptions): Nodes {
  const [, discovers, login, hosts = '', query] = URL_PARTS.exec(url) ?? []
  const seeds = hosts.split(',').map((host) => (host.includes(':') ? host : `${host}:${DEFAULT_PORT}`))
  const known = new Set(seeds)
  const isCluster = (): boolean => discovers !== undefined || seeds.length > 1 || known.size > 1
  const urlOf = (address: string): string =>
    URL_PARTS.test(url) ? `esdb://${login === undefined ? '' : `${login}@`}${address}${query ? `?${query}` : ''}` : url
  const gossipMs = Math.min(GOSSIP_MS, callMs)
  const closings = new Set<Promise<unknown>>()
  let node: Node | undefined
  let seeking: Promise<boolean> | undefined
  let looked = false
  let next = 0
  let closed = false

  function goTo(address: string, why: unknown): Node {
    const old = node
    const opened = openNode(address, urlOf(address), options)
    node = opened
    known.add(address)
    if (!old) return opened
    const closing = old
      .close(new NodeLeft(`${old.address} was left for ${address}`, { cause: why }))
      .catch(() => undefined)
      .finally(() => closings.delete(closing))
    closings.add(closing)
    return opened
  }

  /** What the nodes say of the cluster: of all that are known, and those that they name, until `enough` was said or the time is over. */
  function views(enough: (found: readonly View[]) => boolean): Promise<readonly View[]> {
    const asked = new Set<string>()
    const found: View[] = []
    let open = 0
    return new Promise((resolve) => {
      const ask = async (address: string): Promise<void> => {
        if (asked.has(address)) return
        asked.add(address)
        open++
        const view = await gossipOf(urlOf(address), gossipMs)
        open--
        if (view) found.push(view)
        // A node that names itself alone has no cluster, and may call itself by another name than we do.
        if (view && view.length > 1)
          for (const member of view) {
            known.add(member.address)
            void ask(member.address)
          }
        looked = true
        if (open === 0 || enough(found)) resolve(found)
      }
      for (const address of known) void ask(address)
    })
  }

  const membersIn = (found: readonly View[]): number =>
    new Set(found.flatMap((view) => view.map(({ address }) => address))).size

  /** Finds the leader and goes there; true where that is another node than the one in use. */
  async function seek(failed: string | undefined, why: unknown): Promise<boolean> {
    const found = await views((said) => {
      const first = leaderBy(said, failed)
      return first !== undefined && first.address !== failed && first.votes * 2 > membersIn(said)
    })
    if (closed) return false
    const leader = leaderBy(found, failed)
    if (leader && isCluster()) {
      if (leader.address === node?.address) return false
      goTo(leader.address, why)
      return true
    }
    // No leader is named: one node after another is tried, since a follower may know who leads.
    if (seeds.length < 2 && node) return false
    goTo(seeds[next++ % seeds.length] ?? hosts, why)
    return true
  }

  const seekOnce = (failed: string | undefined, why: unknown): Promise<boolean> =>
    (seeking ??= seek(failed, why).finally(() => (seeking = undefined)))

  async function confirmLeader(): Promise<boolean> {
    const found = await views(() => false)
    const members = membersIn(found)
    const leader = leaderBy(found)
    if (closed || !leader) return false
    if (members === 1) return true
    if (leader.votes * 2 <= members) return false
    if (leader.address !== node?.address) goTo(leader.address, new Error('most members of the cluster name it'))
    return true
  }

  // A node that was cut off answers reads as before, and a process that only reads would never notice.
  const watch = setInterval(() => {
    if (node && (isCluster() || !looked) && !seeking) void confirmLeader().catch(() => undefined)
  }, watchMs)
  watch.unref()

  return {
    current() {
      if (node) return node
      // One host is asked as it is written; of a cluster its members say where to go.
      if (!isCluster()) return goTo(seeds[0] ?? hosts, undefined)
      return seekOnce(undefined, undefined).then(() => {
        if (!node) throw new NodeLeft('the store is closed')
        return node
      })
    },
    async failed(at, error) {
      const left = (): NodeLeft => new NodeLeft(`${at.address} was left`, { cause: error })
      if (closed || error instanceof NodeLeft) return error
      if (at !== node) return left()
      if (error instanceof NotLeaderError) {
        goTo(`${error.leader.address}:${error.leader.port}`, error)
        return left()
      }
      if (!doubtsLeader(error)) return error
      if (looked && !isCluster()) return error
      return (await seekOnce(at.address, error)) ? left() : error
    },
    confirmLeader,
    async close() {
      closed = true
      clearInterval(watch)
      await node?.close(new NodeLeft('the store is closed'))
      await Promise.all(closings)
    },
  }
}

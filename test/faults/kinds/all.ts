import type { Brokers } from '../../../infra/kafka/broker/brokers.ts'
import { kafkaMissing, startTestBrokers } from '../../support/kafka.ts'
import { brokerKinds } from './broker-kinds.ts'
import { foldingKinds } from './folding-kinds.ts'
import type { FaultKind } from './kind.ts'
import { openServer, type StoryServer } from './server.ts'
import { storeKinds } from './store-kinds.ts'
import { tellStory, type Told } from './story.ts'

export const allKinds: readonly FaultKind[] = [...storeKinds, ...foldingKinds, ...brokerKinds]

/** What came of all stories of one kind. */
export interface KindReport {
  readonly kind: string
  readonly about: string
  readonly seeds: number
  /** How often the fault happened. */
  readonly faults: number
  readonly acknowledged: number
  readonly doubts: number
  /** Sum of all that must be zero, and the seeds whose story it was. */
  readonly violations: number
  readonly bad: readonly { readonly seed: number; readonly told: Told }[]
  readonly seconds: number
  /** Why no story was told. */
  readonly skipped?: string
}

/** What stories of several kinds are told on, one after another. */
export interface Grounds {
  readonly server: StoryServer
  /** Started when the first kind asks for it. */
  brokers(): Promise<Brokers>
  close(): Promise<void>
}

export async function openGrounds(): Promise<Grounds> {
  const server = await openServer()
  let brokers: Promise<Brokers> | undefined
  return {
    server,
    brokers: () => (brokers ??= startTestBrokers()),
    async close() {
      await (await brokers)?.stop()
      await server.close()
    },
  }
}

/** Tells the stories of one kind, one seed after another; on a server of its own where the kind wants a disk of its own. */
export async function tellKind(kind: FaultKind, seeds: readonly number[], grounds: Grounds): Promise<KindReport> {
  const blank = {
    kind: kind.name,
    about: kind.about,
    seeds: 0,
    faults: 0,
    acknowledged: 0,
    doubts: 0,
    violations: 0,
    bad: [],
    seconds: 0,
  }
  const skipped = kind.unavailable?.() ?? (kind.broker && kafkaMissing(kind.name))
  if (skipped !== undefined) return { ...blank, skipped }
  const began = performance.now()
  const server = kind.diskMiB === undefined ? grounds.server : await openServer(kind.diskMiB)
  const stories: { seed: number; told: Told }[] = []
  try {
    const brokers = kind.broker && (await grounds.brokers())
    for (const seed of seeds) {
      const url = await server.database(`${kind.name} ${seed}`)
      stories.push({ seed, told: await tellStory(kind, seed, { url, server, brokers }) })
    }
  } finally {
    if (server !== grounds.server) await server.close()
  }
  const sum = (of: (told: Told) => number): number => stories.reduce((all, { told }) => all + of(told), 0)
  return {
    ...blank,
    seeds: stories.length,
    faults: sum(({ faults }) => faults),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    doubts: sum(({ doubts }) => doubts),
    violations: sum(violationsOf),
    bad: stories.filter(({ told }) => violationsOf(told) > 0),
    seconds: Math.round((performance.now() - began) / 1_000),
  }
}

const violationsOf = ({ violations, breaches }: Told): number =>
  Object.values(violations).reduce((all, one: number) => all + one, breaches.length)

import { hasRole, type Actor } from '../../schemas/actor.ts'
import type { Facts, Finding, Refusal } from '../../schemas/decision.ts'
import { manifestParties } from '../../schemas/manifest/actions.ts'
import { hasValidCheckDigit } from '../../schemas/values/unit-code.ts'
import { historyOf, unitToday } from './context.ts'
import type { Runtime } from './execute.ts'
import { manifestOf } from './stocks.ts'

/**
 * Refusals and findings as their reader understands them: beside a credit code the name of its unit, and manifests by their official numbers. Names only of
 * units that the reader knows: its own, those of its contracts and those of the manifest that the command is about, if it has a part in it;
 * officials know all. Manifests are named by deciders only to readers who have a part in them (`promisesAt`).
 */
export async function inWords<T extends Refusal | Finding>(
  runtime: Runtime,
  actor: Actor,
  command: unknown,
  said: readonly T[],
): Promise<readonly T[]> {
  if (!said.some(({ facts }) => Object.entries(facts).some(([name, fact]) => name === PROMISED || isCode(fact))))
    return said
  const known = await knownTo(runtime, actor, command)
  return Promise.all(said.map(async (one) => ({ ...one, facts: await factsInWords(runtime, known, one.facts) })))
}

const PROMISED = 'promisedTo'
const isCode = (fact: string | number | undefined): fact is string =>
  typeof fact === 'string' && hasValidCheckDigit(fact)

type Known = (code: string) => boolean

async function knownTo(runtime: Runtime, actor: Actor, command: unknown): Promise<Known> {
  if (hasRole(actor, 'admin', 'bureau')) return () => true
  if (actor.unit === undefined) return () => false
  const { contracts } = await historyOf(runtime, actor.unit)
  const manifest = manifestIn(command)
  const parties = manifest === undefined ? [] : manifestParties(await manifestOf(runtime, manifest))
  const known = new Set([
    actor.unit,
    ...Object.values(contracts).flatMap(({ versions }) => versions.map(({ content }) => content.receiver)),
    ...(parties.includes(actor.unit) ? parties : []),
  ])
  return (code) => known.has(code)
}

const manifestIn = (command: unknown): string | undefined =>
  typeof command === 'object' && command !== null && 'manifest' in command && typeof command.manifest === 'string'
    ? command.manifest
    : undefined

async function factsInWords(runtime: Runtime, known: Known, facts: Facts): Promise<Facts> {
  const entries = Object.entries(facts).map(async ([name, fact]): Promise<readonly [string, string | number]> => {
    if (name === PROMISED) return [name, await numbersOf(runtime, String(fact))]
    if (!isCode(fact) || !known(fact)) return [name, fact]
    const unit = await unitToday(runtime, fact)
    return [name, unit.name === '' ? fact : `${unit.name} (${fact})`]
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** Manifests by their official numbers; one that has none yet by its id. */
const numbersOf = async (runtime: Runtime, ids: string): Promise<string> =>
  (
    await Promise.all(
      ids.split(', ').map(async (id) => (id === '…' ? id : ((await manifestOf(runtime, id)).number ?? id))),
    )
  ).join(', ')

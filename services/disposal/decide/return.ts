import type { ReturnRefused } from '../../../schemas/commands/disposal.ts'
import { acceptUnlessBlocked, refusal, refuse } from '../../../schemas/decision.ts'
import { guardManifest, nothingRefused } from '../../../schemas/manifest/actions.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { manifestDecider, unusable } from './manifest.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { ReturnContext } from '../../../schemas/rules/questions.ts'
import { businessDay } from '../../../schemas/values/time.ts'

/** All that was refused of a line and not returned yet is back in a store of the consignor (R75). */
export const returnRefused = manifestDecider<ReturnRefused, ReturnContext>((command, manifest, context) => {
  const obstacle = guardManifest('return', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const { line: no, store, occurredAt } = command
  const line = manifest.lines.find((filed) => filed.line === no)
  if (!line) return refuse(refusal('line-unknown', '/line', { line: no }))
  const lots = line.lots.flatMap(({ lot, refused, returned }) =>
    refused > returned ? [{ lot, grams: grams(refused - returned) }] : [],
  )
  if (lots.length === 0) return refuse(nothingRefused([line], '/line'))
  const [closed] = unusable(context.consignor, manifest.consignor, store, '/store')
  if (closed) return refuse(closed)
  const findings = law.ask('ReturnRefused', { command, manifest, context, day: businessDay(occurredAt) })
  return acceptUnlessBlocked(findings, () => [
    { type: 'LineReturned', occurredAt, data: { line: no, lots, to: store } },
  ])
})

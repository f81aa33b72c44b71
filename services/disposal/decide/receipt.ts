import { methodUnknown } from '../../../schemas/catalogues/unknown-codes.ts'
import type { AcceptManifest, RefuseManifest, WeighLoad } from '../../../schemas/commands/disposal.ts'
import { acceptUnlessBlocked, refusal, refuse, type Finding, type Refusal } from '../../../schemas/decision.ts'
import { guardManifest } from '../../../schemas/manifest/actions.ts'
import type { ManifestEvent } from '../../../schemas/manifest/events.ts'
import { decisionShares } from '../../../schemas/manifest/shares.ts'
import type { Line } from '../../../schemas/manifest/lines.ts'
import type { Manifest } from '../../../schemas/manifest/state.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { manifestDecider } from './manifest.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { DecidedLine, Questions, ReceiverContext } from '../../../schemas/rules/questions.ts'

const KILOGRAM = 1_000

/** 过磅 (R69): the vehicle's gross and tare; what arrived is their difference. */
export const weighLoad = manifestDecider<WeighLoad>((command, manifest, context) => {
  const obstacle = guardManifest('weighing', manifest, context.actor, businessDay(command.occurredAt))
  if (obstacle) return refuse(obstacle)
  const { grossKg, tareKg, occurredAt } = command
  const gross = grams(grossKg * KILOGRAM)
  const tare = grams(tareKg * KILOGRAM)
  const findings = law.ask('WeighLoad', { command, manifest, context, day: businessDay(occurredAt) })
  return acceptUnlessBlocked(findings, () => [
    { type: 'LoadWeighed', occurredAt, data: { gross, tare, net: grams(gross - tare) } },
  ])
})

type LineRequest = AcceptManifest['lines'][number]

/** The receiver's decision about some or all of the lines; the manifest is complete once every line has one. */
export const acceptManifest = manifestDecider<AcceptManifest, ReceiverContext>((command, manifest, context) => {
  const obstacle = guardManifest('acceptance', manifest, context.actor, businessDay(command.occurredAt))
  if (obstacle) return refuse(obstacle)
  return decideLines(command, manifest, context, (asked) => law.ask('AcceptManifest', { ...asked, command }))
})

/**
 * All lines that are still open, refused. What arrived is what had been shipped, unless the receiver's own scale says otherwise: then
 * the weighed kilograms fill the lines in their order, so that R69 holds and the difference is a variance.
 */
export const refuseManifest = manifestDecider<RefuseManifest, ReceiverContext>((command, manifest, context) => {
  const obstacle = guardManifest('refusal', manifest, context.actor, businessDay(command.occurredAt))
  if (obstacle) return refuse(obstacle)
  const { difference, note, ...act } = command
  const open = manifest.lines.filter(({ decision }) => decision === undefined)
  const decided = manifest.lines.reduce((sum, { accepted, refused }) => sum + accepted + refused, 0)
  const masses = arrivedByLine(open, manifest.weighing && manifest.weighing.net - decided)
  const lines = open.map(
    ({ line }, i): LineRequest => ({
      line,
      decision: 'refused',
      accepted: grams(0),
      refused: grams(masses[i] ?? 0),
      difference,
      note,
    }),
  )
  return decideLines({ ...act, lines }, manifest, context, (asked) => law.ask('RefuseManifest', { ...asked, command }))
})

function arrivedByLine(lines: readonly Line[], weighed: number | undefined): readonly number[] {
  const shipped = lines.map((line) => line.shipped ?? 0)
  const total = shipped.reduce((sum, mass) => sum + mass, 0)
  if (weighed === undefined || Math.floor(total / KILOGRAM) === Math.floor(weighed / KILOGRAM)) return shipped
  let left = Math.max(0, weighed)
  return shipped.map((mass, i) => {
    const mine = i === shipped.length - 1 ? left : Math.min(mass, left)
    left -= mine
    return mine
  })
}

type Asked = Omit<Questions['AcceptManifest'], 'command'>

function decideLines(
  command: AcceptManifest,
  manifest: Manifest,
  context: ReceiverContext,
  ask: (asked: Asked) => readonly Finding[],
) {
  const { occurredAt } = command
  const read = command.lines.map((request, i) => readDecision(request, i, command, manifest, context))
  const obstacles = read.flatMap((decision) => ('code' in decision ? [decision] : []))
  if (obstacles.length > 0) return refuse(...obstacles)
  const decided = read.flatMap((decision) => ('code' in decision ? [] : [decision]))
  const complete = completes(decided, manifest)
  const findings = ask({ manifest, decided, completes: complete, context, day: businessDay(occurredAt) })
  return acceptUnlessBlocked(findings, () => {
    const events: ManifestEvent[] = decided.map(
      ({ line, request: { decision, difference, note }, accepted, refused, method }) => {
        const lots = [...decisionShares(line.lots, accepted, refused)]
        const variance = accepted + refused - (line.shipped ?? 0)
        return {
          type: 'LineDecided',
          occurredAt,
          data: present({
            line: line.line,
            decision,
            accepted: grams(accepted),
            refused: grams(refused),
            variance,
            difference,
            note,
            method,
            lots,
          }),
        }
      },
    )
    // An out-record is received as it comes in: the slip of the receiver is its arrival too.
    if (manifest.status === 'departed') events.unshift({ type: 'ManifestArrived', occurredAt, data: {} })
    if (complete) events.push({ type: 'ManifestCompleted', occurredAt, data: {} })
    return events
  })
}

const completes = (decided: readonly DecidedLine[], manifest: Manifest): boolean =>
  manifest.lines.every(({ line, decision }) => decision !== undefined || decided.some((one) => one.line.line === line))

/** Reads one line of the decision; refused where it contradicts itself or the manifest. */
function readDecision(
  request: LineRequest,
  index: number,
  command: AcceptManifest,
  manifest: Manifest,
  { catalogues }: ReceiverContext,
): DecidedLine | Refusal {
  const pointer = `/lines/${index}`
  const { line: no, decision, accepted } = request
  const line = manifest.lines.find((filed) => filed.line === no)
  if (!line) return refusal('line-unknown', `${pointer}/line`, { line: no })
  if (command.lines.findIndex((other) => other.line === no) !== index)
    return refusal('line-twice', `${pointer}/line`, { line: no })
  if (line.decision !== undefined) return refusal('line-decided', `${pointer}/line`, { line: no })
  const refused = request.refused ?? (decision === 'accepted' ? 0 : Math.max(0, (line.shipped ?? 0) - accepted))
  const consistent = {
    accepted: accepted > 0 && refused === 0,
    'partly-accepted': accepted > 0 && refused > 0,
    // A line of which nothing arrived is said with its difference: what was shipped of it is variance of the carrier (R72, R74).
    refused: accepted === 0 && (refused > 0 || request.refused === 0),
  }
  if (!consistent[decision])
    return refusal('decision-contradicts', `${pointer}/decision`, { line: no, decision, accepted, refused })
  const method = request.method ?? (accepted > 0 ? line.method : undefined)
  if (method !== undefined && !catalogues.method(method)) return methodUnknown(method, `${pointer}/method`)
  // General waste is taken in by the ton and its method is chosen when it is treated; the form of a manifest has the field.
  if (method === undefined && accepted > 0 && line.waste.stream === 'hazardous')
    return refusal('method-needed', `${pointer}/method`, { line: no })
  return { line, request, pointer, accepted, refused, method }
}

import { describe, expect, test } from 'vitest'
import { builtinCatalogues } from '../../schemas/catalogues/builtin.ts'
import type { Context } from '../../schemas/context.ts'
import type { Decision } from '../../schemas/decision.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import { evolveManifest, noManifest, type Manifest } from '../../schemas/manifest/state.ts'
import { rules } from '../../schemas/rules/catalogue.ts'
import { grams } from '../../schemas/values/mass.ts'
import { acceptManifest, refuseManifest, weighLoad } from '../../services/disposal/decide/receipt.ts'
import { treatLine } from '../../services/disposal/decide/treatment.ts'
import { decideFiling } from '../../services/transport/decide/filing.ts'
import { decideOutShipment } from '../../services/transport/decide/out-shipment.ts'
import { pickUp } from '../../services/transport/decide/pickup.ts'
import { attachNumber, cancel, depart } from '../../services/transport/decide/road.ts'
import * as park from '../support/transfers.ts'
import { patched } from './patched.ts'

/** A command that is lawful as it stands, by its decider; cases of the rules change what is there or what is asked. */
interface Scene {
  readonly command: object
  readonly manifest?: Manifest
  readonly context: object
  decide(command: never, manifest: never, context: never): Decision<object>
}
const after = (...events: readonly ManifestEvent[]) => events.reduce(evolveManifest, noManifest)
const known = (actor: Context['actor'], more: object = {}) => ({
  actor,
  now: park.NOW,
  provenance: 'live',
  catalogues: builtinCatalogues,
  ...more,
})
const { CARRIER, CONSIGNOR, MANIFEST, PLATE, RECEIVER, unitOf } = park
const receiving = known(park.receiverActor, { receiver: unitOf(RECEIVER) })
const WEIGHED = after(...park.TO_THE_SCALE, park.weighedAt(500_000))
const decided = acceptManifest.decide(park.accepting(), WEIGHED, receiving as never)
const ACCEPTED = decided.accepted ? decided.events.reduce(evolveManifest, WEIGHED) : WEIGHED

const scenes: Readonly<Record<string, Scene>> = {
  FileManifest: {
    command: { ...park.filing(), legs: [{ carrier: CARRIER, plate: PLATE }] },
    context: known(park.consignorActor, {
      manifest: MANIFEST,
      lots: park.lotsOf(...park.PACKAGES),
      consignor: unitOf(CONSIGNOR),
      receiver: unitOf(RECEIVER),
      carriers: new Map([[CARRIER, unitOf(CARRIER)]]),
      plan: park.planOf(),
    }),
    decide: (command, _, context) => decideFiling(command, context),
  },
  AttachNumber: {
    command: { manifest: MANIFEST, number: park.NUMBER, occurredAt: park.at(9) },
    manifest: { ...after(park.FILED), number: undefined },
    context: known(park.consignorActor, { takenBy: undefined, consignor: unitOf(CONSIGNOR) }),
    decide: attachNumber.decide,
  },
  PickUp: {
    command: { ...park.pickingUp(), driver: undefined },
    manifest: after(park.FILED),
    context: known(park.carrierActor, {
      lots: park.BOTH_RESERVED,
      receiver: unitOf(RECEIVER),
      carrier: unitOf(CARRIER),
    }),
    decide: pickUp.decide,
  },
  Depart: {
    command: { manifest: MANIFEST, occurredAt: park.at(10) },
    manifest: after(park.FILED, park.PICKED_UP),
    context: known(park.carrierActor),
    decide: depart.decide,
  },
  CancelManifest: {
    command: { manifest: MANIFEST, cause: '改期', occurredAt: park.at(10) },
    manifest: after(park.FILED),
    context: known(park.consignorActor),
    decide: cancel.decide,
  },
  RecordOutShipment: {
    command: park.outShipment(),
    context: known(park.consignorActor, {
      manifest: MANIFEST,
      pool: park.poolOf(),
      consignor: unitOf(CONSIGNOR),
      carrier: unitOf(CARRIER),
      receiver: unitOf(RECEIVER),
    }),
    decide: (command, _, context) => decideOutShipment(command, context),
  },
  WeighLoad: {
    command: { manifest: MANIFEST, grossKg: 10_500, tareKg: 10_000, occurredAt: park.at(12) },
    manifest: after(...park.TO_THE_SCALE),
    context: receiving,
    decide: weighLoad.decide,
  },
  AcceptManifest: { command: park.accepting(), manifest: WEIGHED, context: receiving, decide: acceptManifest.decide },
  RefuseManifest: {
    command: { manifest: MANIFEST, difference: 'other', note: '不符', occurredAt: park.at(13) },
    manifest: WEIGHED,
    context: receiving,
    decide: refuseManifest.decide,
  },
  TreatLine: {
    command: {
      ...park.treating(),
      residues: [{ code: '900-407-06', stream: 'hazardous', grams: grams(100_000), lot: 'residue' }],
    },
    manifest: ACCEPTED,
    context: { ...receiving, existing: new Set() },
    decide: treatLine.decide,
  },
}
const commandOf = (question: string) => question.split(':')[0] ?? ''

const run = (scene: Scene, changes: { command?: object; given?: { manifest?: object; context?: object } } = {}) => {
  const { command, given = {} } = changes
  return scene.decide(
    patched(scene.command, command) as never,
    patched(scene.manifest, given.manifest) as never,
    patched(scene.context, given.context) as never,
  )
}

test.each(Object.entries(scenes))('%s is lawful as it stands', (_, scene) => {
  expect(run(scene)).toMatchObject({ accepted: true, findings: [] })
})

const cases = rules.flatMap(({ id, cases: of }) =>
  Object.entries(of).flatMap(([question, list]) =>
    commandOf(question) in scenes && question !== 'FileManifest:number'
      ? list.map((one) => [id, question, one.name.en, one] as const)
      : [],
  ),
)

describe('what the rules of transport and disposal do to their commands', () => {
  test.each(cases)('%s, %s: %s', (id, question, _name, { given, command, expect: severity }) => {
    const decision = run(scenes[commandOf(question)] as Scene, { given, command } as never)
    if (severity === 'WARN')
      expect(decision).toMatchObject({
        accepted: true,
        findings: expect.arrayContaining([expect.objectContaining({ rule: id, severity })]),
      })
    else
      expect(decision).toMatchObject({
        accepted: false,
        refusals: expect.arrayContaining([expect.objectContaining({ rule: id })]),
      })
  })
})

import type { LotFilter as LotFilterView } from '../../../projections/lots/queries.ts'
import type { ManifestFilter as ManifestFilterView } from '../../../projections/manifests/queries.ts'
import type { UnitFilter as UnitFilterView } from '../../../projections/registry/queries.ts'
import { hasRole } from '../../../schemas/actor.ts'
import { spelledId } from '../../../schemas/values/given-ids.ts'
import { foldCode } from '../../../schemas/values/text.ts'
import { builder } from './builder.ts'
import { refusedQuery } from './errors.ts'
import { awaitPosition, given } from './inputs.ts'
import { requireCode, requireCompetence, requireUnits } from './known.ts'
import { lotIdsNamed, lotNamed, manifestsNamed } from './names.ts'
import { connection, pageCost } from './paging.ts'
import { inOneSpelling } from './spellings.ts'
import { Actor } from './types/actor.ts'
import { Event } from './types/event.ts'
import { Case, CaseConnection, CaseFilter, casesOf } from './types/case.ts'
import { Hold, HoldConnection, HoldFilter, holdsOf } from './types/hold.ts'
import { Correction, CorrectionConnection, CorrectionFilter, correctionsOf } from './types/correction.ts'
import { FindingConnection, FindingFilter, findingsOf } from './types/finding.ts'
import { Lot, LotConnection, LotFilter, lotWalk, type GivenLotFilter } from './types/lot.ts'
import {
  Manifest,
  ManifestConnection,
  ManifestFilter,
  manifestWalk,
  type GivenManifestFilter,
} from './types/manifest.ts'
import { ParkedEventConnection, parkedWalk } from './types/parked-event.ts'
import { Unit, UnitConnection, UnitFilter, unitWalk } from './types/unit.ts'

/** Queries about single things and lists of them. What does not exist for the reader is null, and in no list and no count. */
builder.queryFields((t) => {
  const page = { first: t.arg.int(), after: t.arg.string() }
  const min = { minPosition: t.arg({ type: 'Position' }) }
  const id = t.arg.id({ required: true })
  return {
    manifest: t.field({
      type: Manifest,
      nullable: true,
      args: {
        number: t.arg.id({
          required: true,
          description:
            '联单编号、记录表编号或本系统 id；多个单位用同一记录表编号时写作“单位代码/编号”。 Number or own id; `<unit>/<number>` where several units use the same record number.',
        }),
        ...min,
      },
      resolve: async (_root, { number, minPosition }, context) => {
        await awaitPosition(minPosition, context)
        const [manifest, ...others] = await manifestsNamed(number, context)
        if (others.length > 0)
          throw refusedQuery('identifier-ambiguous', { name: number, count: others.length + 1 }, context.language)
        return manifest ?? null
      },
    }),
    manifests: t.field({
      type: ManifestConnection,
      args: { filter: t.arg({ type: ManifestFilter }), ...page, ...min },
      complexity: pageCost,
      resolve: async (_root, { filter, minPosition, ...args }, context) => {
        await awaitPosition(minPosition, context)
        const { readSide, visibility } = context
        const wanted: ManifestFilterView = inOneSpelling(given<GivenManifestFilter>(filter))
        requireCompetence(wanted.stream, context)
        await requireUnits([wanted.unit, wanted.consignor, wanted.receiver], context)
        await requireCode(wanted.wasteCode, context)
        return connection(
          args,
          context,
          manifestWalk,
          (part) => readSide.manifests(wanted, part, visibility),
          () => readSide.countManifests(wanted, visibility),
        )
      },
    }),
    lot: t.field({
      type: Lot,
      nullable: true,
      args: {
        id: t.arg.id({
          required: true,
          description:
            'Lot id, label, batch or record code, or the number of a manifest with one lot; `<unit>/<code>` where several units use the same code.',
        }),
        ...min,
      },
      resolve: async (_root, { id, minPosition }, context) => {
        await awaitPosition(minPosition, context)
        return lotNamed(id, context)
      },
    }),
    lots: t.field({
      type: LotConnection,
      args: { filter: t.arg({ type: LotFilter }), ...page, ...min },
      complexity: pageCost,
      resolve: async (_root, { filter, minPosition, ...args }, context) => {
        await awaitPosition(minPosition, context)
        const { readSide, visibility } = context
        const { identifier, label, batch, number, ...plain } = inOneSpelling(given<GivenLotFilter>(filter))
        requireCompetence(plain.stream, context)
        await requireUnits([plain.unit, plain.originUnit], context)
        await requireCode(plain.code, context)
        const ids = await lotIdsNamed({ identifier, label, batch, number }, context)
        const wanted: LotFilterView = ids === undefined ? plain : { ...plain, ids }
        return connection(
          args,
          context,
          lotWalk,
          (part) => readSide.lots(wanted, part, visibility),
          () => readSide.countLots(wanted, visibility),
        )
      },
    }),
    findings: t.field({
      type: FindingConnection,
      args: { filter: t.arg({ type: FindingFilter }), ...page, ...min },
      complexity: pageCost,
      resolve: async (_root, { filter, minPosition, ...args }, context) => {
        await awaitPosition(minPosition, context)
        return findingsOf(filter, args, context)
      },
    }),
    case: t.field({
      type: Case,
      nullable: true,
      args: { id: t.arg.id({ required: true }), ...min },
      resolve: async (_root, { id: asked, minPosition }, context) => {
        await awaitPosition(minPosition, context)
        return (await context.readSide.caseById(spelledId(asked), context.visibility)) ?? null
      },
    }),
    cases: t.field({
      type: CaseConnection,
      args: { filter: t.arg({ type: CaseFilter }), ...page, ...min },
      complexity: pageCost,
      resolve: async (_root, { filter, minPosition, ...args }, context) => {
        await awaitPosition(minPosition, context)
        return casesOf(filter, args, context)
      },
    }),
    hold: t.field({
      type: Hold,
      nullable: true,
      args: { id: t.arg.id({ required: true }), ...min },
      resolve: async (_root, { id: asked, minPosition }, context) => {
        await awaitPosition(minPosition, context)
        return (await context.readSide.holdById(spelledId(asked), context.visibility)) ?? null
      },
    }),
    holds: t.field({
      type: HoldConnection,
      args: { filter: t.arg({ type: HoldFilter }), ...page, ...min },
      complexity: pageCost,
      resolve: async (_root, { filter, minPosition, ...args }, context) => {
        await awaitPosition(minPosition, context)
        return holdsOf(filter, args, context)
      },
    }),
    correction: t.field({
      type: Correction,
      nullable: true,
      args: { id: t.arg.id({ required: true }), ...min },
      resolve: async (_root, { id: asked, minPosition }, context) => {
        await awaitPosition(minPosition, context)
        return (await context.readSide.correctionById(spelledId(asked), context.visibility)) ?? null
      },
    }),
    corrections: t.field({
      type: CorrectionConnection,
      args: { filter: t.arg({ type: CorrectionFilter }), ...page, ...min },
      complexity: pageCost,
      resolve: async (_root, { filter, minPosition, ...args }, context) => {
        await awaitPosition(minPosition, context)
        return correctionsOf(filter, args, context)
      },
    }),
    unit: t.field({ type: Unit, nullable: true, args: { code: id }, resolve: (_root, { code }) => foldCode(code) }),
    units: t.field({
      type: UnitConnection,
      args: { filter: t.arg({ type: UnitFilter }), ...page },
      complexity: pageCost,
      resolve: (_root, { filter, ...args }, context) => {
        const { readSide, visibility } = context
        const { insidePark, ...rest } = given(filter)
        const wanted: UnitFilterView = insidePark === undefined ? rest : { ...rest, inside: insidePark }
        return connection(
          args,
          context,
          unitWalk,
          (part) => readSide.units(wanted, part, visibility),
          () => readSide.countUnits(wanted, visibility),
        )
      },
    }),
    event: t.field({
      type: Event,
      nullable: true,
      args: { position: t.arg({ type: 'Position', required: true }) },
      resolve: (_root, { position }) => position,
    }),
    parkedEvents: t.field({
      type: ParkedEventConnection,
      description: '供运维：未能计入账目的事件。 For operators (admin): events that are in no figure, and what to do.',
      args: page,
      complexity: pageCost,
      resolve: (_root, args, context) => {
        const { readSide, actor, language } = context
        if (!hasRole(actor, 'admin')) throw refusedQuery('forbidden', {}, language)
        return connection(
          args,
          context,
          parkedWalk,
          (part) => readSide.parkedEvents(part),
          () => readSide.countParkedEvents(),
        )
      },
    }),
    me: t.field({ type: Actor, resolve: (_root, _args, { actor }) => actor }),
  }
})

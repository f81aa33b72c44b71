import { z } from 'zod'
import type { LotCursor, LotFilter as LotFilterView, LotView } from '../../../../projections/lots/queries.ts'
import { lotActions } from '../../../../schemas/lot/actions.ts'
import type { Holding as HoldingView } from '../../../../schemas/lot/holdings.ts'
import { lotStream } from '../../../../schemas/values/identifiers.ts'
import { builder } from '../builder.ts'
import { AccountKind, LotStatus, WasteStream } from '../enums.ts'
import type { LotNames } from '../names.ts'
import { cursorParts, pageCost, type Walk } from '../paging.ts'
import { AvailableAction } from './action.ts'
import { EventConnection, history } from './event.ts'
import { FindingConnection, findingsOf } from './finding.ts'
import { Unit } from './unit.ts'

export const Lot = builder.loadableNodeRef('Lot', {
  id: { resolve: ({ id }) => id },
  toKey: ({ id }: LotView) => id,
  sort: true,
  loaderOptions: { cache: false },
  load: (ids: string[], { readSide, visibility }) => readSide.lotsById(ids, visibility),
})

const Holding = builder.objectRef<HoldingView>('Holding')
Holding.implement({
  description: 'Mass of a lot in one account.',
  fields: (t) => ({
    kind: t.field({ type: AccountKind, resolve: ({ place }) => place.at }),
    holderCode: t.id({ resolve: ({ place }) => place.holder }),
    holder: t.field({ type: Unit, nullable: true, resolve: ({ place }) => place.holder }),
    place: t.string({ description: 'Facility, store or vehicle.', resolve: ({ place }) => place.place }),
    document: t.string({ nullable: true, resolve: ({ place }) => place.document ?? null }),
    grams: t.expose('grams', { type: 'Grams' }),
  }),
})

Lot.implement({
  description: '批次。 An amount of one waste, as its own events tell it.',
  fields: (t) => ({
    stream: t.field({ type: WasteStream, resolve: ({ lot }) => lot.waste?.stream ?? 'industrial' }),
    wasteCode: t.string({ resolve: ({ lot }) => lot.waste?.code ?? '' }),
    name: t.string({ nullable: true, resolve: ({ lot }) => lot.name ?? null }),
    originCode: t.id({ resolve: ({ lot }) => lot.origin?.unit ?? '' }),
    origin: t.field({
      type: Unit,
      nullable: true,
      description: 'Whose waste it is.',
      resolve: ({ lot }) => lot.origin?.unit ?? null,
    }),
    insidePark: t.boolean({
      description: 'Whether that unit lay in the park when the waste came to be.',
      resolve: ({ lot }) => lot.origin?.inside ?? false,
    }),
    bornOn: t.field({ type: 'Date', resolve: ({ lot }) => lot.bornOn }),
    batch: t.string({ nullable: true, resolve: ({ lot }) => lot.batch ?? null }),
    label: t.string({
      nullable: true,
      description: '37 位数字识别码（HJ 1276-2022）。',
      resolve: ({ lot }) => lot.label ?? null,
    }),
    pool: t.boolean({
      description: 'A pool of general waste of one unit and code, filled by many records.',
      resolve: ({ lot }) => lot.pool,
    }),
    classified: t.boolean({ resolve: ({ lot }) => lot.classified }),
    hazards: t.stringList({ resolve: ({ lot }) => [...(lot.hazards ?? [])] }),
    form: t.string({ nullable: true, resolve: ({ lot }) => lot.form ?? null }),
    status: t.expose('status', { type: LotStatus }),
    grams: t.expose('grams', { type: 'Grams', description: 'What lies anywhere now.' }),
    held: t.field({ type: [Holding], resolve: ({ lot }) => Object.values(lot.held) }),
    reserved: t.field({
      type: [Holding],
      description: 'Promised to lines of manifests.',
      resolve: ({ lot }) => Object.values(lot.reserved),
    }),
    revision: t.exposeInt('revision'),
    position: t.expose('position', { type: 'Position' }),
    availableActions: t.field({
      type: [AvailableAction],
      resolve: ({ lot }, _args, { actor }) => [...lotActions(lot, actor)],
    }),
    events: t.field({
      type: EventConnection,
      args: { first: t.arg.int(), after: t.arg.string() },
      complexity: pageCost,
      resolve: ({ id, revision }, args, context) => history(lotStream(id), revision, args, context),
    }),
    findings: t.field({
      type: FindingConnection,
      args: { first: t.arg.int(), after: t.arg.string() },
      complexity: pageCost,
      resolve: ({ id }, args, context) => findingsOf({ subject: id }, args, context),
    }),
  }),
})

export const LotConnection = builder.connectionObject({ type: Lot, name: 'LotConnection' }, { name: 'LotEdge' })

export const LotFilter = builder.inputType('LotFilter', {
  fields: (t) => ({
    unit: t.id({ description: 'Any unit that the lot has been with.' }),
    originUnit: t.id(),
    stream: t.field({ type: WasteStream }),
    code: t.string(),
    status: t.field({ type: LotStatus }),
    bornFrom: t.field({ type: 'Date' }),
    bornTo: t.field({ type: 'Date' }),
    identifier: t.id({
      description: 'Lot id, label, batch or record code, or number of a manifest; `<unit>/<code>`, too.',
    }),
    label: t.id({ description: 'The 37 characters of a label.' }),
    batch: t.id({ description: 'Batch or record code.' }),
    number: t.id({ description: 'Number of a manifest or record: the lots on its lines.' }),
  }),
})

/** A lot filter as GraphQL hands it over. */
export type GivenLotFilter = {
  readonly [K in keyof Omit<LotFilterView, 'ids'>]?: LotFilterView[K] | null | undefined
} & LotNames

export const lotWalk: Walk<LotView, LotCursor> = {
  list: 'lots',
  parts: z.tuple([cursorParts.day, cursorParts.word]),
  toParts: ({ id, lot }) => [lot.bornOn, id],
  toCursor: ([bornOn, id]) => ({ bornOn: String(bornOn), id: String(id) }),
}

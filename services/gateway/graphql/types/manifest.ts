import { z } from 'zod'
import type {
  ManifestCursor,
  ManifestFilter as ManifestFilterView,
  ManifestView,
} from '../../../../projections/manifests/queries.ts'
import { manifestActions } from '../../../../schemas/manifest/actions.ts'
import type { Leg as LegView } from '../../../../schemas/manifest/shapes.ts'
import { manifestStream } from '../../../../schemas/values/identifiers.ts'
import { businessDay } from '../../../../schemas/values/time.ts'
import { builder } from '../builder.ts'
import { ManifestForm, ManifestStatus, WasteStream } from '../enums.ts'
import { cursorParts, pageCost, type Walk } from '../paging.ts'
import { AvailableAction } from './action.ts'
import { EventConnection, history } from './event.ts'
import { FindingConnection, findingsOf } from './finding.ts'
import { ManifestLine } from './manifest-line.ts'
import { Person } from './person.ts'
import { nameOn, Unit } from './unit.ts'

export const Manifest = builder.loadableNodeRef('Manifest', {
  id: { resolve: ({ id }) => id },
  toKey: ({ id }: ManifestView) => id,
  sort: true,
  loaderOptions: { cache: false },
  load: (ids: string[], { readSide, visibility }) => readSide.manifestsByName(ids, visibility),
})

const Leg = builder.objectRef<LegView & { readonly manifest: string; readonly filedAt: string }>('Leg')
Leg.implement({
  description: 'One carrier’s part of the way.',
  fields: (t) => ({
    carrierCode: t.exposeID('carrier'),
    carrier: t.field({ type: Unit, nullable: true, resolve: ({ carrier }) => carrier }),
    carrierName: t.string({
      nullable: true,
      description: '填写联单之日的名称。 Name on the day of the filing.',
      resolve: ({ carrier, filedAt }, _args, context) => nameOn(carrier, businessDay(filedAt), context),
    }),
    plate: t.exposeString('plate'),
    trailer: t.string({ nullable: true, description: '挂车号牌。', resolve: ({ trailer }) => trailer ?? null }),
    driver: t.field({
      type: Person,
      nullable: true,
      resolve: ({ driver, carrier, manifest }) =>
        driver ? { ...driver, holder: carrier, about: manifestStream(manifest) } : null,
    }),
  }),
})

const Weighing = builder.objectRef<NonNullable<ManifestView['manifest']['weighing']>>('Weighing')
Weighing.implement({
  description: '过磅（毛重、皮重、净重）。',
  fields: (t) => ({
    gross: t.expose('gross', { type: 'Grams' }),
    tare: t.expose('tare', { type: 'Grams' }),
    net: t.expose('net', { type: 'Grams' }),
  }),
})

Manifest.implement({
  description: '转移联单或出厂环节记录表。 The document of one transfer.',
  fields: (t) => {
    const unit = (code: (manifest: ManifestView) => string) => t.field({ type: Unit, nullable: true, resolve: code })
    const name = (code: (manifest: ManifestView) => string) =>
      t.string({
        nullable: true,
        description: '填写联单之日的名称。 Name on the day of the filing.',
        resolve: (view, _args, context) => nameOn(code(view), businessDay(view.manifest.filedAt), context),
      })
    const step = (name: keyof ManifestView['steps']) =>
      t.field({ type: 'DateTime', nullable: true, resolve: ({ steps }) => steps[name] ?? null })
    return {
      number: t.id({
        nullable: true,
        description: '14 位联单编号，或记录表编号。',
        resolve: ({ manifest }) => manifest.number ?? null,
      }),
      form: t.field({ type: ManifestForm, resolve: ({ manifest }) => manifest.form }),
      // 'none' has no row and 'abandoned' exists for nobody.
      status: t.field({
        type: ManifestStatus,
        resolve: ({ manifest }) => manifest.status as typeof ManifestStatus.$inferType,
      }),
      stream: t.field({
        type: WasteStream,
        resolve: ({ manifest }) => manifest.lines[0]?.waste.stream ?? 'industrial',
      }),
      consignorCode: t.id({ resolve: ({ manifest }) => manifest.consignor }),
      consignor: unit(({ manifest }) => manifest.consignor),
      consignorName: name(({ manifest }) => manifest.consignor),
      receiverCode: t.id({ resolve: ({ manifest }) => manifest.receiver }),
      receiver: unit(({ manifest }) => manifest.receiver),
      receiverName: name(({ manifest }) => manifest.receiver),
      shipperCode: t.id({ description: '托运人。', resolve: ({ manifest }) => manifest.shipper }),
      licence: t.string({
        nullable: true,
        description: '接受人许可证编号。',
        resolve: ({ manifest }) => manifest.licence ?? null,
      }),
      destination: t.exposeString('destination'),
      legs: t.field({
        type: [Leg],
        resolve: ({ id, manifest }) =>
          manifest.legs.map((leg) => ({ ...leg, manifest: id, filedAt: manifest.filedAt })),
      }),
      leg: t.int({ description: 'Index of who carries it now.', resolve: ({ manifest }) => manifest.leg }),
      lines: t.field({
        type: [ManifestLine],
        resolve: ({ manifest, notes }) => manifest.lines.map((line) => ({ ...line, received: notes[line.line] })),
      }),
      weighing: t.field({ type: Weighing, nullable: true, resolve: ({ manifest }) => manifest.weighing ?? null }),
      filedAt: t.field({ type: 'DateTime', resolve: ({ manifest }) => manifest.filedAt }),
      pickedUpAt: step('pickedUp'),
      departedAt: step('departed'),
      arrivedAt: step('arrived'),
      weighedAt: step('weighed'),
      completedAt: step('completed'),
      cancelledAt: step('cancelled'),
      revision: t.exposeInt('revision'),
      position: t.expose('position', { type: 'Position' }),
      availableActions: t.field({
        type: [AvailableAction],
        resolve: ({ manifest }, _args, { actor }) => [...manifestActions(manifest, actor)],
      }),
      events: t.field({
        type: EventConnection,
        args: { first: t.arg.int(), after: t.arg.string() },
        complexity: pageCost,
        resolve: ({ id, revision }, args, context) => history(manifestStream(id), revision, args, context),
      }),
      findings: t.field({
        type: FindingConnection,
        args: { first: t.arg.int(), after: t.arg.string() },
        complexity: pageCost,
        resolve: ({ id }, args, context) => findingsOf({ subject: id }, args, context),
      }),
    }
  },
})

export const ManifestConnection = builder.connectionObject(
  { type: Manifest, name: 'ManifestConnection' },
  { name: 'ManifestEdge' },
)

export const ManifestFilter = builder.inputType('ManifestFilter', {
  fields: (t) => ({
    unit: t.id({ description: 'Any unit with a part in it.' }),
    consignor: t.id(),
    receiver: t.id(),
    stream: t.field({ type: WasteStream }),
    form: t.field({ type: ManifestForm }),
    status: t.field({ type: ManifestStatus }),
    wasteCode: t.string(),
    filedFrom: t.field({ type: 'Date' }),
    filedTo: t.field({ type: 'Date' }),
  }),
})

/** A manifest filter as GraphQL hands it over. */
export type GivenManifestFilter = {
  readonly [K in keyof ManifestFilterView]?: ManifestFilterView[K] | null | undefined
}

export const manifestWalk: Walk<ManifestView, ManifestCursor> = {
  list: 'manifests',
  parts: z.tuple([cursorParts.micros, cursorParts.word]),
  toParts: ({ filedMicros, id }) => [filedMicros, id],
  toCursor: ([filedMicros, id]) => ({ filedMicros: String(filedMicros), id: String(id) }),
}

import { z } from 'zod'
import type {
  Contract as ContractView,
  Driver as DriverView,
  Facility as FacilityView,
  Licence as LicenceView,
  PlannedTransfer,
  Site as SiteView,
  Span,
  UnitView,
  Vehicle as VehicleView,
  WithHistory,
} from '../../../../projections/registry/queries.ts'
import type { Day } from '../../../../schemas/values/time.ts'
import { builder } from '../builder.ts'
import type { GatewayContext } from '../context.ts'
import { UnitRole } from '../enums.ts'
import { unitStream } from '../../../../schemas/values/identifiers.ts'
import { cursorParts, type Walk } from '../paging.ts'
import { Person } from './person.ts'

/** A registered unit. Its public face shows to whoever deals with it; what it keeps to itself only to itself and to officials. */
export const Unit = builder.loadableNodeRef('Unit', {
  id: { resolve: ({ code }) => code },
  toKey: ({ code }: WithHistory<UnitView>) => code,
  sort: true,
  loaderOptions: { cache: false },
  load: (codes: string[], { readSide, visibility }) => readSide.unitsByCode(codes, visibility),
})

const inside = ({ code }: UnitView) => ({ insideOf: code })
const nothing = () => null
const none = () => []

/** The days of a version, and where it was recorded: its event says by whom. */
const Version = builder.interfaceRef<Span>('Version')
Version.implement({
  description: '主数据在一段时间内的状态。 A thing of the master data, as it was on these days.',
  fields: (t) => ({
    from: t.field({
      type: 'Date',
      nullable: true,
      description: 'First day; null: since ever, as far as is known.',
      resolve: ({ from }) => from ?? null,
    }),
    to: t.field({
      type: 'Date',
      nullable: true,
      description: 'Last day; null: until now.',
      resolve: ({ to }) => to ?? null,
    }),
    endedBecause: t.string({
      nullable: true,
      description: '终止原因。 Why it was no more on these days.',
      resolve: ({ endedBecause }) => endedBecause ?? null,
    }),
    position: t.expose('position', { type: 'Position', description: 'Event that says so; see `event`.' }),
  }),
})

/** First day on which a thing that has a history is no more; each kind has its own word for it. */
const ENDED_FROM = {
  type: 'Date',
  nullable: true,
  description: 'First day on which it is no more.',
  resolve: ({ endedFrom }: { readonly endedFrom?: Day | undefined }) => endedFrom ?? null,
} as const

const FacilityFacts = builder.interfaceRef<FacilityView>('FacilityFacts')
FacilityFacts.implement({
  fields: (t) => ({
    code: t.exposeID('code'),
    name: t.exposeString('name'),
    kind: t.exposeString('kind'),
    site: t.exposeString('site', { nullable: true }),
    capacity: t.expose('capacity', { type: 'Grams', nullable: true }),
  }),
})
const FacilityVersion = builder.objectRef<FacilityView & Span>('FacilityVersion')
FacilityVersion.implement({ interfaces: [FacilityFacts, Version] })
const Facility = builder.objectRef<WithHistory<FacilityView>>('Facility')
Facility.implement({
  description: '设施（MF####、TS###）。',
  interfaces: [FacilityFacts],
  fields: (t) => ({
    closedFrom: t.field(ENDED_FROM),
    history: t.field({ type: [FacilityVersion], resolve: ({ history }) => [...history] }),
  }),
})

const SiteFacts = builder.interfaceRef<SiteView>('SiteFacts')
SiteFacts.implement({
  fields: (t) => ({
    code: t.exposeID('code'),
    name: t.exposeString('name'),
    address: t.exposeString('address'),
    division: t.string({
      nullable: true,
      description: '行政区划代码（GB/T 2260）。 Division that waste leaving it moves from.',
      resolve: ({ division }) => division ?? null,
    }),
  }),
})
const SiteVersion = builder.objectRef<SiteView & Span>('SiteVersion')
SiteVersion.implement({ interfaces: [SiteFacts, Version] })
const Site = builder.objectRef<WithHistory<SiteView>>('Site')
Site.implement({
  description: '场所。',
  interfaces: [SiteFacts],
  fields: (t) => ({
    closedFrom: t.field(ENDED_FROM),
    history: t.field({ type: [SiteVersion], resolve: ({ history }) => [...history] }),
  }),
})

const LicenceFacts = builder.interfaceRef<LicenceView>('LicenceFacts')
LicenceFacts.implement({
  fields: (t) => ({
    number: t.exposeID('number'),
    kind: t.exposeString('kind'),
    covers: t.exposeStringList('covers'),
    methods: t.exposeStringList('methods'),
    annual: t.expose('annual', { type: 'Grams', description: '年经营规模。' }),
    validFrom: t.expose('validFrom', { type: 'Date' }),
    validTo: t.expose('validTo', { type: 'Date' }),
  }),
})
const LicenceVersion = builder.objectRef<LicenceView & Span>('LicenceVersion')
LicenceVersion.implement({ interfaces: [LicenceFacts, Version] })
const Licence = builder.objectRef<WithHistory<LicenceView>>('Licence')
Licence.implement({
  description: '危险废物经营许可证；公开信息。 A licence; public by law.',
  interfaces: [LicenceFacts],
  fields: (t) => ({
    revokedFrom: t.field(ENDED_FROM),
    history: t.field({ type: [LicenceVersion], resolve: ({ history }) => [...history] }),
  }),
})

const VehicleFacts = builder.interfaceRef<VehicleView>('VehicleFacts')
VehicleFacts.implement({
  fields: (t) => ({
    plate: t.exposeID('plate'),
    permit: t.exposeString('permit'),
    validTo: t.expose('validTo', { type: 'Date' }),
    rated: t.expose('rated', { type: 'Grams', nullable: true }),
    dangerousGoods: t.exposeBoolean('dangerousGoods'),
  }),
})
const VehicleVersion = builder.objectRef<VehicleView & Span>('VehicleVersion')
VehicleVersion.implement({ interfaces: [VehicleFacts, Version] })
const Vehicle = builder.objectRef<WithHistory<VehicleView>>('Vehicle')
Vehicle.implement({
  description: '车辆。 A vehicle with its permit.',
  interfaces: [VehicleFacts],
  fields: (t) => ({
    deregisteredFrom: t.field(ENDED_FROM),
    history: t.field({ type: [VehicleVersion], resolve: ({ history }) => [...history] }),
  }),
})

const DriverFacts = builder.interfaceRef<DriverView>('DriverFacts')
DriverFacts.implement({
  fields: (t) => ({
    permit: t.exposeString('permit'),
    validTo: t.expose('validTo', { type: 'Date' }),
    dangerousGoods: t.exposeBoolean('dangerousGoods'),
  }),
})
const DriverVersion = builder.objectRef<DriverView & Span>('DriverVersion')
DriverVersion.implement({ interfaces: [DriverFacts, Version] })
const Driver = builder.objectRef<WithHistory<DriverView>>('Driver')
Driver.implement({
  description: '登记的驾驶员及其从业资格。 A registered driver with their permit.',
  interfaces: [DriverFacts],
  fields: (t) => ({
    person: t.field({
      type: Person,
      resolve: ({ person, unit }) => ({ ...person, holder: unit, about: unitStream(unit) }),
    }),
    deregisteredFrom: t.field(ENDED_FROM),
    history: t.field({ type: [DriverVersion], resolve: ({ history }) => [...history] }),
  }),
})

const ContractFacts = builder.interfaceRef<ContractView>('ContractFacts')
ContractFacts.implement({
  fields: (t) => ({
    number: t.exposeID('number'),
    wasteCode: t.exposeString('wasteCode'),
    validFrom: t.expose('validFrom', { type: 'Date' }),
    validTo: t.expose('validTo', { type: 'Date' }),
    receiverCode: t.exposeID('receiver'),
    receiver: t.field({ type: Unit, nullable: true, resolve: ({ receiver }) => receiver }),
  }),
})
const ContractVersion = builder.objectRef<ContractView & Span>('ContractVersion')
ContractVersion.implement({ interfaces: [ContractFacts, Version] })
const Contract = builder.objectRef<WithHistory<ContractView>>('Contract')
Contract.implement({
  description: '委托合同。 A contract of consignor and receiver.',
  interfaces: [ContractFacts],
  fields: (t) => ({
    terminatedFrom: t.field(ENDED_FROM),
    history: t.field({ type: [ContractVersion], resolve: ({ history }) => [...history] }),
  }),
})

const PlanLine = builder.objectRef<PlannedTransfer>('PlanLine')
PlanLine.implement({
  description: '管理计划的一行（HJ 1259-2022 A.7）。',
  fields: (t) => ({
    year: t.exposeInt('year'),
    wasteCode: t.exposeString('wasteCode'),
    method: t.exposeString('method'),
    planned: t.expose('planned', { type: 'Grams' }),
    destination: t.exposeString('destination'),
    receiverCode: t.exposeID('receiver'),
    receiver: t.field({ type: Unit, nullable: true, resolve: ({ receiver }) => receiver }),
  }),
})

/** Groups what was read for several units at once back by unit. */
const grouped = {
  group: ({ unit }: { readonly unit: string }) => unit,
  loaderOptions: { cache: false },
  resolve: ({ code }: UnitView) => code,
}

const UnitVersion = builder.objectRef<UnitView & Span>('UnitVersion')
UnitVersion.implement({
  interfaces: [Version],
  fields: (t) => ({
    name: t.exposeString('name'),
    roles: t.field({ type: [UnitRole], resolve: ({ roles }) => [...roles] }),
    insidePark: t.exposeBoolean('inside'),
    industry: t.exposeString('industry', { nullable: true }),
    address: t.exposeString('address', { nullable: true, authScopes: inside, unauthorizedResolver: nothing }),
    managementClass: t.exposeString('managementClass', {
      nullable: true,
      authScopes: inside,
      unauthorizedResolver: nothing,
    }),
  }),
})

/** The name that a unit had on the day of an act; undefined of a unit that the reader does not know. */
export async function nameOn(code: string, day: Day, context: GatewayContext): Promise<string | null> {
  const unit = await Unit.getDataloader(context).load(code)
  const versions = unit?.history ?? []
  return (versions.findLast(({ from = '' }) => from <= day) ?? versions[0])?.name ?? null
}

Unit.implement({
  description: '单位。 A registered body.',
  fields: (t) => ({
    code: t.exposeID('code', { description: '统一社会信用代码。' }),
    name: t.exposeString('name'),
    roles: t.field({ type: [UnitRole], resolve: ({ roles }) => [...roles] }),
    insidePark: t.exposeBoolean('inside'),
    industry: t.exposeString('industry', { nullable: true }),
    closedFrom: t.field({
      type: 'Date',
      nullable: true,
      description: '注销日期。 First day on which it takes part in nothing.',
      resolve: ({ endedFrom }) => endedFrom ?? null,
    }),
    history: t.field({
      type: [UnitVersion],
      description: '名称等的变更。 What it was called, and more, by day.',
      resolve: ({ history }) => [...history],
    }),
    address: t.exposeString('address', { nullable: true, authScopes: inside, unauthorizedResolver: nothing }),
    managementClass: t.exposeString('managementClass', {
      nullable: true,
      description: '管理类别。',
      authScopes: inside,
      unauthorizedResolver: nothing,
    }),
    licences: t.loadableGroup({
      type: Licence,
      ...grouped,
      load: (codes: string[], { readSide }) => readSide.licencesOf(codes),
    }),
    sites: t.loadableGroup({
      type: Site,
      ...grouped,
      authScopes: inside,
      unauthorizedResolver: none,
      load: (codes: string[], { readSide }) => readSide.sitesOf(codes),
    }),
    facilities: t.loadableGroup({
      type: Facility,
      ...grouped,
      authScopes: inside,
      unauthorizedResolver: none,
      load: (codes: string[], { readSide }) => readSide.facilitiesOf(codes),
    }),
    vehicles: t.loadableGroup({
      type: Vehicle,
      ...grouped,
      authScopes: inside,
      unauthorizedResolver: none,
      load: (codes: string[], { readSide }) => readSide.vehiclesOf(codes),
    }),
    drivers: t.loadableGroup({
      type: Driver,
      ...grouped,
      authScopes: inside,
      unauthorizedResolver: none,
      load: (codes: string[], { readSide }) => readSide.driversOf(codes),
    }),
    contracts: t.loadableGroup({
      type: Contract,
      ...grouped,
      authScopes: inside,
      unauthorizedResolver: none,
      load: (codes: string[], { readSide }) => readSide.contractsOf(codes),
    }),
    plan: t.loadableGroup({
      type: PlanLine,
      ...grouped,
      authScopes: inside,
      unauthorizedResolver: none,
      load: (codes: string[], { readSide }) => readSide.planLinesOf(codes),
    }),
  }),
})

export const UnitConnection = builder.connectionObject({ type: Unit, name: 'UnitConnection' }, { name: 'UnitEdge' })

export const UnitFilter = builder.inputType('UnitFilter', {
  fields: (t) => ({
    role: t.field({ type: UnitRole }),
    insidePark: t.boolean(),
    search: t.string({ description: 'Part of the name or of the code.' }),
  }),
})

export const unitWalk: Walk<WithHistory<UnitView>, string> = {
  list: 'units',
  parts: z.tuple([cursorParts.word]),
  toParts: ({ code }) => [code],
  toCursor: ([code]) => String(code),
}

import { z } from 'zod'
import type {
  Contract as ContractView,
  Driver as DriverView,
  Facility as FacilityView,
  Licence as LicenceView,
  PlannedTransfer,
  Site as SiteView,
  UnitView,
  Vehicle as VehicleView,
} from '../../../../projections/registry/queries.ts'
import { builder } from '../builder.ts'
import { UnitRole } from '../enums.ts'
import { unitStream } from '../../../../schemas/values/identifiers.ts'
import { cursorParts, type Walk } from '../paging.ts'
import { Person } from './person.ts'

/** A registered unit. Its public face shows to whoever deals with it; what it keeps to itself only to itself and to officials. */
export const Unit = builder.loadableNodeRef('Unit', {
  id: { resolve: ({ code }) => code },
  toKey: ({ code }: UnitView) => code,
  sort: true,
  loaderOptions: { cache: false },
  load: (codes: string[], { readSide, visibility }) => readSide.unitsByCode(codes, visibility),
})

const inside = ({ code }: UnitView) => ({ insideOf: code })
const nothing = () => null
const none = () => []

const Facility = builder.objectRef<FacilityView>('Facility')
Facility.implement({
  description: '设施（MF####、TS###）。',
  fields: (t) => ({
    code: t.exposeID('code'),
    name: t.exposeString('name'),
    kind: t.exposeString('kind'),
    site: t.exposeString('site', { nullable: true }),
    capacity: t.expose('capacity', { type: 'Grams', nullable: true }),
  }),
})

const Site = builder.objectRef<SiteView>('Site')
Site.implement({
  description: '场所。',
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

const Licence = builder.objectRef<LicenceView>('Licence')
Licence.implement({
  description: '危险废物经营许可证；公开信息。 A licence; public by law.',
  fields: (t) => ({
    number: t.exposeID('number'),
    kind: t.exposeString('kind'),
    covers: t.exposeStringList('covers'),
    methods: t.exposeStringList('methods'),
    annual: t.expose('annual', { type: 'Grams', description: '年经营规模。' }),
    validFrom: t.expose('validFrom', { type: 'Date' }),
    validTo: t.expose('validTo', { type: 'Date' }),
    revokedFrom: t.expose('revokedFrom', { type: 'Date', nullable: true }),
  }),
})

const Vehicle = builder.objectRef<VehicleView>('Vehicle')
Vehicle.implement({
  fields: (t) => ({
    plate: t.exposeID('plate'),
    permit: t.exposeString('permit'),
    validTo: t.expose('validTo', { type: 'Date' }),
    rated: t.expose('rated', { type: 'Grams', nullable: true }),
    dangerousGoods: t.exposeBoolean('dangerousGoods'),
  }),
})

const Driver = builder.objectRef<DriverView>('Driver')
Driver.implement({
  description: '登记的驾驶员及其从业资格。 A registered driver with their permit.',
  fields: (t) => ({
    person: t.field({
      type: Person,
      resolve: ({ person, unit }) => ({ ...person, holder: unit, about: unitStream(unit) }),
    }),
    permit: t.exposeString('permit'),
    validTo: t.expose('validTo', { type: 'Date' }),
    dangerousGoods: t.exposeBoolean('dangerousGoods'),
  }),
})

const Contract = builder.objectRef<ContractView>('Contract')
Contract.implement({
  fields: (t) => ({
    number: t.exposeID('number'),
    wasteCode: t.exposeString('wasteCode'),
    validFrom: t.expose('validFrom', { type: 'Date' }),
    validTo: t.expose('validTo', { type: 'Date' }),
    receiverCode: t.exposeID('receiver'),
    receiver: t.field({ type: Unit, nullable: true, resolve: ({ receiver }) => receiver }),
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

Unit.implement({
  description: '单位。 A registered body.',
  fields: (t) => ({
    code: t.exposeID('code', { description: '统一社会信用代码。' }),
    name: t.exposeString('name'),
    roles: t.field({ type: [UnitRole], resolve: ({ roles }) => [...roles] }),
    insidePark: t.exposeBoolean('inside'),
    industry: t.exposeString('industry', { nullable: true }),
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

export const unitWalk: Walk<UnitView, string> = {
  list: 'units',
  parts: z.tuple([cursorParts.word]),
  toParts: ({ code }) => [code],
  toCursor: ([code]) => String(code),
}

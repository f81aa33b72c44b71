import type { PlanLine } from '../plan/events.ts'
import type { DriverPermit, Licence, Unit } from '../unit/state.ts'
import { categoryOf } from '../catalogues/hazardous-waste.ts'
import type { SealedPerson } from '../values/person.ts'
import { parseManifestNumber } from '../values/manifest-number.ts'
import { compareMoments, yearOf, type Day, type Moment } from '../values/time.ts'
import type { Breach, Rule, RuleRow } from './rule.ts'

/** Licences of a unit that are in force on a day; only the one named, where one is named. */
export const licencesInForce = (unit: Unit, day: Day, number?: string): readonly Licence[] =>
  Object.values(unit.licences).filter(
    (licence) => licence.from <= day && day <= licence.to && (number === undefined || licence.number === number),
  )

interface LicenceFacts {
  readonly unit: string
  readonly day: Day
  readonly inForce: readonly Licence[]
  /** The licence that the document names, and all those of the receiver that are in force, whatever their numbers. */
  readonly named?: string | undefined
  readonly others?: readonly Licence[]
  readonly pointer: string
}

export const receiverLicensed: Rule<LicenceFacts> = {
  id: 'R08',
  severity: 'BLOCK',
  source: '生态环境法典 第534条；危险废物经营许可证管理办法 第十五条',
  effective: { from: '2004-07-01' },
  zh: '接受人 {unit} 在 {day} 没有有效的危险废物经营许可证',
  en: 'Receiver {unit} holds no hazardous waste licence in force on {day}',
  more: [
    {
      zh: '接受人 {unit} 在 {day} 没有编号为 {licence} 的有效许可证；当日有效的是 {others}',
      en: 'Receiver {unit} holds no licence {licence} in force on {day}; in force are {others}',
    },
    {
      zh: '接受人 {unit} 在 {day} 没有有效的危险废物经营许可证，包括所填的 {licence}',
      en: 'Receiver {unit} holds no hazardous waste licence in force on {day}, neither {licence} nor another',
    },
  ],
  check({ unit, day, inForce, named, others = [], pointer }) {
    if (inForce.length > 0) return undefined
    const numbers = others.map(({ number }) => number).join(', ')
    const licence = named === undefined ? {} : { licence: named, ...(numbers === '' ? {} : { others: numbers }) }
    return { pointer, facts: { unit, day, ...licence } }
  },
}

interface CoverageFacts {
  readonly code: string
  /** Absent where nobody has chosen a method yet. */
  readonly method?: string | undefined
  readonly inForce: readonly Licence[]
  readonly pointer: string
}

export const licenceCovers: Rule<CoverageFacts> = {
  id: 'R09',
  severity: 'BLOCK',
  source: '生态环境法典 第534条、第1178条；危险废物经营许可证管理办法',
  effective: { from: '2004-07-01' },
  zh: '许可证不包括代码 {code} 的利用处置方式 {method}',
  en: 'The licence does not cover code {code} by method {method}',
  more: [
    {
      zh: '许可证 {licences} 不包括代码 {code} 的利用处置方式 {method}',
      en: 'Licence {licences} does not cover code {code} by method {method}',
    },
    { zh: '许可证 {licences} 不包括代码 {code}', en: 'Licence {licences} does not cover code {code}' },
    { zh: '许可证不包括代码 {code}', en: 'The licence does not cover code {code}' },
  ],
  check({ code, method, inForce, pointer }) {
    const covering = inForce.filter(({ covers }) => covers.includes(code) || covers.includes(categoryOf(code)))
    const allowed = covering.some(({ methods }) => method === undefined || methods.includes(method))
    if (allowed) return undefined
    const licences = inForce.map(({ number }) => number).join(', ')
    return {
      pointer,
      facts: { code, ...(method === undefined ? {} : { method }), ...(licences === '' ? {} : { licences }) },
    }
  },
}

interface CarriageFacts {
  readonly carrier: Unit
  readonly plate: string
  readonly trailer?: string | undefined
  readonly driver?: SealedPerson | undefined
  /** The driver's entry in the carrier's register, where it was found under another id than the driver has here. */
  readonly permit?: DriverPermit | undefined
  readonly day: Day
  readonly pointer: string
}

/**
 * Vehicle and, where they are registered, trailer and driver. A driver or a trailer that is not registered is no breach: the books name
 * drivers by name only, and have no column for trailers.
 */
export const dangerousGoodsPermits: Rule<CarriageFacts> = {
  id: 'R17',
  severity: 'BLOCK',
  source: '令第23号 第十三条；生态环境法典 第537条',
  effective: { from: '2022-01-01' },
  zh: '{subject} 在 {day} 没有有效的危险货物运输许可',
  en: '{subject} has no permit for dangerous goods in force on {day}',
  check({ carrier, plate, trailer, driver, permit, day, pointer }) {
    const breaches: Breach[] = []
    const vehicle = carrier.vehicles[plate]
    if (!vehicle?.dangerousGoods || vehicle.validTo < day)
      breaches.push({ pointer: `${pointer}/plate`, facts: { subject: plate, day } })
    const drawn = trailer === undefined ? undefined : carrier.vehicles[trailer]
    if (trailer !== undefined && drawn && (!drawn.dangerousGoods || drawn.validTo < day))
      breaches.push({ pointer: `${pointer}/trailer`, facts: { subject: trailer, day } })
    const known = permit ?? (driver && carrier.drivers[driver.id])
    if (known && (!known.dangerousGoods || known.validTo < day))
      breaches.push({ pointer: `${pointer}/driver`, facts: { subject: 'driver', day } })
    return breaches
  },
}

interface ContractFacts {
  readonly consignor: Unit
  readonly receiver: string
  readonly code: string
  readonly hazardous: boolean
  readonly day: Day
  readonly pointer: string
}

export const contractInForce: Rule<ContractFacts> = {
  id: 'R18',
  severity: 'BLOCK',
  source: '令第23号 第十条第一项；生态环境法典 第490条',
  effective: { from: '2020-09-01' },
  zh: '{day} 没有与 {receiver} 就 {code} 签订的有效合同',
  en: 'No contract with {receiver} that names {code} is in force on {day}',
  check({ consignor, receiver, code, hazardous, day, pointer }) {
    const found = Object.values(consignor.contracts).some(
      (contract) =>
        contract.receiver === receiver && contract.code === code && contract.from <= day && day <= contract.to,
    )
    return found ? undefined : { pointer, severity: hazardous ? 'BLOCK' : 'WARN', facts: { receiver, code, day } }
  },
}

export const planFiled: Rule<{ readonly unit: string; readonly day: Day; readonly lines: readonly PlanLine[] }> = {
  id: 'R20',
  severity: 'BLOCK',
  source: 'HJ 1259-2022 5.2；令第23号 第十四条；生态环境法典 第532条',
  effective: { from: '2022-01-01' },
  zh: '{unit} 没有备案 {year} 年度危险废物管理计划',
  en: '{unit} has filed no hazardous waste plan for {year}',
  check: ({ unit, day, lines }) =>
    lines.length > 0 ? undefined : { pointer: '/consignor/unit', facts: { unit, year: yearOf(day) } },
}

interface PlannedFacts {
  readonly lines: readonly PlanLine[]
  readonly code: string
  readonly receiver: string
  readonly method?: string | undefined
  readonly destination: string
  readonly pointer: string
}

export const linePlanned: Rule<PlannedFacts> = {
  id: 'R21',
  severity: 'BLOCK',
  source: '令第23号 第十四条；HJ 1259-2022 A.7',
  effective: { from: '2022-01-01' },
  zh: '管理计划中没有 {code} 转移至 {receiver}（{destination}，方式 {method}）',
  en: 'The plan has no transfer of {code} to {receiver} ({destination}, method {method})',
  more: [
    {
      zh: '管理计划中没有 {code} 转移至 {receiver}（{destination}）',
      en: 'The plan has no transfer of {code} to {receiver} ({destination})',
    },
  ],
  check({ lines, code, receiver, method, destination, pointer }) {
    const found = lines.some(
      (line) =>
        line.code === code &&
        line.receiver === receiver &&
        line.destination === destination &&
        (method === undefined || line.method === method),
    )
    // Without any plan R20 has said so already.
    return found || lines.length === 0
      ? undefined
      : { pointer, facts: { code, receiver, destination, ...(method === undefined ? {} : { method }) } }
  },
}

interface NumberFacts {
  readonly number: string
  readonly year: number
  /** Provinces and cities (3205) of the sites that the waste leaves. A credit code never says it: its characters 3-6 name who registered. */
  readonly places: readonly string[]
  /** Stream that bears the number already. */
  readonly takenBy?: string | undefined
  readonly pointer: string
}

export const officialNumberWellFormed: Rule<NumberFacts> = {
  id: 'R48',
  severity: 'BLOCK',
  source: '令第23号 第十五条',
  effective: { from: '2022-01-01' },
  zh: '联单编号 {number} 应为14位且未被使用：{year} 年、移出地 {place}、六位流水号',
  en: 'Manifest number {number} must be 14 digits nobody uses yet: year {year}, place of origin {place}, six digits of serial',
  more: [
    {
      zh: '联单编号 {takenNumber} 已用于另一份联单，请核对编号',
      en: 'Manifest number {takenNumber} is borne by another manifest: check the number',
    },
  ],
  check({ number, year, places, takenBy, pointer }) {
    if (takenBy !== undefined) return { pointer, facts: { takenNumber: number } }
    const read = parseManifestNumber(number)
    return read?.year === year && places.includes(read.division)
      ? undefined
      : { pointer, facts: { number, year, place: places.join('/') } }
  },
}

/** A field of the form that must be there; undefined where it is not. */
export interface FormField {
  readonly pointer: string
  readonly name: string
  readonly value: unknown
}

export const partOneComplete: Rule<{ readonly fields: readonly FormField[] }> = {
  id: 'R52',
  severity: 'BLOCK',
  source: '令第23号 第十条第四项；危险废物转移联单 第一部分',
  effective: { from: '2022-01-01' },
  zh: '联单第一部分缺少“{field}”',
  en: 'Part one of the manifest lacks {field}',
  check: ({ fields }) =>
    fields.flatMap(({ pointer, name, value }) =>
      value === undefined || value === '' ? [{ pointer, facts: { field: name } }] : [],
    ),
}

export const shipperIsParty: Rule<{ readonly shipper: string; readonly parties: readonly string[] }> = {
  id: 'R54',
  severity: 'BLOCK',
  source: '令第23号 第三十一条第五项',
  effective: { from: '2022-01-01' },
  zh: '托运人 {shipper} 不是移出人或者接受人',
  en: 'Shipper {shipper} is neither consignor nor receiver',
  check: ({ shipper, parties }) =>
    parties.includes(shipper) ? undefined : { pointer: '/shipper', facts: { shipper } },
}

interface ScanFacts {
  readonly line: number
  readonly scanned: readonly string[]
  readonly expected: readonly string[]
  readonly pointer: string
}

export const labelsMatch: Rule<ScanFacts> = {
  id: 'R55',
  severity: 'BLOCK',
  source: '令第23号 第十三条第三款',
  effective: { from: '2022-01-01' },
  zh: '第 {line} 行与联单不符：{problem}（{label}），不予装载',
  en: 'Line {line} does not match the manifest: {problem} ({label}); do not load',
  check({ line, scanned, expected, pointer }) {
    const foreign = [...new Set(scanned)].filter((label) => !expected.includes(label))
    const missing = expected.filter((label) => !scanned.includes(label))
    return [
      ...foreign.map((label) => ({
        pointer: `${pointer}/${scanned.indexOf(label)}`,
        facts: { line, label, problem: 'not-on-manifest' },
      })),
      ...missing.map((label) => ({ pointer, facts: { line, label, problem: 'not-scanned' } })),
    ]
  },
}

/**
 * The same article on numbers: every container of hazardous waste has a label of its own (HJ 1276-2022 5.1), so a line has as many packages
 * as it has labelled lots.
 */
export const packagesCounted: Rule<{
  readonly line: number
  /** 包装数量 as filed; without one R52 asks for it. */
  readonly packages: number | undefined
  readonly labels: number
  readonly pointer: string
}> = {
  ...labelsMatch,
  check: ({ line, packages, labels, pointer }) =>
    packages === undefined || packages === labels
      ? undefined
      : { pointer, facts: { line, label: `${labels} ≠ ${packages}`, problem: 'package-count' } },
}

interface Unweighed {
  readonly line: number
  readonly pointer: string
}

export const consignorWeighed: Rule<{ readonly unweighed: readonly Unweighed[] }> = {
  id: 'R56',
  severity: 'BLOCK',
  source: '令第23号 第十条第三项',
  effective: { from: '2022-01-01' },
  zh: '第 {line} 行没有移出人的称重（移出量）：先称重再装车起运',
  en: 'Line {line} has no weighing of the consignor (shipped): weigh it before it is loaded and departs',
  check: ({ unweighed }) => unweighed.map(({ line, pointer }) => ({ pointer, facts: { line } })),
}

interface Vehicle {
  readonly carrier: string
  readonly plate: string
  readonly trailer?: string | undefined
  readonly driver?: SealedPerson | undefined
}

interface NamedFacts {
  readonly named: Vehicle
  readonly actual: Vehicle
  /** A carrier that has not signed yet may come with another vehicle; the first one is bound by what was filed. */
  readonly vehicleBound: boolean
  readonly pointer: string
}

export const namedCarrier: Rule<NamedFacts> = {
  id: 'R57',
  severity: 'BLOCK',
  source: '令第23号 第十一条',
  effective: { from: '2022-01-01' },
  zh: '{field} 不是联单所列：{actual}，应为 {named}',
  en: 'The {field} is not the one on the manifest: {actual} instead of {named}',
  check({ named, actual, vehicleBound, pointer }) {
    const breaches: Breach[] = []
    if (actual.carrier !== named.carrier)
      breaches.push({
        pointer: `${pointer}/carrier`,
        facts: { field: 'carrier', actual: actual.carrier, named: named.carrier },
      })
    if (vehicleBound && actual.plate !== named.plate)
      breaches.push({
        pointer: `${pointer}/plate`,
        facts: { field: 'plate', actual: actual.plate, named: named.plate },
      })
    // A trailer that only one of the two names is no difference: forms without a field for it leave it out.
    if (vehicleBound && actual.trailer && named.trailer && actual.trailer !== named.trailer)
      breaches.push({
        pointer: `${pointer}/trailer`,
        facts: { field: 'trailer', actual: actual.trailer, named: named.trailer },
      })
    // Ids say nothing to a reader. Who may know the names gets them where the refusal leaves (`withDriversNamed`).
    if (vehicleBound && actual.driver && named.driver && actual.driver.id !== named.driver.id) {
      breaches.push({
        pointer: `${pointer}/driver`,
        facts: { field: 'driver', actual: 'another-driver', named: 'filed-driver' },
      })
    }
    return breaches
  },
}

interface LegFacts {
  readonly expected: number
  readonly leg: number
  /** When the previous carrier reached the place of the handover. */
  readonly arrivedAt: Moment
  readonly at: Moment
}

export const legsInOrder: Rule<LegFacts> = {
  id: 'R58',
  severity: 'BLOCK',
  source: '令第23号 第十七条',
  effective: { from: '2022-01-01' },
  zh: '第 {leg} 程（应为第 {expected} 程）：{at} 交接，上一程 {arrivedAt} 到达',
  en: 'Leg {leg} (leg {expected} is next): taken over at {at}, the previous carrier arrived at {arrivedAt}',
  check({ expected, leg, arrivedAt, at }) {
    if (expected !== leg) return { pointer: '/leg', facts: { expected, leg, arrivedAt, at } }
    return compareMoments(at, arrivedAt) < 0
      ? { pointer: '/occurredAt', facts: { expected, leg, arrivedAt, at } }
      : undefined
  },
}

/** Rules that the guard of a manifest's state enforces by itself. */
const openManifest: RuleRow = {
  id: 'R47',
  severity: 'BLOCK',
  source: '生态环境法典 第536条；令第23号 第六条、第十一条第一项',
  effective: { from: '2022-01-01' },
  zh: '没有待交付的联单，不得装运',
  en: 'No pickup without an open manifest',
}
const oneTrip: RuleRow = {
  id: 'R49',
  severity: 'BLOCK',
  source: '令第23号 第十六条',
  effective: { from: '2022-01-01' },
  zh: '一份联单对应一车次；另一车次须另填联单',
  en: 'One manifest, one vehicle trip; a second vehicle needs a manifest of its own',
}
const voidBeforeDeparture: RuleRow = {
  id: 'R67',
  severity: 'BLOCK',
  source: '国家危险废物信息管理系统（作废）；本项目约定',
  effective: { from: '2022-01-01' },
  zh: '起运后不得作废，只能拒收退回',
  en: 'No voiding after departure; only refusal and return',
}

export const transferRules: readonly RuleRow[] = [
  receiverLicensed,
  licenceCovers,
  dangerousGoodsPermits,
  contractInForce,
  planFiled,
  linePlanned,
  openManifest,
  officialNumberWellFormed,
  oneTrip,
  partOneComplete,
  shipperIsParty,
  labelsMatch,
  consignorWeighed,
  namedCarrier,
  legsInOrder,
  voidBeforeDeparture,
]

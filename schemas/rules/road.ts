import type { Leg } from '../manifest/shapes.ts'
import type { DriverPermit, Unit } from '../unit/state.ts'
import type { SealedPerson } from '../values/person.ts'
import { compareMoments, type Day, type Moment } from '../values/time.ts'
import { rule, unbound, type Breach, type Breaches } from './row.ts'
import { acrossTheCode, ofTheManifest, sludgeTracking, TRANSFER_ORDER } from './sources.ts'

interface CarriageFacts {
  readonly carrier: Unit
  readonly plate: string
  readonly trailer?: string | undefined
  readonly driver?: SealedPerson | undefined
  /** The driver's entry in the carrier's register, where it was found under another id than the driver has here. */
  readonly permit?: DriverPermit | undefined
  readonly on: Day
  readonly pointer: string
}

const permitExpired = { zh: '车辆的危险货物运输许可已过期', en: 'the permit of the vehicle has run out' }

/**
 * Vehicle and, where they are registered, trailer and driver. A driver or a trailer that is not registered is no breach: the books name
 * drivers by name only, and have no column for trailers.
 */
const dangerousGoodsPermits = rule('R17', {
  title: {
    zh: '承运人、车辆、驾驶员持有有效的危险货物运输许可',
    en: 'Carrier, vehicle and driver hold permits for dangerous goods',
  },
  text: {
    zh: '{subject} 在 {day} 没有有效的危险货物运输许可',
    en: '{subject} has no permit for dangerous goods in force on {day}',
  },
  editions: acrossTheCode({
    from: TRANSFER_ORDER,
    severity: 'BLOCK',
    source: ['令第23号 第十三条；固废法 第83条', '令第23号 第十三条；生态环境法典 第537条'],
  }),
  books: 'same',
  asks: {
    FileManifest: ({ command: { legs }, day, context: { carriers, permits } }) =>
      legs.flatMap(({ carrier: code, plate, trailer, driver }, i) => {
        const carrier = carriers.get(code)
        return carrier
          ? [{ carrier, plate, trailer, driver, permit: permits?.[i], on: day, pointer: `/legs/${i}` }]
          : []
      }),
    PickUp: ({ command, manifest, day, context: { carrier, filedDriver, permit } }) =>
      manifest.form === 'transfer-manifest'
        ? {
            carrier,
            plate: command.plate,
            trailer: command.trailer,
            driver: filedDriver ?? command.driver,
            permit,
            on: day,
            pointer: '',
          }
        : undefined,
    HandOverLeg: ({ command: { to }, manifest, day, context: { carrier, permit } }) =>
      manifest.form === 'transfer-manifest' ? { ...to, carrier, permit, on: day, pointer: '/to' } : undefined,
  },
  check({ carrier, plate, trailer, driver, permit, on, pointer }: CarriageFacts) {
    const breaches: Breach[] = []
    const vehicle = carrier.vehicles[plate]
    if (!vehicle?.dangerousGoods || vehicle.validTo < on)
      breaches.push({ pointer: `${pointer}/plate`, facts: { subject: plate, day: on } })
    const drawn = trailer === undefined ? undefined : carrier.vehicles[trailer]
    if (trailer !== undefined && drawn && (!drawn.dangerousGoods || drawn.validTo < on))
      breaches.push({ pointer: `${pointer}/trailer`, facts: { subject: trailer, day: on } })
    const known = permit ?? (driver && carrier.drivers[driver.id])
    if (known && (!known.dangerousGoods || known.validTo < on))
      breaches.push({ pointer: `${pointer}/driver`, facts: { subject: 'driver', day: on } })
    return breaches
  },
  cases: {
    FileManifest: [
      {
        name: permitExpired,
        given: { context: { carriers: { '*': { vehicles: { '*': { validTo: '2025-11-30' } } } } } },
        expect: 'BLOCK',
      },
    ],
    PickUp: [
      {
        name: permitExpired,
        given: { context: { carrier: { vehicles: { '*': { validTo: '2025-11-30' } } } } },
        expect: 'BLOCK',
      },
    ],
    HandOverLeg: [
      {
        name: permitExpired,
        given: { context: { carrier: { vehicles: { '*': { validTo: '2025-11-30' } } } } },
        expect: 'BLOCK',
      },
    ],
  },
})

type Vehicle = Omit<Leg, 'driver'> & { readonly driver?: SealedPerson | undefined }

interface NamedFacts {
  readonly named: Vehicle
  readonly actual: Vehicle
  /** A carrier that has not signed yet may come with another vehicle; the first one is bound by what was filed. */
  readonly vehicleBound: boolean
  readonly pointer: string
}

const namedCarrier = rule('R57', {
  title: {
    zh: '只由联单所列的承运人、车辆、驾驶员装运',
    en: 'Only the carrier, vehicle and driver on the manifest load it',
  },
  text: {
    zh: '{field} 不是联单所列：{actual}，应为 {named}',
    en: 'The {field} is not the one on the manifest: {actual} instead of {named}',
  },
  editions: ofTheManifest('第十一条'),
  books: 'same',
  asks: {
    PickUp: ({ command, manifest: { legs }, context: { filedDriver } }) => {
      const { carrier, plate, trailer } = command
      const [named] = legs
      const actual = { carrier, plate, trailer, driver: filedDriver ?? command.driver }
      return named && { named, actual, vehicleBound: true, pointer: '' }
    },
    HandOverLeg: ({ command: { to }, manifest: { legs, leg } }) => {
      const named = legs[leg + 1]
      return named && { named, actual: to, vehicleBound: false, pointer: '/to' }
    },
  },
  check({ named, actual, vehicleBound, pointer }: NamedFacts) {
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
  cases: {
    PickUp: [
      {
        name: { zh: '来了另一辆车', en: 'another vehicle comes' },
        command: { plate: '苏E9Z900' },
        expect: 'BLOCK',
      },
    ],
    HandOverLeg: [
      {
        name: { zh: '交接给联单以外的承运人', en: 'it is handed to a carrier that is not on the manifest' },
        given: { manifest: { legs: { 1: { carrier: '91320594FRMGNAAAAW' } } } },
        expect: 'BLOCK',
      },
    ],
  },
})

interface LegFacts {
  readonly expected: number
  readonly leg: number
  /** When the previous carrier reached the place of the handover. */
  readonly arrivedAt: Moment
  readonly at: Moment
}

const legsInOrder = rule('R58', {
  title: { zh: '联运各程依次交接', en: 'Legs follow one another in order' },
  text: {
    zh: '第 {leg} 程（应为第 {expected} 程）：{at} 交接，上一程 {arrivedAt} 到达',
    en: 'Leg {leg} (leg {expected} is next): taken over at {at}, the previous carrier arrived at {arrivedAt}',
  },
  editions: ofTheManifest('第十七条'),
  books: 'same',
  asks: {
    HandOverLeg: ({ command: { leg, previousArrivedAt, occurredAt }, manifest }) => ({
      expected: manifest.leg + 1,
      leg,
      arrivedAt: previousArrivedAt,
      at: occurredAt,
    }),
  },
  check({ expected, leg, arrivedAt, at }: LegFacts) {
    if (expected !== leg) return { pointer: '/leg', facts: { expected, leg, arrivedAt, at } }
    return compareMoments(at, arrivedAt) < 0
      ? { pointer: '/occurredAt', facts: { expected, leg, arrivedAt, at } }
      : undefined
  },
  cases: {
    HandOverLeg: [{ name: { zh: '跳过一程', en: 'a leg is left out' }, command: { leg: 2 }, expect: 'BLOCK' }],
  },
})

interface SludgeFacts {
  readonly stream: string
  readonly moisturePercent: number | undefined
}

const sludgeTracked = rule('R94', {
  title: {
    zh: '污泥出厂记录去向、用途、用量和含水率',
    en: 'A load of sludge says where it goes, for what, how much and how wet it is',
  },
  text: {
    zh: '污泥须记录含水率：请填写 moisturePercent（0 至 100）',
    en: 'A load of sludge needs its moisture: give moisturePercent (0 to 100)',
  },
  editions: acrossTheCode({
    from: '2014-01-01',
    severity: 'BLOCK',
    source: [
      '城镇排水与污水处理条例 第三十条、第五十三条；固废法 第71条（2020-09-01 起）',
      '生态环境法典 第304条；城镇排水与污水处理条例 第三十条、第五十三条',
    ],
    penalty: sludgeTracking,
  }),
  books: {
    exempt: {
      zh: '账册可能没有含水率栏；有栏而空的由读表检查',
      en: 'a book may have no column for moisture; its reader refuses one that is there and empty',
    },
  },
  asks: {
    'RecordTrip:moisture': ({ command: { stream, moisturePercent } }) => ({ stream, moisturePercent }),
  },
  check: ({ stream, moisturePercent }: SludgeFacts): Breaches =>
    stream === 'sludge' && moisturePercent === undefined ? { pointer: '/moisturePercent', facts: {} } : undefined,
  cases: {
    'RecordTrip:moisture': [
      {
        name: { zh: '没有含水率', en: 'the moisture is missing' },
        command: { moisturePercent: null },
        expect: 'BLOCK',
      },
    ],
  },
})

export const roadRules = [
  dangerousGoodsPermits,
  namedCarrier,
  legsInOrder,
  unbound(
    'R60',
    '令第23号 第十一条第三项',
    ['运输有轨迹，无异常停留、中断和不可能的速度', 'A trip has its track, without strange stops, gaps or speeds'],
    ['缺少的事实：车辆轨迹', 'Missing fact: the track of the vehicle'],
  ),
  unbound(
    'R61',
    '令第23号 第十一条第四项',
    ['运达联单所列接受人的地址', 'It is delivered to the address of the named receiver'],
    [
      '缺少的事实：到达地点的坐标或地址（现为自由文本）',
      'Missing fact: where it arrived, as coordinates or an address (free text today)',
    ],
  ),
  unbound(
    'R62',
    '生态环境法典 第537条（原固废法 第83条）；医疗废物管理条例 第十五条、第二十六条',
    [
      '危险废物不与旅客同载，医疗废物不与他物混装',
      'Hazardous waste never travels with passengers, medical waste with nothing else',
    ],
    ['缺少的事实：同车所载的其他货物和人员', 'Missing fact: what and who else is in the vehicle'],
  ),
  unbound(
    'R63',
    '生态环境法典 第544条；医疗废物管理条例 第二十二条、第二十六条',
    ['医疗废物由专用车辆送集中处置单位', 'Medical waste goes in a dedicated vehicle to a centralised unit'],
    [
      '缺少的事实：车辆是否医疗废物专用，单位是否集中处置',
      'Missing fact: whether vehicle and unit are for medical waste',
    ],
  ),
  unbound(
    'R64',
    '令第23号 第十九条',
    ['管道输送两端计量，每日记录', 'A pipeline is metered at both ends and recorded each day'],
    ['缺少的事实：管道计量记录', 'Missing fact: the readings of the meters'],
  ),
  unbound(
    'R66',
    '令第23号 第二十条',
    ['纸质联单须有原因，并在10个工作日内补录', 'A paper manifest has a reason and is entered within 10 working days'],
    ['缺少的事实：纸质联单的原因和影像', 'Missing fact: reason and image of the paper'],
  ),
  sludgeTracked,
]

import { parseManifestNumber } from '../values/manifest-number.ts'
import type { Manifest } from '../manifest/state.ts'
import { cityOf, DEFAULT_CITY } from '../values/division.ts'
import type { Place } from '../values/place.ts'
import { businessDay, yearOf } from '../values/time.ts'
import type { Unit } from '../unit/state.ts'
import { rule, unbound, type Breaches } from './row.ts'
import { ofTheManifest, TRANSFER_ORDER } from './sources.ts'

/** Facts of a rule about the state of a document: in which state it was when it was asked for something else. */
interface StateFacts {
  readonly status: Manifest['status']
}
const inState = ({ status }: StateFacts): StateFacts => ({ status })

const openManifest = rule('R47', {
  title: { zh: '有待交付的联单才能装运', en: 'Nothing is picked up without an open manifest' },
  text: { zh: '没有待交付的联单，不得装运', en: 'No pickup without an open manifest' },
  editions: ofTheManifest('第六条、第十一条第一项'),
  books: 'same',
  asks: { 'PickUp:state': inState },
  check: ({ status }: StateFacts) => (status === 'loaded' ? undefined : { pointer: '', facts: {} }),
  cases: {
    'PickUp:state': [
      {
        name: { zh: '联单已办结', en: 'the manifest is completed' },
        given: { manifest: { status: 'completed' } },
        expect: 'BLOCK',
      },
    ],
  },
})

const oneTrip = rule('R49', {
  title: { zh: '一份联单对应一车次', en: 'One manifest is one vehicle trip' },
  text: {
    zh: '一份联单对应一车次；另一车次须另填联单',
    en: 'One manifest, one vehicle trip; a second vehicle needs a manifest of its own',
  },
  editions: ofTheManifest('第十六条'),
  books: 'same',
  asks: { 'PickUp:state': inState },
  check: ({ status }: StateFacts) => (status === 'loaded' ? { pointer: '', facts: {} } : undefined),
  cases: {
    'PickUp:state': [
      {
        name: { zh: '已装车的联单再次装车', en: 'a second vehicle comes for what is loaded' },
        given: { manifest: { status: 'loaded' } },
        expect: 'BLOCK',
      },
    ],
  },
})

interface NumberFacts {
  readonly number: string
  readonly year: number
  /** Provinces and cities (3205) of the sites that the waste leaves. A credit code never says it: its characters 3-6 name who registered. */
  readonly places: readonly string[]
  /** Whether another manifest has it already. */
  readonly taken: boolean
  readonly pointer: string
}

interface Left {
  readonly lots: readonly { readonly from: Place }[]
}

/**
 * Where a load is moved from (令第23号 第十五条; readings R48): province and city of the site of each facility that its lots leave. A facility
 * without a site, or a site without a division, lies where the park lies.
 */
function placesLeft(
  { facilities, sites }: Pick<Unit, 'facilities' | 'sites'>,
  lines: readonly Left[],
  parkCity: string = DEFAULT_CITY,
): readonly string[] {
  const cities = lines.flatMap(({ lots }) =>
    lots.map(({ from }) => {
      const facility = Object.hasOwn(facilities, from.place) ? facilities[from.place] : undefined
      const site = facility?.site
      const division = site !== undefined && Object.hasOwn(sites, site) ? sites[site]?.division : undefined
      return division === undefined ? parkCity : cityOf(division)
    }),
  )
  return cities.length > 0 ? [...new Set(cities)] : [parkCity]
}

export const officialNumber = rule('R48', {
  title: {
    zh: '联单编号14位：年、移出地、流水号，且唯一',
    en: 'The official number has 14 digits: year, place moved from, serial; each is given once',
  },
  text: {
    zh: '联单编号 {number} 应为14位且未被使用：{year} 年、移出地 {place}、六位流水号',
    en: 'Manifest number {number} must be 14 digits nobody uses yet: year {year}, place of origin {place}, six digits of serial',
    more: [
      {
        zh: '联单编号 {takenNumber} 已用于另一份联单，请核对编号',
        en: 'Manifest number {takenNumber} is borne by another manifest: check the number',
      },
    ],
  },
  editions: ofTheManifest('第十五条'),
  books: 'same',
  asks: {
    FileManifest: ({ command: { number }, lines, day, context: { consignor, parkCity } }) =>
      number === undefined
        ? undefined
        : {
            number,
            year: yearOf(day),
            places: placesLeft(consignor, lines, parkCity),
            taken: false,
            pointer: '/number',
          },
    'FileManifest:number': ({ number }) => ({ number, year: 0, places: [], taken: true, pointer: '/number' }),
    AttachNumber: ({ command: { number }, manifest, context: { consignor, parkCity, takenBy } }) => ({
      number,
      year: yearOf(businessDay(manifest.filedAt)),
      places: placesLeft(consignor, manifest.lines, parkCity),
      taken: takenBy !== undefined,
      pointer: '/number',
    }),
  },
  check({ number, year, places, taken, pointer }: NumberFacts): Breaches {
    if (taken) return { pointer, facts: { takenNumber: number } }
    const read = parseManifestNumber(number)
    return read?.year === year && places.includes(read.division)
      ? undefined
      : { pointer, facts: { number, year, place: places.join('/') } }
  },
  cases: {
    FileManifest: [
      {
        name: { zh: '编号是另一年的', en: 'the number is of another year' },
        command: { number: '20243205000001' },
        expect: 'BLOCK',
      },
      {
        name: { zh: '编号是另一城市的', en: 'the number is of another city' },
        command: { number: '20253201000001' },
        expect: 'BLOCK',
      },
    ],
    'FileManifest:number': [
      {
        name: { zh: '编号已用于另一份联单', en: 'another manifest has the number' },
        command: { number: '20253205000009' },
        expect: 'BLOCK',
      },
    ],
    AttachNumber: [
      {
        name: { zh: '编号已用于另一份联单', en: 'another manifest has the number' },
        given: { context: { takenBy: 'other' } },
        expect: 'BLOCK',
      },
    ],
  },
})

interface LoadFacts {
  readonly plate: string
  /** Grams that the vehicle may carry. */
  readonly rated: number
  readonly load: number
}

const withinRatedLoad = rule('R51', {
  title: {
    zh: '一份联单一个移出人，装载不超过核定载质量',
    en: 'One consignor a manifest, and no load above the rated one',
  },
  text: {
    zh: '车辆 {plate} 装载 {load} 克，超过核定载质量 {rated} 克',
    en: 'Vehicle {plate} is loaded with {load} g, above its rated load of {rated} g',
  },
  // That a manifest has exactly one consignor is the form of the document: the command has one field for it.
  editions: ofTheManifest('第十六条；道路危险货物运输管理规定', 'WARN'),
  books: 'same',
  asks: {
    PickUp: ({ command: { plate, lines }, manifest, context: { carrier } }) => {
      const rated = Object.hasOwn(carrier.vehicles, plate) ? carrier.vehicles[plate]?.rated : undefined
      if (rated === undefined) return undefined
      const planned = (line: number) => manifest.lines.find((filed) => filed.line === line)?.planned ?? 0
      return { plate, rated, load: lines.reduce((sum, { line, shipped }) => sum + (shipped ?? planned(line)), 0) }
    },
  },
  check: ({ plate, rated, load }: LoadFacts) =>
    load > rated ? { pointer: '/lines', facts: { plate, rated, load } } : undefined,
  cases: {
    PickUp: [
      {
        name: { zh: '超过核定载质量', en: 'more than the rated load' },
        given: { context: { carrier: { vehicles: { '*': { rated: 400_000 } } } } },
        expect: 'WARN',
      },
    ],
  },
})

/** A field of the form that must be there; undefined where it is not. */
interface FormField {
  readonly pointer: string
  readonly name: string
  readonly value: unknown
}

const partOneComplete = rule('R52', {
  title: { zh: '联单第一部分填写完整', en: 'Part one of the manifest is complete' },
  text: { zh: '联单第一部分缺少“{field}”', en: 'Part one of the manifest lacks {field}' },
  editions: ofTheManifest('第十条第四项；危险废物转移联单 第一部分'),
  books: {
    exempt: {
      zh: '账册各有其栏，没有的栏不算缺项；有栏而空的由读表检查',
      en: 'a book has columns of its own: what it does not hold is no violation, and its reader refuses what is empty',
    },
  },
  asks: {
    // The handover time comes with the pickup.
    FileManifest: ({ command: { consignor }, lines }) => [
      { pointer: '/consignor/emergencyPhone', name: 'emergencyPhone', value: consignor.emergencyPhone },
      ...lines.flatMap(({ name, hazards, form, harmful, packaging, packageCount }, i) =>
        Object.entries({
          name,
          hazards: hazards.length > 0 ? hazards : undefined,
          form,
          harmful,
          packaging,
          packageCount,
        }).map(([field, value]) => ({ pointer: `/lines/${i}/${field}`, name: field, value })),
      ),
    ],
  },
  check: ({ pointer, name, value }: FormField) =>
    value === undefined || value === '' ? { pointer, facts: { field: name } } : undefined,
  cases: {
    FileManifest: [
      {
        name: { zh: '没有应急联系电话', en: 'no emergency phone' },
        command: { consignor: { emergencyPhone: null } },
        expect: 'BLOCK',
      },
      {
        name: { zh: '没有有害成分名称', en: 'no harmful components' },
        command: { lines: { 0: { harmful: null } } },
        expect: 'BLOCK',
      },
    ],
  },
})

const shipperIsParty = rule('R54', {
  title: { zh: '托运人是移出人或者接受人', en: 'The shipper is consignor or receiver' },
  text: {
    zh: '托运人 {shipper} 不是移出人或者接受人',
    en: 'Shipper {shipper} is neither consignor nor receiver',
  },
  editions: ofTheManifest('第三十一条第五项'),
  books: 'same',
  asks: {
    FileManifest: ({ command: { consignor, receiver, shipper = consignor.unit } }) => ({
      shipper,
      parties: [consignor.unit, receiver.unit],
    }),
  },
  check: ({ shipper, parties }: { readonly shipper: string; readonly parties: readonly string[] }) =>
    parties.includes(shipper) ? undefined : { pointer: '/shipper', facts: { shipper } },
  cases: {
    FileManifest: [
      {
        name: { zh: '第三方作托运人', en: 'a third party as shipper' },
        command: { shipper: '91320594FRMGNAAAAW' },
        expect: 'BLOCK',
      },
    ],
  },
})

interface Unweighed {
  readonly line: number
  readonly pointer: string
}

const consignorWeighed = rule('R56', {
  title: { zh: '移出人先称重再起运', en: 'The consignor weighs before the waste leaves' },
  text: {
    zh: '第 {line} 行没有移出人的称重（移出量）：先称重再装车起运',
    en: 'Line {line} has no weighing of the consignor (shipped): weigh it before it is loaded and departs',
  },
  editions: ofTheManifest('第十条第三项'),
  books: 'same',
  asks: {
    // A load without its mass is not taken over and cannot wait for one on the road.
    PickUp: ({ command: { lines }, manifest }) =>
      manifest.form === 'transfer-manifest'
        ? lines.flatMap(({ line, shipped }, i) =>
            shipped === undefined ? [{ line, pointer: `/lines/${i}/shipped` }] : [],
          )
        : undefined,
    Depart: ({ manifest }) =>
      manifest.lines.flatMap(({ line, weighed, waste }) =>
        weighed || waste.stream !== 'hazardous' ? [] : [{ line, pointer: '' }],
      ),
  },
  check: ({ line, pointer }: Unweighed): Breaches => ({ pointer, facts: { line } }),
  cases: {
    PickUp: [
      {
        name: { zh: '交付时没有移出量', en: 'no mass at the handover' },
        command: { lines: { 0: { shipped: null } } },
        expect: 'BLOCK',
      },
    ],
    Depart: [
      {
        name: { zh: '起运前没有称重', en: 'a line was never weighed' },
        given: { manifest: { lines: { 0: { weighed: false } } } },
        expect: 'BLOCK',
      },
    ],
  },
})

const voidBeforeDeparture = rule('R67', {
  title: { zh: '起运后不得作废', en: 'Nothing is voided after departure' },
  text: { zh: '起运后不得作废，只能拒收退回', en: 'No voiding after departure; only refusal and return' },
  editions: [
    {
      from: TRANSFER_ORDER,
      source: '国家危险废物信息管理系统（作废）；本项目约定',
      severity: 'BLOCK',
    },
  ],
  books: 'same',
  asks: { 'CancelManifest:state': inState },
  check: ({ status }: StateFacts) => (status === 'cancelled' ? undefined : { pointer: '', facts: {} }),
  cases: {
    'CancelManifest:state': [
      {
        name: { zh: '运输途中作废', en: 'it is voided on the road' },
        given: { manifest: { status: 'departed' } },
        expect: 'BLOCK',
      },
    ],
  },
})

export const manifestRules = [
  openManifest,
  officialNumber,
  oneTrip,
  unbound(
    'R50',
    '令第23号 第十六条',
    [
      '一份联单可列多种废物，各有其行、重量和件数',
      'A manifest may list several wastes, each with its line, weight and packages',
    ],
    [
      '不适用：它是许可而非禁止，联单的格式即如此',
      'Not applicable: it allows and forbids nothing; the form of the manifest is made so',
    ],
  ),
  withinRatedLoad,
  partOneComplete,
  shipperIsParty,
  consignorWeighed,
  voidBeforeDeparture,
]

import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import type { BookWriter } from './books.ts'
import type { Chance } from './chance.ts'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** A credit code of an invented unit, with the check digit of GB 32100-2015. */
export function unitCode(chance: Chance): string {
  const stem = `91320594${Array.from({ length: 9 }, () => ALPHABET[chance.whole(0, 30)]).join('')}`
  const sum = [...stem].reduce((total, letter, i) => total + ALPHABET.indexOf(letter) * (3 ** i % 31), 0)
  return `${stem}${ALPHABET[(31 - (sum % 31)) % 31]}`
}

/** A kind of hazardous waste, where it goes and what comes out of a gram of it. */
export interface HazardousKind {
  readonly code: string
  readonly name: string
  readonly form: 'S' | 'SS' | 'L'
  readonly packaging: readonly [code: string, name: string]
  readonly method: string
  readonly productName: string
  readonly product: number
  readonly residueCode: string
  readonly residue: number
}

export interface GeneralKind {
  readonly code: string
  readonly method: string
}

const solvent: HazardousKind = {
  code: '900-402-06',
  name: '清洗废溶剂',
  form: 'L',
  packaging: ['IBC', '吨桶（IBC）'],
  method: 'R2',
  productName: '再生溶剂',
  product: 0.78,
  residueCode: '900-407-06',
  residue: 0.12,
}
const oil: HazardousKind = {
  code: '900-249-08',
  name: '废导轨油',
  form: 'L',
  packaging: ['DRUM_STEEL', '铁桶'],
  method: 'R9',
  productName: '基础油',
  product: 0.83,
  residueCode: '',
  residue: 0,
}
const sludge: HazardousKind = {
  code: '336-064-17',
  name: '酸洗污泥',
  form: 'SS',
  packaging: ['FIBC', '吨袋'],
  method: 'R4',
  productName: '金属精矿',
  product: 0.35,
  residueCode: '772-006-49',
  residue: 0.4,
}
const packaging: HazardousKind = {
  code: '900-041-49',
  name: '沾染包装物',
  form: 'S',
  packaging: ['BAG_WOVEN', '编织袋'],
  method: 'D10',
  productName: '',
  product: 0,
  residueCode: '772-003-18',
  residue: 0.2,
}
const carbon: HazardousKind = {
  code: '900-039-49',
  name: '废活性炭',
  form: 'S',
  packaging: ['FIBC', '吨袋'],
  method: 'D10',
  productName: '',
  product: 0,
  residueCode: '772-003-18',
  residue: 0.18,
}
const flyAsh: HazardousKind = {
  code: '772-002-18',
  name: '焚烧飞灰',
  form: 'S',
  packaging: ['FIBC', '吨袋'],
  method: 'D1',
  productName: '',
  product: 0,
  residueCode: '',
  residue: 0,
}
const HAZARDOUS = [solvent, sludge, oil, packaging, carbon] as const

const GENERAL: readonly [GeneralKind, ...GeneralKind[]] = [
  { code: '900-005-S17', method: 'GR-MAT' },
  { code: '900-009-S59', method: 'GD-INC' },
  { code: '900-099-S07', method: 'GR-BLD' },
  { code: '900-001-S59', method: 'GR-BLD' },
]

export const TRIPS = [
  {
    stream: 'municipal',
    word: '生活垃圾',
    code: '900-002-S61',
    method: 'GR-ORG',
    receiver: 'organics',
    source: 'city',
  },
  { stream: 'municipal', word: '生活垃圾', code: '900-001-S61', method: 'GD-INC', receiver: 'thermal', source: 'city' },
  {
    stream: 'construction',
    word: '建筑垃圾',
    code: '900-001-S72',
    method: 'GR-BLD',
    receiver: 'building',
    source: 'site',
  },
  {
    stream: 'construction',
    word: '建筑垃圾',
    code: '900-001-S74',
    method: 'GR-BLD',
    receiver: 'building',
    source: 'site',
  },
  {
    stream: 'sludge',
    word: '城镇污水污泥',
    code: '462-001-S90',
    method: 'GR-ENE',
    receiver: 'thermal',
    source: 'water',
  },
] as const

export interface Unit {
  readonly code: string
  readonly name: string
  readonly inside: boolean
}
export interface Producer extends Unit {
  readonly hazardous: readonly HazardousKind[]
  readonly general: readonly GeneralKind[]
}
export interface Treater extends Unit {
  readonly licence: string
}

/** Who there is in the invented park, by what they do. */
export interface Park {
  readonly producers: readonly Producer[]
  /** By method of hazardous waste. */
  readonly treaters: Readonly<Record<string, Treater>>
  /** By method of general waste. */
  readonly recyclers: Readonly<Record<string, Unit>>
  readonly places: Readonly<Record<'city' | 'site' | 'water' | 'organics' | 'thermal' | 'building', Unit>>
  readonly hauler: Unit
  readonly collector: Unit
  readonly hazardousPlates: readonly string[]
  readonly generalPlates: readonly string[]
}

const BRANCHES = [
  ['3971', '光电'],
  ['3562', '封装'],
  ['2641', '涂料'],
  ['3391', '铸造'],
  ['2770', '生物'],
  ['3670', '汽车零部件'],
] as const

/** Invents the park and writes its master data. `year`: the one whose plans, licences and contracts are needed. */
export function inventPark(books: BookWriter, chance: Chance, size: number, year: number): Park {
  const register = (name: string, roles: string, industry: string, inside: boolean, management = ''): Unit => {
    const code = unitCode(chance)
    books.add(
      'units',
      code,
      name,
      roles,
      industry,
      `虚构大道${chance.whole(1, 900)}号`,
      inside ? '是' : '否',
      management,
      `联系人${chance.whole(1, 400)}`,
      `1980000${String(chance.whole(0, 9999)).padStart(4, '0')}`,
    )
    return { code, name, inside }
  }
  const facility = (unit: Unit, code: string, name: string, kind: string, capacity: number | '') =>
    books.add('facilities', unit.code, code, name, kind, capacity)

  const hauler = register('虚拟危货运输有限公司', '承运人', '5432', false)
  const collector = register('虚拟清运有限公司', '承运人', '5439', true)
  const treaters: Record<string, Treater> = {}
  const license = (
    name: string,
    roles: string,
    inside: boolean,
    covers: string,
    methods: readonly string[],
    store: string,
  ) => {
    const unit = register(name, roles, '7724', inside)
    const licence = `JSDEMO${String(Object.keys(treaters).length + 1).padStart(4, '0')}`
    facility(unit, 'TS001', store, '利用处置设施', 50_000)
    books.add(
      'licences',
      licence,
      unit.code,
      '综合',
      covers,
      methods.join('|'),
      60_000,
      `${year - 2}-01-01`,
      `${year + 2}-12-31`,
    )
    for (const method of methods) treaters[method] = { ...unit, licence }
  }
  license('虚拟再生资源有限公司', '利用单位', true, '900-402-06|HW08', ['R2', 'R9'], '精馏线')
  license('虚拟金属回收有限公司', '利用单位', true, 'HW17', ['R4'], '还原线')
  license('虚拟焚烧处置有限公司', '处置单位', true, 'HW49', ['D10'], '回转窑')
  license('虚拟安全填埋有限公司', '处置单位', false, 'HW18', ['D1'], '填埋单元')

  const material = register('虚拟分拣再生有限公司', '利用单位', '4220', true)
  const building = register('虚拟建材利用有限公司', '利用单位', '3039', true)
  const thermal = register('虚拟热电有限公司', '产生单位|利用单位|处置单位', '4412', true, '重点')
  const organics = register('虚拟有机处理有限公司', '利用单位', '7820', true)
  const places = {
    city: register('虚拟街道环卫所', '产生单位', '7820', true),
    site: register('虚拟建设工程有限公司', '产生单位', '4710', true),
    water: register('虚拟净水厂', '产生单位', '4620', true),
    organics,
    thermal,
    building,
  }
  facility(thermal, 'MF0001', '焚烧炉', '生产设施', '')
  facility(thermal, 'TS001', '飞灰库', '贮存库', 800)

  const producers: Producer[] = [{ ...thermal, hazardous: [flyAsh], general: [] }]
  for (let i = 1; i <= size; i++) {
    const [industry, branch] = BRANCHES[i % BRANCHES.length] as (typeof BRANCHES)[number]
    const unit = register(
      `虚拟${String(i).padStart(3, '0')}${branch}有限公司`,
      '产生单位',
      industry,
      i % 4 !== 0,
      i % 3 === 0 ? '重点' : '简化',
    )
    facility(unit, 'MF0001', '一号产线', '生产设施', '')
    facility(unit, 'TS001', '危废仓库', '贮存库', 400)
    const hazardous = [HAZARDOUS[i % 5], HAZARDOUS[(i * 2 + 1) % 5]].filter(
      (kind, at, all) => all.indexOf(kind) === at,
    ) as HazardousKind[]
    producers.push({ ...unit, hazardous, general: [GENERAL[i % GENERAL.length] as GeneralKind] })
  }

  const recyclers = { 'GR-MAT': material, 'GD-INC': thermal, 'GR-BLD': building }
  let contract = 0
  const agree = (from: Unit, to: Unit, code: string) =>
    books.add(
      'contracts',
      `HT${year}${String(++contract).padStart(5, '0')}`,
      from.code,
      to.code,
      code,
      `${year}-01-01`,
      `${year}-12-31`,
    )
  for (const producer of producers) {
    for (const { code, method } of producer.hazardous) {
      const to = treaters[method] as Treater
      books.add('plans', year, producer.code, code, 2_000, to.code, method, '省内')
      agree(producer, to, code)
    }
    for (const { code, method } of producer.general) agree(producer, recyclers[method as keyof typeof recyclers], code)
  }
  const plates = (letter: string, owner: Unit, count: number, dangerous: string, rated: number) =>
    Array.from({ length: count }, (_, i) => {
      const plate = `苏${letter}${String(10_000 + i * 7).slice(-5)}`
      books.add(
        'vehicles',
        plate,
        owner.code,
        `3205${String(10_000_000 + i * 13)}`,
        `${year + 2}-06-30`,
        rated,
        dangerous,
      )
      return plate
    })
  const fleet = Math.max(4, Math.ceil(size / 4))
  return {
    producers,
    treaters,
    recyclers,
    places,
    hauler,
    collector,
    hazardousPlates: plates('E', hauler, fleet, '是', 18),
    generalPlates: plates('U', collector, fleet, '否', 25),
  }
}

/** The list's own words for a code. */
export const listed = (code: string, day: string) => ({
  hazardous: builtinCatalogues.hazardous(code, day),
  general: builtinCatalogues.general(code).zh ?? '',
})

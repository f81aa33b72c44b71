import { promisesAt } from '../lot/promises.ts'
import { freeAt, freeInStock } from '../lot/state.ts'
import type { Taking } from './questions.ts'
import { rule, unbound } from './row.ts'
import { ALWAYS, LEDGER_STANDARD } from './sources.ts'

const moreThanThere = {
  name: { zh: '取用多于存量', en: 'more is taken than lies there' },
  command: { grams: 900_000_000 },
  expect: 'BLOCK',
} as const

/** The books cannot balance once more leaves a place than lies there and is not promised to a manifest. */
export const stockNeverNegative = rule('R28', {
  title: { zh: '取用不超过可用存量', en: 'No more leaves a place than lies there and is free' },
  text: {
    zh: '取用 {taken} 克，批次可用余量只有 {balance} 克',
    en: '{taken} g taken, but only {balance} g of the lot are free there',
    more: [
      {
        zh: '取用 {taken} 克，该处存有 {held} 克，其中 {promised} 克已列入联单 {promisedTo}，可用 {balance} 克；请减少数量，或先作废该联单',
        en: '{taken} g taken; {held} g lie there, of which {promised} g are promised to manifest {promisedTo} and {balance} g are free: take less, or cancel that manifest first',
      },
      // A request for all that is free has no mass of its own.
      {
        zh: '该处存有 {held} 克，其中 {promised} 克已列入联单 {promisedTo}，没有可用余量；请先作废该联单，或另选批次',
        en: '{held} g lie there, but {promised} g are promised to manifest {promisedTo} and none are free: cancel that manifest first, or choose another lot',
      },
      {
        zh: '批次 {emptyLot} 在移出人的贮存点没有存量，请核对批次标识',
        en: 'Nothing of lot {emptyLot} lies in a store of the consignor: check the id of the lot',
      },
      {
        zh: '批次 {looseLot} 没有为联单该行预留的数量，请核对联单',
        en: 'Nothing of lot {looseLot} is reserved for this line of the manifest: check the manifest',
      },
    ],
  },
  editions: [
    // That nothing can be taken of nothing is no law of a day.
    { from: ALWAYS, to: '2022-09-30', source: '物料平衡；本项目约定', severity: 'BLOCK' },
    { from: LEDGER_STANDARD, source: 'HJ 1259-2022 附录 B、C', severity: 'BLOCK' },
  ],
  books: 'same',
  asks: {
    // What the scale shows of a whole package counts, even above the earlier weight; a part cannot be more than there is.
    StoreLot: ({ command: { part = false, grams }, lot, from, day }) =>
      part
        ? { day, taken: grams, free: freeAt(lot, from), promises: promisesAt(lot, [from]), pointer: '/grams' }
        : undefined,
    TakeOutLot: ({ command: { whole = false, grams }, lot, from, day }) =>
      whole
        ? undefined
        : { day, taken: grams, free: freeAt(lot, from), promises: promisesAt(lot, [from]), pointer: '/grams' },
    SplitLot: ({ command: { grams }, lot, at, day }) => ({
      day,
      taken: grams,
      free: freeAt(lot, at),
      promises: promisesAt(lot, [at]),
      pointer: '/grams',
    }),
    SortLot: ({ command: { fractions }, lot, at, day }) => ({
      day,
      taken: fractions.reduce((sum, { grams }) => sum + grams, 0),
      free: Math.min(freeAt(lot, at), freeInStock(lot, at, day)),
      promises: promisesAt(lot, [at]),
      pointer: '/fractions',
    }),
    MixLots: ({ inputs, day }) =>
      inputs.map(
        ({ request: { grams, massPointer }, parts }): Taking => ({
          day,
          taken: grams,
          free: parts.reduce((sum, { open }) => sum + open, 0),
          pointer: massPointer,
        }),
      ),
    'FileManifest:lots': (taking) => (taking.outBatch ? undefined : taking),
    'PickUp:lots': (taking) => taking,
    'RecordOutShipment:pool': (taking) => taking,
    MoveLot: (taking) => taking,
    CorrectLot: ({ day, short }) => short && { day, ...short, pointer: '/changes' },
  },
  check({ taken, free, promises = {}, empty, loose, pointer }: Taking) {
    if (loose !== undefined) return { pointer, facts: { looseLot: loose } }
    if (empty !== undefined) return { pointer, facts: { emptyLot: empty } }
    if (taken === undefined) return free > 0 ? undefined : { pointer, facts: promises }
    return taken > free ? { pointer, facts: { taken, balance: free, ...promises } } : undefined
  },
  cases: {
    StoreLot: [{ ...moreThanThere, command: { part: true, grams: 900_000_000 } }],
    TakeOutLot: [moreThanThere],
    SplitLot: [moreThanThere],
    MixLots: [{ ...moreThanThere, command: { inputs: { 0: { grams: 900_000_000 } } } }],
    SortLot: [{ ...moreThanThere, command: { fractions: { 0: { grams: 900_000_000 } } } }],
    'FileManifest:lots': [
      {
        name: { zh: '列入多于可用存量', en: 'a line names more than is free' },
        command: { lines: { 0: { lots: { 0: { grams: 900_000_000 } } } } },
        expect: 'BLOCK',
      },
    ],
    'PickUp:lots': [
      {
        name: { zh: '批次没有为该联单预留', en: 'nothing of the lot is reserved for the manifest' },
        given: { context: { lots: { '*': { reserved: { '*': null } } } } },
        expect: 'BLOCK',
      },
    ],
    'RecordOutShipment:pool': [
      {
        name: { zh: '出厂多于库存', en: 'more leaves than the pool holds' },
        command: { grams: 900_000_000 },
        expect: 'BLOCK',
      },
    ],
    MoveLot: [{ ...moreThanThere, command: { taken: 900_000_000 } }],
    CorrectLot: [
      {
        name: { zh: '更正后已取用的多于所有', en: 'more was taken than the correction leaves' },
        command: { short: { taken: 900_000_000, free: 1 } },
        expect: 'BLOCK',
      },
    ],
  },
})

export const stockRules = [
  stockNeverNegative,
  unbound(
    'R33',
    'GB 18597-2023 3.5、3.6、8.1',
    ['贮存设施类型与废物形态相符', 'The kind of store fits the form of the waste'],
    [
      '缺少的事实：容器与散装的区分；设施类型和形态已有',
      'Missing fact: whether waste lies loose or in containers; kind of store and form are there',
    ],
  ),
  unbound(
    'R34',
    'GB 18597-2023 8.3.5；苏环办〔2024〕16号',
    ['贮存点实时存量不超过3吨', 'A storage point holds at most 3 t'],
    [
      '缺少的事实：入库时该贮存点其他批次的存量（跨批次）',
      'Missing fact: what other lots lie at the point when one is stored',
    ],
  ),
  unbound(
    'R35',
    'HJ 1259-2022 5.5.2.2',
    ['设施存量不超过核定贮存能力', 'A store holds no more than its permitted capacity'],
    [
      '缺少的事实：贮存能力的占用（预留与结算），随配额一起建立',
      'Missing fact: what of a capacity is taken, built with quotas',
    ],
  ),
  unbound(
    'R36',
    '生态环境法典 第535条第一款、第1175条第六项（原固废法 第81条）',
    ['不相容的危险废物不得同容器、同分区、同车', 'Incompatible wastes share no container, area or vehicle'],
    [
      '缺少的事实：不相容对照表和同区、同车的其他批次',
      'Missing fact: the table of incompatible pairs, and what else lies there',
    ],
  ),
  unbound(
    'R37',
    '生态环境法典 第535条第二款、第489条第二款（原固废法 第81条、第36条）',
    [
      '危险废物不得进入一般固体废物或生活垃圾的容器和库',
      'Hazardous waste goes into no container or store of other waste',
    ],
    [
      '代码与路径由 R06 判定；缺少的事实：贮存设施核定的废物种类',
      'R06 judges code and path; missing fact: for which waste a store is permitted',
    ],
  ),
  unbound(
    'R38',
    '生态环境法典 第535条第三款（原固废法 第81条第三款）',
    ['经营单位贮存不超过一年', 'A licensee stores for at most one year'],
    [
      '由期限驱动（流程管理器）；缺少的事实：延期批准',
      'A deadline raises it; missing fact: the approval of a longer time',
    ],
  ),
  unbound(
    'R39',
    '本项目约定',
    ['产生单位贮存超过365天提示', 'A producer that stores for more than 365 days is warned'],
    ['由期限驱动（流程管理器）', 'A deadline raises it (process manager)'],
  ),
  unbound(
    'R40',
    '危险废物经营许可证管理办法 第二十条',
    ['收集单位90个工作日内交付', 'A collector hands over within 90 working days'],
    [
      '由期限驱动；缺少的事实：收集单位接收后的再转移',
      'A deadline raises it; missing fact: the onward transfer of a collector',
    ],
  ),
  unbound(
    'R41',
    '医疗废物管理条例 第十七条、第二十五条',
    ['医疗废物暂时贮存不超过2天', 'Medical waste is stored for at most two days'],
    ['由期限驱动（流程管理器）', 'A deadline raises it (process manager)'],
  ),
  unbound(
    'R43',
    '“五即”要求（环固体〔2025〕10号）',
    ['产生、包装、称重、打码、入库依次进行', 'Generated, packed, weighed, labelled and stored in order'],
    ['缺少的事实：包装和称重各自的时刻', 'Missing fact: the moments of packing and weighing'],
  ),
]

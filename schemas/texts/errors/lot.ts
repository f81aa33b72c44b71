import type { ErrorRows } from './row.ts'

/** Where all that lies there is promised, and the reader may know to which manifests. */
const promisedAll = {
  zh: '该处存有 {held} 克，均已列入联单 {promisedTo}，须先作废该联单',
  en: '{held} g lie there, all promised to manifest {promisedTo}: cancel that manifest first',
}

/** Refusals about lots. */
export const lotErrors = {
  'lot-unknown': { status: 404, zh: '没有这个批次', en: 'There is no such lot' },
  'nothing-to-classify': { status: 422, zh: '没有待分类的数量', en: 'Nothing of this lot awaits classification' },
  'pools-have-no-label': {
    status: 422,
    zh: '按代码归集的一般固废没有容器标签',
    en: 'A pool of general waste has no container label',
  },
  'already-labelled': { status: 422, zh: '批次已有标签', en: 'The lot already bears a label' },
  'nothing-to-store': {
    status: 422,
    zh: '没有待入库的数量',
    en: 'Nothing of this lot awaits storage',
    more: [promisedAll],
  },
  'nothing-in-store': {
    status: 422,
    zh: '库中没有可用的数量',
    en: 'Nothing of this lot lies free in store',
    more: [promisedAll],
  },
  'nothing-to-split': {
    status: 422,
    zh: '没有可拆分的数量',
    en: 'Nothing of this lot can be split',
    more: [promisedAll],
  },
  'nothing-to-label': {
    status: 422,
    zh: '没有可贴标签的数量',
    en: 'Nothing of this lot lies where it could be labelled',
  },
  'needs-no-label': { status: 422, zh: '只有危险废物使用容器标签', en: 'Only hazardous waste bears a container label' },
  'serials-used-up': { status: 422, zh: '{stem} 的 999 个顺序编码已用完', en: 'All 999 serials of {stem} are used up' },
  'pools-are-not-split': {
    status: 422,
    zh: '按代码归集的一般固废不能拆分',
    en: 'A pool of general waste cannot be split',
  },
  'pools-are-not-staged': {
    status: 422,
    zh: '按代码归集的一般固废不办理出库',
    en: 'A pool of general waste is not taken out of store by batch',
  },
  'place-not-open': { status: 422, zh: '该处没有可办理的数量', en: 'Nothing of this lot lies free at that place' },
  'lot-promised': {
    status: 422,
    zh: '该处 {held} 克中的 {promised} 克已列入联单 {promisedTo}，不能整体办理；请注明部分数量，或先作废该联单',
    en: 'Of the {held} g there {promised} g are promised to manifest {promisedTo}: give the mass of a part, or cancel that manifest first',
  },
  'lot-full': {
    status: 422,
    zh: '一个批次最多容纳 {limit} 克',
    en: 'A lot holds at most {limit} g',
  },
  'label-of-another-unit': {
    status: 422,
    zh: '标签 {label} 的前 18 位不是本批次的产生单位 {unit}',
    en: 'The first 18 characters of label {label} do not name {unit}, whose lot this is',
  },
  'lot-id-reserved': {
    status: 422,
    zh: '批次标识 {id} 的形式由系统专用（pool-… 或第 8 版 UUID）；请另选标识，或不填，由系统生成',
    en: 'Lot id {id} has a form that the system keeps for its own (pool-… or UUID version 8); choose another, or none and one is made',
  },
  'lot-exists': { status: 422, zh: '批次 {lot} 已存在', en: 'Lot {lot} exists already' },
  'batch-reused': {
    status: 422,
    zh: '批次编码 {batch} 已用于该批次',
    en: 'Batch code {batch} was used for this lot before',
  },
  'record-reused': {
    status: 422,
    zh: '编号 {record} 已登记，内容与本次不同：请核对编号；相同内容可重复提交',
    en: 'Number {record} is recorded already, with other content: check the number; the same content may be sent again',
  },
  'report-missing': {
    status: 422,
    zh: '更改代码或类别须注明鉴别报告',
    en: 'A change of code or stream needs the reference of its identification report',
  },
  'pool-not-industrial': {
    status: 422,
    zh: '只有一般工业固废按代码归集',
    en: 'Only general industrial waste is pooled',
  },
  'not-a-trip-stream': {
    status: 422,
    zh: '{stream} 不能按过磅单登记',
    en: '{stream} is not recorded by weighbridge slips',
  },
  'net-not-gross-less-tare': {
    status: 422,
    zh: '净重应等于毛重 {gross} 千克减皮重 {tare} 千克且大于零',
    en: 'Net must be gross {gross} kg less tare {tare} kg, and above zero',
  },
  'moisture-missing': { status: 422, zh: '污泥须记录含水率', en: 'Sludge needs its moisture' },
  'method-unfit': {
    status: 422,
    zh: '利用处置方式 {method} 不适用于 {stream}',
    en: 'Method {method} does not fit {stream}',
  },
  'fraction-of-another-stream': {
    status: 422,
    zh: '自产废物不能经分拣改为另一类废物；请先按鉴别报告重新判定类别，分拣只用于接受的废物',
    en: 'Sorting does not make waste of one’s own another kind of waste: classify it again, with its report; only what was received is sorted into other kinds',
  },
} as const satisfies ErrorRows

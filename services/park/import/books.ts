import type { RuleId } from '../../../schemas/rules/row.ts'
import { choice, kinds, type Kind } from './cells.ts'

/**
 * One column of a book. `must`: the row means nothing without it. `form`: a rule asks for it; a book without the column is no violation,
 * a column that is there and empty is one (readings: all). `ask`: the official form asks for it and no rule of ours does, so an empty
 * cell is said and costs nothing. `may`: may be empty.
 */
export interface Column {
  readonly name: string
  readonly kind: Kind
  readonly need: 'must' | 'form' | 'ask' | 'may'
  /** The rule that an empty cell breaks. */
  readonly rule?: RuleId
}

/** A name under which rows find each other: the columns that make it up. The first one of a book is its rows' natural key. */
export type Namespace =
  | 'unit'
  | 'facility'
  | 'licence'
  | 'vehicle'
  | 'plan'
  | 'plan-line'
  | 'contract'
  | 'generation'
  | 'storage-in'
  | 'stock-label'
  | 'storage-out'
  | 'manifest'
  | 'line'
  | 'line-of'
  | 'treatment'
  | 'pool-record'
  | 'out-record'
  | 'receipt'
  | 'trip'

export interface Name {
  readonly space: Namespace
  readonly columns: readonly string[]
}

/** One file of the books. */
export interface Book {
  /** Name of the file without `.csv`. */
  readonly name: string
  readonly columns: readonly Column[]
  readonly names: readonly [Name, ...Name[]]
  /** Columns that name units; the row rests on their registration. */
  readonly units: readonly string[]
  /** Column of the business time by which rows are ordered. Master data comes before everything, in the order of the books below. */
  readonly time?: string
}

const column =
  (need: Column['need']) =>
  (name: string, kind: Kind, rule?: RuleId): Column => ({ name, kind, need, ...(rule ? { rule } : {}) })
const must = column('must')
const form = column('form')
const ask = column('ask')
const may = column('may')

export const words = {
  roles: { 产生单位: 'producer', 收集单位: 'collector', 承运人: 'carrier', 利用单位: 'recycler', 处置单位: 'disposer' },
  inside: { 是: true, 否: false },
  management: { 重点: 'key', 简化: 'simplified', 登记: 'registered' },
  facility: {
    生产设施: 'production',
    贮存库: 'warehouse',
    贮存场: 'yard',
    贮存池: 'pool',
    贮存罐区: 'tank-farm',
    贮存点: 'storage-point',
    利用处置设施: 'treatment',
  },
  licence: { 综合: 'comprehensive', 收集: 'collection' },
  destination: { 省内: 'in-province', 跨省: 'cross-province', 境外: 'abroad' },
  flow: { 省内转移: 'in-province', 跨省转移: 'cross-province', 越境转移: 'abroad' },
  measure: { 吨: 1 },
  form: { S: 'S', SS: 'SS', L: 'L', G: 'G' },
  difference: {
    无: 'none',
    数量: 'quantity',
    包装: 'packaging',
    形态: 'form',
    性质: 'nature',
    名称: 'name',
    其他: 'other',
  },
  decision: { 接受: 'accepted', 部分接受: 'partly-accepted', 拒收: 'refused' },
  stream: { 生活垃圾: 'municipal', 建筑垃圾: 'construction', 城镇污水污泥: 'sludge' },
} as const

/** Books copy the sign of the list (`T/I/R`, `C,T`) or write their own comma between hazards. */
export const HAZARD_SIGNS = /[/,，、]/

const hazards: Kind = {
  fold: true,
  check(value) {
    const strange = value.split(HAZARD_SIGNS).find((part) => !['T', 'C', 'I', 'R', 'In'].includes(part))
    return strange === undefined
      ? undefined
      : { code: 'not-in-list', rule: 'R53', facts: { value: strange, choices: 'T / C / I / R / In' } }
  },
}
const measure = form('计量单位', choice(words.measure, { rule: 'R26' }), 'R26')
const {
  unit,
  batch,
  batches,
  facility,
  plate,
  label,
  tonnes,
  tonnesOrNone,
  kilograms,
  whole,
  moment,
  day,
  person,
  phone,
  text,
  name,
  code,
  codes,
  number,
} = kinds

/** The files of a folder of books, in the order in which rows of the same moment happened. Column names are those of the official forms. */
export const BOOKS: readonly Book[] = [
  {
    name: 'units',
    names: [{ space: 'unit', columns: ['统一社会信用代码'] }],
    units: [],
    columns: [
      must('统一社会信用代码', unit, 'R01'),
      must('单位名称', name),
      must('角色', choice(words.roles, { many: true })),
      may('行业代码', code),
      may('地址', name),
      must('园区内', choice(words.inside)),
      may('管理类别', choice(words.management)),
      may('联系人', person),
      may('联系电话', phone),
    ],
  },
  {
    name: 'facilities',
    names: [{ space: 'facility', columns: ['单位代码', '设施编码'] }],
    units: ['单位代码'],
    columns: [
      must('单位代码', unit),
      must('设施编码', facility),
      must('设施名称', name),
      must('设施类型', choice(words.facility)),
      may('能力(吨)', tonnes),
    ],
  },
  {
    name: 'licences',
    names: [{ space: 'licence', columns: ['许可证编号'] }],
    units: ['单位代码'],
    columns: [
      must('许可证编号', number),
      must('单位代码', unit),
      must('经营方式', choice(words.licence)),
      must('废物类别或代码', codes),
      must('利用处置方式', codes),
      must('年经营规模(吨)', tonnes),
      must('有效期起', day),
      must('有效期止', day),
    ],
  },
  {
    name: 'vehicles',
    names: [{ space: 'vehicle', columns: ['承运人代码', '车牌'] }],
    units: ['承运人代码'],
    columns: [
      must('车牌', plate),
      must('承运人代码', unit),
      must('道路运输证号', number),
      must('证书有效期止', day),
      may('核定载质量(吨)', tonnes),
      must('危险货物', choice(words.inside)),
    ],
  },
  {
    name: 'plans',
    names: [
      { space: 'plan', columns: ['移出人代码', '计划年度', '废物代码', '接受人代码', '利用处置方式'] },
      { space: 'plan-line', columns: ['移出人代码', '计划年度', '废物代码', '接受人代码'] },
    ],
    units: ['移出人代码', '接受人代码'],
    columns: [
      must('计划年度', kinds.year),
      must('移出人代码', unit),
      must('废物代码', code),
      must('预计转移量(吨)', tonnes),
      must('接受人代码', unit),
      must('利用处置方式', code),
      must('转移类型', choice(words.destination)),
    ],
  },
  {
    name: 'contracts',
    names: [{ space: 'contract', columns: ['移出人代码', '合同编号'] }],
    units: ['移出人代码', '接受人代码'],
    columns: [
      must('合同编号', number),
      must('移出人代码', unit),
      must('接受人代码', unit),
      must('废物代码', code),
      must('有效期起', day),
      must('有效期止', day),
    ],
  },
  {
    name: 'opening-stock',
    names: [
      { space: 'generation', columns: ['单位代码', '批次编码'] },
      { space: 'storage-in', columns: ['单位代码', '入库批次编码'] },
      { space: 'stock-label', columns: ['单位代码', '容器/包装编码'] },
    ],
    units: ['单位代码'],
    columns: [
      must('批次编码', batch),
      must('单位代码', unit),
      must('废物代码', code),
      ask('废物名称', text),
      must('产生日期', day),
      must('贮存量(吨)', tonnes),
      must('贮存设施编码', facility),
      form('容器/包装编码', label, 'R31'),
      ask('入库批次编码', batch),
    ],
  },
  {
    name: 'gisw-generation',
    names: [{ space: 'pool-record', columns: ['单位代码', '记录表编号'] }],
    units: ['单位代码'],
    time: '产生时间',
    columns: [
      must('记录表编号', batch),
      must('单位代码', unit),
      must('代码', code),
      ask('名称', text),
      must('产生时间', moment),
      must('产生数量(吨)', tonnes),
      ask('生产设施编码', facility),
      ask('产生部门经办人', person),
    ],
  },
  {
    name: 'hw-generation',
    names: [{ space: 'generation', columns: ['单位代码', '产生批次编码'] }],
    units: ['单位代码'],
    time: '产生时间',
    columns: [
      must('产生批次编码', batch),
      must('单位代码', unit),
      must('产生时间', moment),
      ask('行业俗称/单位内部名称', text),
      ask('国家危险废物名录名称', text),
      ask('危险废物类别', kinds.code),
      must('危险废物代码', code),
      must('产生量', tonnes),
      measure,
      form('容器/包装编码', label, 'R31'),
      ask('容器/包装类型', name),
      ask('容器/包装数量', whole),
      ask('产生危险废物设施编码', facility),
      ask('产生部门经办人', person),
      ask('去向', text),
    ],
  },
  {
    name: 'hw-storage-in',
    names: [{ space: 'storage-in', columns: ['单位代码', '入库批次编码'] }],
    units: ['单位代码'],
    time: '入库时间',
    columns: [
      must('入库批次编码', batch),
      must('单位代码', unit),
      must('入库时间', moment),
      form('容器/包装编码', label, 'R31'),
      ask('容器/包装类型', name),
      ask('容器/包装数量', whole),
      ask('危险废物代码', code),
      must('入库量', tonnes),
      measure,
      must('贮存设施编码', facility),
      ask('贮存设施类型', text),
      ask('运送部门经办人', person),
      ask('贮存部门经办人', person),
      must('产生批次编码', batch, 'R29'),
    ],
  },
  {
    name: 'hw-storage-out',
    names: [{ space: 'storage-out', columns: ['单位代码', '出库批次编码'] }],
    units: ['单位代码'],
    time: '出库时间',
    columns: [
      must('出库批次编码', batch),
      must('单位代码', unit),
      must('出库时间', moment),
      form('容器/包装编码', label, 'R31'),
      ask('危险废物代码', code),
      must('出库量', tonnes),
      measure,
      must('贮存设施编码', facility),
      ask('出库部门经办人', person),
      ask('运送部门经办人', person),
      must('入库批次编码', batch, 'R29'),
      ask('去向', text),
    ],
  },
  {
    name: 'hw-manifests',
    names: [{ space: 'manifest', columns: ['联单编号'] }],
    units: ['移出人代码', '承运人代码', '接受人代码'],
    time: '交付时间',
    columns: [
      must('联单编号', kinds.manifestNumber, 'R48'),
      must('移出人代码', unit, 'R52'),
      form('应急联系电话', phone, 'R52'),
      must('交付时间', moment, 'R52'),
      must('承运人代码', unit),
      must('车牌', plate),
      ask('驾驶员', person),
      ask('驾驶员电话', phone),
      ask('运输起点', name),
      must('实际起运时间', moment),
      ask('运输终点', name),
      must('实际到达时间', moment),
      must('接受人代码', unit),
      ask('许可证编号', number),
      must('接受时间', moment),
      must('毛重(kg)', kilograms, 'R69'),
      must('皮重(kg)', kilograms, 'R69'),
    ],
  },
  {
    name: 'hw-manifest-lines',
    names: [
      { space: 'line', columns: ['联单编号', '序号'] },
      { space: 'line-of', columns: ['联单编号'] },
    ],
    units: [],
    columns: [
      must('联单编号', kinds.manifestNumber, 'R48'),
      must('序号', whole),
      must('废物代码', code, 'R52'),
      form('废物名称', text, 'R52'),
      form('危险特性', hazards, 'R52'),
      form('形态', choice(words.form, { rule: 'R53' }), 'R52'),
      form('包装方式', name, 'R52'),
      form('包装数量', whole, 'R52'),
      must('移出量(吨)', tonnes, 'R52'),
      must('出库批次编码', batches, 'R29'),
      form('是否存在重大差异', choice(words.difference), 'R72'),
      may('差异说明', text),
      must('接受人处理意见', choice(words.decision)),
      must('接受量(吨)', tonnesOrNone),
      may('拟利用处置方式', code),
    ],
  },
  {
    name: 'gisw-out',
    names: [{ space: 'out-record', columns: ['单位代码', '记录表编号'] }],
    units: ['单位代码', '运输单位代码', '接收单位代码'],
    time: '出厂时间',
    columns: [
      must('记录表编号', batch),
      must('单位代码', unit),
      must('代码', code),
      ask('名称', text),
      must('出厂时间', moment),
      must('出厂数量(吨)', tonnes),
      ask('出厂环节经办人', person),
      must('运输单位代码', unit),
      must('车牌', plate),
      ask('驾驶员', person),
      ask('运输方式', text),
      must('接收单位代码', unit),
      ask('流向类型', choice(words.flow)),
    ],
  },
  {
    name: 'gisw-receipts',
    names: [{ space: 'receipt', columns: ['移出单位代码', '出厂记录表编号'] }],
    units: ['移出单位代码', '接收单位代码'],
    time: '接收时间',
    columns: [
      must('出厂记录表编号', batch),
      must('移出单位代码', unit),
      must('接收单位代码', unit),
      must('接收时间', moment),
      must('接收数量(吨)', tonnes),
      must('利用处置方式', code),
      must('完成时间', moment),
    ],
  },
  {
    name: 'hw-treatment',
    names: [{ space: 'treatment', columns: ['单位代码', '利用处置记录编号'] }],
    units: ['单位代码'],
    time: '完成时间',
    columns: [
      must('利用处置记录编号', number),
      must('单位代码', unit),
      must('联单编号', kinds.manifestNumber),
      must('序号', whole),
      ask('设施编码', facility),
      must('利用处置方式', code),
      must('处理量(吨)', tonnes),
      may('产物名称', name),
      must('产物量(吨)', tonnesOrNone),
      may('残渣废物代码', code),
      must('残渣量(吨)', tonnesOrNone),
      must('损失量(吨)', tonnesOrNone),
      must('完成时间', moment),
    ],
  },
  {
    name: 'trips',
    names: [{ space: 'trip', columns: ['称重编号'] }],
    units: ['来源单位代码', '承运人代码', '接收单位代码'],
    time: '出发时间',
    columns: [
      must('称重编号', batch),
      must('类别', choice(words.stream)),
      must('废物代码', code),
      must('来源单位代码', unit),
      must('承运人代码', unit),
      must('车牌', plate),
      ask('驾驶员', person),
      must('出发时间', moment),
      must('接收单位代码', unit),
      must('进厂时间', moment),
      must('毛重(kg)', kilograms),
      must('皮重(kg)', kilograms),
      ask('净重(kg)', kilograms),
      may('含水率(%)', kinds.percent),
      must('利用处置方式', code),
    ],
  },
]

/** How many books, from the first, are master data: each is finished before the next begins. */
export const MASTER_DATA = 6

export const bookNamed = new Map(BOOKS.map((book, index) => [book.name, index]))

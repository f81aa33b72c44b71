import { ask, choice, must, type Form } from './form.ts'
import { words } from './words.ts'

export const giswGeneration: Form = {
  name: 'gisw-generation',
  zh: '一般工业固体废物产生环节记录表',
  en: 'Generation of general industrial waste',
  source: '公告2021年第82号 附表4',
  names: [{ space: 'pool-record', columns: ['单位代码', '记录表编号'] }],
  units: ['单位代码'],
  time: '产生时间',
  columns: [
    must('记录表编号', 'batch'),
    must('单位代码', 'unit'),
    must('代码', 'code'),
    ask('名称', 'text'),
    must('产生时间', 'moment'),
    must('产生数量(吨)', 'tonnes'),
    ask('生产设施编码', 'facility'),
    ask('产生部门经办人', 'person'),
  ],
}

export const giswOut: Form = {
  name: 'gisw-out',
  zh: '一般工业固体废物出厂环节记录表',
  en: 'General industrial waste leaving its unit',
  source: '公告2021年第82号 附表3',
  names: [{ space: 'out-record', columns: ['单位代码', '记录表编号'] }],
  units: ['单位代码', '运输单位代码', '接收单位代码'],
  time: '出厂时间',
  columns: [
    must('记录表编号', 'batch'),
    must('单位代码', 'unit'),
    must('代码', 'code'),
    ask('名称', 'text'),
    must('出厂时间', 'moment'),
    must('出厂数量(吨)', 'tonnes'),
    ask('出厂环节经办人', 'person'),
    must('运输单位代码', 'unit'),
    must('车牌', 'plate'),
    ask('驾驶员', 'person'),
    ask('运输方式', 'text'),
    must('接收单位代码', 'unit'),
    ask('流向类型', choice(words.flow)),
  ],
}

export const giswReceipts: Form = {
  name: 'gisw-receipts',
  zh: '一般工业固体废物接收利用处置记录',
  en: 'Receipts of general industrial waste',
  names: [{ space: 'receipt', columns: ['移出单位代码', '出厂记录表编号'] }],
  units: ['移出单位代码', '接收单位代码'],
  time: '接收时间',
  columns: [
    must('出厂记录表编号', 'batch'),
    must('移出单位代码', 'unit'),
    must('接收单位代码', 'unit'),
    must('接收时间', 'moment'),
    must('接收数量(吨)', 'tonnes'),
    must('利用处置方式', 'code'),
    must('完成时间', 'moment'),
  ],
}

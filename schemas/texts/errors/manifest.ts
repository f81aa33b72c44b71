import type { ErrorRows } from './row.ts'

/** Refusals about manifests. */
export const manifestErrors = {
  'manifest-unknown': { status: 404, zh: '没有这份联单', en: 'There is no such manifest' },
  'manifest-id-reserved': {
    status: 422,
    zh: '联单标识 {id} 的形式由系统专用（第 8 版 UUID）；请另选 UUID，或不填，由系统生成',
    en: 'Manifest id {id} has a form that the system keeps for its own (UUID version 8); choose another UUID, or none and one is made',
  },
  'manifest-already-filed': { status: 422, zh: '该联单已经填报', en: 'This manifest is filed already' },
  'manifest-abandoned': {
    status: 422,
    zh: '该联单填报未完成，已作废；请用新的编号重新填报',
    en: 'The filing of this manifest was never completed and is closed; file it anew under another id',
  },
  'not-your-part': { status: 403, zh: '该操作由{by}办理', en: 'This step belongs to the {by}' },
  'manifest-not-ready': {
    status: 422,
    zh: '联单状态为 {status}，不能办理 {action}',
    en: 'The manifest is {status}; {action} is not possible now',
  },
  'party-unknown': {
    status: 422,
    zh: '没有登记代码为 {unit} 的单位',
    en: 'No unit with code {unit} is registered',
    more: [
      {
        zh: '单位 {unit} 自 {closedFrom} 起已注销，不能作为当事方',
        en: 'Unit {unit} is closed as of {closedFrom} and can be no party',
      },
    ],
  },
  'line-twice': { status: 422, zh: '行号 {line} 重复', en: 'Line number {line} occurs twice' },
  'line-unknown': { status: 422, zh: '联单没有第 {line} 行', en: 'The manifest has no line {line}' },
  'lot-twice': { status: 422, zh: '批次 {lot} 在联单中出现两次', en: 'Lot {lot} occurs twice on the manifest' },
  'lot-of-other-waste': {
    status: 422,
    zh: '批次 {lot} 的代码是 {actual}，不是 {code}',
    en: 'Lot {lot} is of code {actual}, not {code}',
  },
  'grams-needed': {
    status: 422,
    zh: '批次 {lot} 按代码归集，须写明数量',
    en: 'Lot {lot} is a pool: say how much of it',
  },
  'planned-differs': {
    status: 422,
    zh: '计划量 {planned} 克与各批次之和 {lots} 克不符',
    en: 'The planned {planned} g are not the {lots} g of the lots',
  },
  'already-reserved': {
    status: 422,
    zh: '批次已为该行预留另一数量',
    en: 'Another mass of the lot is reserved for this line',
  },
  'not-reserved': { status: 422, zh: '批次没有为该行预留', en: 'Nothing of the lot is reserved for this line' },
  'not-on-the-road': { status: 422, zh: '该批次不在运输途中', en: 'This mass of the lot is not on the road' },
  'record-already-filed': {
    status: 422,
    zh: '记录表编号 {record} 已使用',
    en: 'Record number {record} is used already',
  },
  'number-already-attached': { status: 422, zh: '联单编号已登记', en: 'The official number is already attached' },
  'shipped-too-small': {
    status: 422,
    zh: '第 {line} 行移出量 {shipped} 克少于容器数量',
    en: 'The {shipped} g shipped of line {line} are less than a gram a package',
  },
  'no-further-leg': { status: 422, zh: '没有后续承运人', en: 'There is no further carrier' },
  'legs-open': { status: 422, zh: '尚有未交接的承运段', en: 'A leg has not been handed over yet' },
  'not-weighed-here': { status: 422, zh: '该单据无需过磅', en: 'This document needs no weighing' },
  'all-lines-decided': { status: 422, zh: '各行均已处理', en: 'Every line is decided already' },
  'line-decided': { status: 422, zh: '第 {line} 行已经处理', en: 'Line {line} is decided already' },
  'decision-contradicts': {
    status: 422,
    zh: '第 {line} 行处理意见 {decision} 与接受 {accepted} 克、拒收 {refused} 克不符',
    en: 'Line {line}: {decision} contradicts {accepted} g accepted and {refused} g refused',
  },
  'method-needed': { status: 422, zh: '第 {line} 行须选定利用处置方式', en: 'Choose a method for line {line}' },
  'nothing-refused': {
    status: 422,
    zh: '没有被拒收的数量',
    en: 'Nothing was refused',
    more: [
      {
        zh: '拒收的数量已于 {returnedAt} 退回，不须再办理',
        en: 'What was refused was returned already, at {returnedAt}: there is nothing left to return',
      },
    ],
  },
  'nothing-to-treat': { status: 422, zh: '没有待处理的数量', en: 'Nothing accepted awaits treatment' },
  'facility-unknown': {
    status: 422,
    zh: '{unit} 没有登记设施 {facility}',
    en: '{unit} has no facility {facility}',
    more: [
      {
        zh: '{unit} 没有登记设施 {facility}，相近的有 {near}',
        en: '{unit} has no facility {facility}; like it are {near}',
      },
      {
        zh: '{unit} 的设施 {facility} 自 {closedFrom} 起已停用',
        en: 'Facility {facility} of {unit} is closed as of {closedFrom}',
      },
    ],
  },
  'treatment-twice': {
    status: 422,
    zh: '处置记录 {treatment} 已登记，不能重复登记；另一次处理请用另一个编号',
    en: 'Treatment {treatment} is recorded already: give another treatment another number',
  },
  'treatment-abandoned': {
    status: 422,
    zh: '处置记录 {treatment} 未及时登记完成，已放弃；请用另一个编号重新登记',
    en: 'Treatment {treatment} was not recorded in time and was given up: record it under another number',
  },
  'treatment-of-what': {
    status: 422,
    zh: '请指明处理的对象：或者 manifest、line 和 treated（一行），或者 inputs（多行或多个批次），不能两者都填',
    en: 'Say what is treated: either manifest, line and treated (one line), or inputs (many lines or lots), and not both',
  },
  'input-of-what': {
    status: 422,
    zh: '每项投入或者填 manifest 和 line，或者填 lot；没有单位的发送者还须填 unit',
    en: 'Each input is either a line (manifest and line) or a lot; a sender without a unit gives the unit, too',
  },
  'input-of-another-unit': {
    status: 422,
    zh: '该行由 {unit} 接受，不能与其他单位接受的废物一起登记',
    en: 'This line was accepted by {unit}: it cannot be treated together with what another unit accepted',
  },
  'not-in-one-place': {
    status: 422,
    zh: '混合的各批次须在同一处；请先移到同一贮存设施',
    en: 'Lots that are mixed lie in one place: bring them into one store first',
  },
  'input-twice': {
    status: 422,
    zh: '批次 {lot} 在同一处的存量已由前面的投入列出；请合并为一项',
    en: 'What lies there of lot {lot} is named by an input before this one: make one input of the two',
  },
} as const satisfies ErrorRows

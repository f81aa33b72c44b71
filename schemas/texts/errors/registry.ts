import type { ErrorRows } from './row.ts'

/** Refusals of the registry side. */
export const registryErrors = {
  'unit-unknown': {
    status: 404,
    zh: '没有登记代码为 {unit} 的单位',
    en: 'No unit with code {unit} is registered',
    more: [
      {
        zh: '单位 {unit} 自 {closedFrom} 起已注销',
        en: 'Unit {unit} is closed as of {closedFrom}',
      },
    ],
  },
  'site-not-registered': { status: 404, zh: '该单位没有场所 {site}', en: 'This unit has no site {site}' },
  'vehicle-unknown': { status: 404, zh: '该单位没有登记车辆 {plate}', en: 'This unit has no vehicle {plate}' },
  'driver-unknown': {
    status: 404,
    zh: '该单位没有从业资格证号为 {permit} 的驾驶员',
    en: 'This unit has no driver with permit {permit}',
  },
  'contract-unknown': { status: 404, zh: '该单位没有合同 {number}', en: 'This unit has no contract {number}' },
  'already-ended': {
    status: 422,
    zh: '{kind} {key} 自 {from} 起已终止',
    en: 'The {kind} {key} has ended as of {from} already',
  },
  'not-yours-to-change': {
    status: 403,
    zh: '本单位只能变更名称、行业、地址和联系人；{field} 由园区管理员变更',
    en: 'A unit may change its name, industry, address and contact; {field} is changed by the book-keeper of the park',
  },
  'look-at-what': {
    status: 400,
    zh: '须且只须给出联单（manifest）或事件（event）之一',
    en: 'Give exactly one of manifest and event',
  },
  'not-a-division': {
    status: 400,
    zh: '“{value}”不是六位行政区划代码，例如 320571（苏州工业园区）',
    en: '“{value}” is not a division code of six digits, such as 320571 (Suzhou Industrial Park)',
  },
  'licence-unknown': {
    status: 404,
    zh: '该单位没有编号为 {number} 的许可证',
    en: 'This unit holds no licence {number}',
    more: [
      {
        zh: '该单位没有编号为 {number} 的许可证，已登记的有 {held}',
        en: 'This unit holds no licence {number}; recorded are {held}',
      },
    ],
  },
  'already-revoked': {
    status: 422,
    zh: '许可证 {number} 已自 {from} 起吊销',
    en: 'Licence {number} is revoked as of {from} already',
  },
  'period-reversed': {
    status: 422,
    zh: '期间止日 {to} 早于起日 {from}',
    en: 'The period ends on {to}, before it begins on {from}',
  },
  'method-unknown': {
    status: 422,
    zh: '没有利用处置方式代码“{method}”；代码表见 /api/v1/code-lists/methods',
    en: 'There is no treatment method “{method}”; the list is at /api/v1/code-lists/methods',
    more: [
      {
        zh: '没有利用处置方式代码“{method}”，相近的有 {near}；代码表见 /api/v1/code-lists/methods',
        en: 'There is no treatment method “{method}”; like it are {near}; the list is at /api/v1/code-lists/methods',
      },
    ],
  },
  'category-unknown': {
    status: 422,
    zh: '没有危险废物类别或代码“{code}”；代码表见 /api/v1/code-lists/hazardous-categories 和 /api/v1/code-lists/hazardous',
    en: 'There is no category or code “{code}” of hazardous waste; the lists are at /api/v1/code-lists/hazardous-categories and /api/v1/code-lists/hazardous',
    more: [
      {
        zh: '没有危险废物类别或代码“{code}”，相近的有 {near}；代码表见 /api/v1/code-lists/hazardous-categories 和 /api/v1/code-lists/hazardous',
        en: 'There is no category or code “{code}” of hazardous waste; like it are {near}; the lists are at /api/v1/code-lists/hazardous-categories and /api/v1/code-lists/hazardous',
      },
    ],
  },
} as const satisfies ErrorRows

import type { ErrorRows } from './row.ts'

/** Refusals about findings and cases. */
export const supervisionErrors = {
  'finding-unknown': {
    status: 404,
    zh: '没有编号为 {finding} 的异常；编号见 GET /findings 的 id',
    en: 'There is no finding {finding}; take the id that GET /findings gives',
  },
  'case-unknown': { status: 404, zh: '没有这件整改', en: 'There is no such case' },
  'case-open-already': {
    status: 422,
    zh: '该异常已有未办结的整改 {case}，请在其中办理',
    en: 'This finding has a case that is not closed yet, {case}: go on with that one',
  },
  'case-needs-unit': {
    status: 422,
    zh: '该异常没有责任单位，请用 unit 指明由谁整改',
    en: 'This finding has no owner: say in unit who has to answer',
  },
  'case-unit-strange': {
    status: 422,
    zh: '单位 {unit} 与该异常无关；可选 {choices}',
    en: 'Unit {unit} has nothing to do with this finding; choose one of {choices}',
  },
  'case-for-offices': {
    status: 403,
    zh: '该操作由主管部门办理',
    en: 'This is for the office that is competent for the waste',
  },
  'case-for-its-unit': {
    status: 403,
    zh: '由被要求整改的单位 {unit} 答复',
    en: 'The unit {unit} that the case asks answers it',
  },
  'case-closed': { status: 422, zh: '该整改已办结', en: 'This case is closed' },
  'case-due-passed': {
    status: 422,
    zh: '期限 {dueAt} 须晚于 {earliestAt}',
    en: 'The deadline {dueAt} must come after {earliestAt}',
  },
  'outage-empty': {
    status: 422,
    zh: '停运的结束时间 {endedAt} 须晚于开始时间 {startedAt}',
    en: 'An outage ends after it began: {endedAt} is not after {startedAt}',
  },
  'case-out-of-order': {
    status: 422,
    zh: '时间 {at} 早于该整改的上一步 {previousAt}，或晚于当前时间',
    en: 'The time {at} is before the last step of this case, {previousAt}, or after now',
  },
} as const satisfies ErrorRows

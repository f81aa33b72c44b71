import type { ErrorRows } from './row.ts'

/** Refusals of the graphql side. */
export const graphqlErrors = {
  'query-invalid': { status: 400, zh: '查询不合法：{detail}', en: 'The query is not valid: {detail}' },
  'query-too-costly': {
    status: 400,
    zh: '查询代价为 {cost}，上限 {limit}',
    en: 'The query costs {cost}; the limit is {limit}',
  },
  'query-too-deep': {
    status: 400,
    zh: '查询嵌套 {depth} 层，上限 {limit}',
    en: 'The query is {depth} levels deep; the limit is {limit}',
  },
  'query-too-long': {
    status: 400,
    zh: '查询过长，上限 {limit} 个词元',
    en: 'The query is too long; the limit is {limit} tokens',
  },
  'too-many-aliases': {
    status: 400,
    zh: '别名 {aliases} 个，上限 {limit}',
    en: 'The query has {aliases} aliases; the limit is {limit}',
  },
  'csrf-header-missing': { status: 403, zh: '缺少请求头 {header}', en: 'The header {header} is missing' },
  'cursor-invalid': { status: 400, zh: '分页游标不合法', en: 'The cursor is not one of this list' },
  'page-size': { status: 400, zh: '每页 1 至 {limit} 条', en: 'A page holds 1 to {limit} entries' },
  'period-too-long': { status: 400, zh: '期间至多 {limit} 天', en: 'A period has at most {limit} days' },
  'as-of-twice': {
    status: 400,
    zh: 'asOf 只能给出 knownAt 或 position 之一',
    en: 'asOf takes either knownAt or position',
  },
  'identifier-ambiguous': {
    status: 422,
    zh: '“{name}”指向 {count} 个对象，请写作“单位代码/编码”（18 位统一社会信用代码）',
    en: '“{name}” names {count} things; write it as unit/code, with the credit code of the unit',
  },
  'event-parked': {
    status: 409,
    zh: '位置 {position} 的事件未能计入账目；请用能够处理它的程序版本启动园区后运行 npm run replay。若事件本身有误，请按位置上报，它所在的流在此之前不计入账目',
    en: 'The event at {position} is in no figure; start the park with code that can fold it and run npm run replay. Where the event itself is wrong, report its position: its stream stays out of the figures until then',
  },
  'event-waits': {
    status: 409,
    zh: '位置 {position} 的事件在等待同一流中位置 {first} 的事件，后者处理后自动计入',
    en: 'The event at {position} waits for the one at {first} in the same stream, and is folded with it',
  },
  'identifier-of-several-lots': {
    status: 422,
    zh: '“{name}”是含 {count} 个批次的联单，请用 lots(filter: {number: …}) 查询',
    en: '“{name}” is a manifest of {count} lots; ask lots(filter: {number: …}) for them',
  },
  'position-beyond-head': {
    status: 409,
    zh: '位置 {position} 超出日志末尾 {head}（纪元 {epoch}）；日志可能已从备份恢复，请核对后从末尾之前续读',
    en: 'Position {position} lies beyond the end of the log, {head} (epoch {epoch}); the log may have been restored from a backup: go on from a position up to its end',
  },
  'position-not-reached': {
    status: 503,
    zh: '读模型目前到位置 {reached}，尚未到 {position}，请稍后重试',
    en: 'The read models have reached position {reached} and not yet {position}; ask again shortly',
  },
  'site-unknown': {
    status: 422,
    zh: '没有编码为“{site}”的场所、设施或贮存点',
    en: 'There is no site, facility or store with the code “{site}”',
  },
  'waste-code-unknown': {
    status: 422,
    zh: '废物代码“{code}”不在任何名录中，也没有记录；应形如 900-404-06 或 900-003-S17',
    en: 'The waste code “{code}” is in no list and in no record; codes look like 900-404-06 or 900-003-S17',
  },
  'rule-unknown': {
    status: 422,
    zh: '没有编号为“{rule}”的规则；编号形如 R31',
    en: 'There is no rule “{rule}”; rules are named like R31',
  },
  'not-in-your-competence': {
    status: 403,
    zh: '“{what}”不在您部门的职责范围',
    en: '“{what}” is not within the competence of your office',
  },
  'argument-out-of-range': {
    status: 400,
    zh: '参数 {argument} 应为 {min} 至 {max}',
    en: 'The argument {argument} must be {min} to {max}',
  },
  'after-twice': {
    status: 400,
    zh: 'after 与 afterFinding 只能给出其一',
    en: 'Give either after or afterFinding',
  },
} as const satisfies ErrorRows

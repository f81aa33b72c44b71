import type { ErrorRows } from './row.ts'

/** What is wrong with a request before anyone looks at what it asks for. */
export const borderErrors = {
  'body-not-utf-8': { status: 400, zh: '正文不是 UTF-8', en: 'The body is not UTF-8' },
  'body-not-json': { status: 400, zh: '正文不是合法的 JSON', en: 'The body is not valid JSON' },
  'body-not-an-object': { status: 400, zh: '正文应为 JSON 对象', en: 'The body must be a JSON object' },
  'body-too-deep': { status: 400, zh: '嵌套过深', en: 'The body is nested too deeply' },
  'body-duplicate-key': { status: 400, zh: '同一键出现两次', en: 'The same key appears twice' },
  'body-forbidden-key': { status: 400, zh: '不允许使用的键', en: 'This key is not allowed' },
  'body-forbidden-character': {
    status: 400,
    zh: '含有 NUL 或不成对的代理字符',
    en: 'The text holds NUL or a lone surrogate',
  },
  'body-number-out-of-range': {
    status: 400,
    zh: '数值超出可精确表示的范围',
    en: 'The number cannot be represented exactly',
  },
  'field-malformed': {
    status: 400,
    zh: '“{label}”（{name}）不符合要求：{value}',
    en: '{name} ({label}) is not as required: {value}',
  },
  'field-missing': {
    status: 400,
    zh: '缺少“{label}”（{name}）',
    en: '{name} is missing: {label}',
    more: [
      { zh: '缺少“{label}”（{name}），可用：{choices}', en: '{name} is missing: {label}, one of {choices}' },
      { zh: '缺少“{label}”（{name}），例如 {example}', en: '{name} is missing: {label}, such as {example}' },
    ],
  },
  'field-unknown': {
    status: 400,
    zh: '没有字段 {name}',
    en: 'There is no field {name} here',
    more: [{ zh: '没有字段 {name}，相近的有 {near}', en: 'There is no field {name} here; like it are {near}' }],
  },
  'field-type': {
    status: 400,
    zh: '“{label}”（{name}）应为{expected}，不是 {value}',
    en: '{name} ({label}) must be {expected}, not {value}',
    more: [
      {
        zh: '“{label}”（{name}）应为{expected}，例如 {example}，不是 {value}',
        en: '{name} ({label}) must be {expected}, such as {example}, not {value}',
      },
    ],
  },
  'field-format': {
    status: 400,
    zh: '“{label}”（{name}）的格式不正确：{value}',
    en: '{name} ({label}) has not the form that it must have: {value}',
    more: [
      {
        zh: '“{label}”（{name}）的格式不正确：{value}；应如 {example}',
        en: '{name} ({label}) has not the form that it must have: {value}; expected is such as {example}',
      },
    ],
  },
  'field-choice': {
    status: 400,
    zh: '“{label}”（{name}）没有“{value}”这一项，可用：{choices}',
    en: '{name} ({label}) has no choice “{value}”; there are: {choices}',
  },
  'field-too-small': {
    status: 400,
    zh: '“{label}”（{name}）应不小于 {least}，现为 {value}',
    en: '{name} ({label}) must be {least} or more, it is {value}',
  },
  'field-too-large': {
    status: 400,
    zh: '“{label}”（{name}）应不大于 {most}，现为 {value}',
    en: '{name} ({label}) must be {most} or less, it is {value}',
  },
  'field-too-fine': {
    status: 400,
    zh: '“{label}”（{name}）应为 {step} 的整数倍，现为 {value}',
    en: '{name} ({label}) must be a multiple of {step}, it is {value}',
  },
  'field-empty': {
    status: 400,
    zh: '“{label}”（{name}）为空，或只有空格和不可见字符',
    en: '{name} ({label}) is empty, or holds only blanks and invisible signs',
    more: [
      {
        zh: '“{label}”（{name}）为空，或只有空格和不可见字符；应如 {example}',
        en: '{name} ({label}) is empty, or holds only blanks and invisible signs; expected is such as {example}',
      },
    ],
  },
  'field-too-long': {
    status: 400,
    zh: '“{label}”（{name}）最多 {most} 个字符，现有 {length} 个',
    en: '{name} ({label}) has {length} characters, at most {most} are taken',
  },
  'list-too-short': {
    status: 400,
    zh: '“{label}”（{name}）至少 {least} 项，现有 {length} 项',
    en: '{name} ({label}) has {length} entries, at least {least} are needed',
  },
  'list-too-long': {
    status: 400,
    zh: '“{label}”（{name}）最多 {most} 项，现有 {length} 项',
    en: '{name} ({label}) has {length} entries, at most {most} are taken',
  },
  'path-names-field': {
    status: 400,
    zh: '该字段由路径给出，正文中不得重复',
    en: 'The path names this field; the body must not',
  },
  'method-not-allowed': {
    status: 405,
    zh: '此地址不支持 {method}，可用：{allow}',
    en: 'This address does not take {method}; it takes {allow}',
  },
  'form-not-listed': {
    status: 404,
    zh: '没有表式 {name}；目录见 /api/v1/forms',
    en: 'There is no form {name}; the list is at /api/v1/forms',
  },
  'rule-not-listed': {
    status: 404,
    zh: '没有规则 {id}；规则目录见 /api/v1/rules',
    en: 'There is no rule {id}; the list is at /api/v1/rules',
  },
  'code-list-unknown': {
    status: 404,
    zh: '没有代码表“{name}”，可用：{names}',
    en: 'There is no code list “{name}”; there are: {names}',
  },
  'edition-unknown': {
    status: 404,
    zh: '代码表 {name} 没有版本“{edition}”，可用：{editions}',
    en: 'Code list {name} has no edition “{edition}”; it has: {editions}',
  },
  'content-length-wrong': {
    status: 400,
    zh: 'Content-Length 与正文不符',
    en: 'Content-Length does not match the body',
  },
  'url-malformed': { status: 400, zh: '地址不合法', en: 'The URL is malformed' },
  'idempotency-key-missing': {
    status: 400,
    zh: '缺少请求头 Idempotency-Key：每项写入须带一个 UUID，重发同一请求时用同一个',
    en: 'The header Idempotency-Key is missing: give each write a UUID, and the same one when you send it again',
  },
  'idempotency-key-malformed': { status: 400, zh: 'Idempotency-Key 应为 UUID', en: 'Idempotency-Key must be a UUID' },
  'if-match-malformed': { status: 400, zh: 'If-Match 应为版本号', en: 'If-Match must be a revision number' },
  'header-position-malformed': {
    status: 400,
    zh: '请求头 {header} 应为日志位置（数字）',
    en: 'The header {header} must be a position of the log, digits',
  },
  'epoch-changed': {
    status: 409,
    zh: '日志已从备份恢复，纪元现为 {epoch}，末尾为 {head}；请核对后从末尾之前续读',
    en: 'The log was restored from a backup: its epoch is {epoch} and its end {head}; go on from a position up to its end',
  },
  'provenance-malformed': {
    status: 400,
    zh: 'Wufei-Provenance 应为 live 或 book',
    en: 'Wufei-Provenance must be live or book',
  },
  'token-invalid': { status: 401, zh: '访问令牌无效', en: 'The access token is not valid' },
  'token-expired': { status: 401, zh: '访问令牌已过期', en: 'The access token has expired' },
  'sign-in-expired': { status: 400, zh: '登录已过期，请重新开始', en: 'This sign-in has expired; start again' },
} as const satisfies ErrorRows

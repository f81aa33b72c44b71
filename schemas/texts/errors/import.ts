import type { ErrorRows } from './row.ts'

/** What can be wrong with the books themselves, before or beside the rules: folders, files, lines, cells, and rows against each other. */
export const importErrors = {
  'no-books': { status: 400, zh: '没有可识别的台账文件', en: 'There is no file of the books here' },
  'file-unknown': {
    status: 422,
    zh: '不认识的文件，未读取；台账文件名应为 {known}',
    en: 'Not a file of the books, and not read; books are called {known}',
  },
  'file-misnamed': {
    status: 422,
    zh: '不认识的文件，未读取；如果是“{nearest}”，请改名后再导入',
    en: 'Not a file of the books, and not read; if “{nearest}” is meant, rename it and import again',
  },
  'file-twice': {
    status: 422,
    zh: '与“{nearest}”是同一台账，未读取；请只保留一个文件',
    en: 'The same book as “{nearest}”, and not read; keep one of the two files',
  },
  'spreadsheet-not-read': {
    status: 422,
    zh: '暂不能读取电子表格工作簿，未读取；请另存为 CSV（“{nearest}”）后再导入',
    en: 'Workbooks of spreadsheets are not read yet, so this one was not; save it as CSV (“{nearest}”) and import again',
  },
  'archive-not-read': {
    status: 422,
    zh: '压缩包未读取；请解压后再导入',
    en: 'An archive, not read; unpack it and import again',
  },
  'file-empty': { status: 422, zh: '文件是空的，连表头也没有', en: 'The file is empty, without even a header' },
  'column-missing': { status: 422, zh: '缺少列“{column}”', en: 'The column “{column}” is missing' },
  'column-unknown': {
    status: 422,
    zh: '不认识的列“{column}”，已忽略',
    en: 'The column “{column}” is unknown and ignored',
  },
  'column-twice': {
    status: 422,
    zh: '列“{column}”出现不止一次，只读第一列',
    en: 'The column “{column}” stands there more than once; only the first is read',
  },
  'byte-order-mark': {
    status: 422,
    zh: '文件开头有字节顺序标记（BOM），已略去',
    en: 'The file begins with a byte order mark; dropped',
  },
  crlf: { status: 422, zh: '行尾为 CRLF 或 CR，按 LF 读取', en: 'Lines end in CRLF or CR; read as LF' },
  'encoding-broken': { status: 422, zh: '该行不是 {encoding} 编码', en: 'The row is not {encoding}' },
  'head-missing': {
    status: 422,
    zh: '没有找到表头：前 30 行里没有这种台账的列名',
    en: 'No head row: none of the first 30 lines names a column of this book',
  },
  'cells-alike': { status: 422, zh: '{count} 行（第 {rows} 行等）：', en: '{count} rows (row {rows} and on): ' },
  'read-as-encoding': { status: 422, zh: '文件按 {encoding} 编码读取', en: 'The file was read as {encoding}' },
  'read-with-separator': {
    status: 422,
    zh: '文件以“{separator}”分列',
    en: 'The cells of the file are separated by “{separator}”',
  },
  'rows-short': {
    status: 422,
    zh: '部分行末尾缺少分隔符（表格软件会省略行末空单元格），缺少的单元格按空处理',
    en: 'Some rows lack separators at their end (spreadsheets leave out empty cells there); the missing cells are read as empty',
  },
  'titles-skipped': {
    status: 422,
    zh: '表头之上有 {titles} 行标题，已略过；行号从表头之下第一行起计',
    en: '{titles} rows of titles above the head row were skipped; rows count from the first below it',
  },
  'read-as-date': {
    status: 422,
    zh: '“{column}”{count} 个单元格按日期时间读取（如“{value}”读作 {read}；未写时区的按北京时间）',
    en: '{count} cells of “{column}” were read as dates (“{value}” as {read}; without an offset, Asia/Shanghai)',
  },
  'read-as-serial': {
    status: 422,
    zh: '“{column}”{count} 个单元格是电子表格的日期序列值（如“{value}”读作 {read}）',
    en: '{count} cells of “{column}” are date serials of a spreadsheet (“{value}” was read as {read})',
  },
  'time-of-day-missing': {
    status: 422,
    zh: '“{column}”{count} 个单元格只有日期没有时刻，按当日零时读取（如“{value}”读作 {read}）',
    en: '{count} cells of “{column}” name a day without a time; read as its first moment (“{value}” as {read})',
  },
  'read-as-number': {
    status: 422,
    zh: '“{column}”{count} 个单元格带千分位或多余的零（如“{value}”读作 {read}）',
    en: '{count} cells of “{column}” have thousands separators or idle zeros (“{value}” was read as {read})',
  },
  'read-with-unit': {
    status: 422,
    zh: '“{column}”{count} 个单元格带有单位（如“{value}”读作 {read}）',
    en: '{count} cells of “{column}” carry their unit (“{value}” was read as {read})',
  },
  'read-as-text': {
    status: 422,
    zh: '“{column}”{count} 个单元格以公式或撇号保存为文本（如“{value}”读作 {read}）',
    en: '{count} cells of “{column}” are kept as text by a formula or an apostrophe (“{value}” was read as {read})',
  },
  'label-before-its-law': {
    status: 422,
    zh: '“{column}”{count} 个单元格是单位自编的容器编码（如“{value}”）：2023-07-01 HJ 1276 施行之前允许，不作为标签登记',
    en: '{count} cells of “{column}” are container codes of the unit’s own (“{value}”): lawful before HJ 1276 came into force on 2023-07-01, and not recorded as labels',
  },
  'figures-behind': {
    status: 422,
    zh: '数字还没有算到日志位置 {position}：稍后再查询，或查询时给出 minPosition',
    en: 'The figures have not reached position {position} of the log yet: ask again later, or with minPosition',
  },
  'figures-not-folded': {
    status: 422,
    zh: '没有进程在汇总数字：园区启动后，到日志位置 {position} 为止的记录才会显示',
    en: 'No process folds figures here: they show the log up to position {position} once the park runs',
  },
  'code-became-number': {
    status: 422,
    zh: '“{value}”：电子表格已把编码变成数字，原来的编码在文件里已经丢失；请把该列设为“文本”格式，从原始数据重新填入后再保存',
    en: '“{value}”: a spreadsheet has turned the code into a number, and what it was is lost in this file; format the column as text, take the values again from their source, and save it again',
  },
  'not-utf-8': { status: 422, zh: '该行不是 UTF-8 编码', en: 'The row is not UTF-8' },
  'row-broken': {
    status: 422,
    zh: '该行有 {cells} 个单元格，表头有 {columns} 列',
    en: 'The row has {cells} cells, the header {columns}',
  },
  'quote-broken': {
    status: 422,
    zh: '引号不配对，无法分列',
    en: 'A quotation mark is not closed; the row cannot be split',
  },
  'control-character': { status: 422, zh: '单元格含有控制字符', en: 'The cell holds a control character' },
  'spaces-trimmed': { status: 422, zh: '单元格首尾有空格，已去除', en: 'Spaces around the value were removed' },
  'full-width': { status: 422, zh: '全角字符“{value}”按“{read}”读取', en: 'Full-width “{value}” was read as “{read}”' },
  spelled: { status: 422, zh: '“{value}”按“{read}”读取', en: '“{value}” was read as “{read}”' },
  'cell-empty': { status: 422, zh: '“{column}”为空', en: '“{column}” is empty' },
  'cell-too-long': { status: 422, zh: '超过 {limit} 个字符', en: 'Longer than {limit} characters' },
  'not-a-unit-code': {
    status: 422,
    zh: '“{value}”不是统一社会信用代码：18 位数字或大写字母（不用 I、O、S、V、Z），例如 91350100M000100Y43',
    en: '“{value}” is not a credit code: 18 digits or capital letters, none of them I, O, S, V or Z, such as 91350100M000100Y43',
  },
  'check-digit': {
    status: 422,
    zh: '统一社会信用代码“{value}”的校验码不符',
    en: 'The check digit of the credit code “{value}” is wrong',
  },
  'not-a-department': {
    status: 422,
    zh: '统一社会信用代码“{value}”的首位不是登记管理部门代码（1 至 9、A、N、Y）',
    en: 'The first character of the credit code “{value}” is no registering department (1 to 9, A, N, Y)',
  },
  'not-a-batch-code': {
    status: 422,
    zh: '“{value}”不是批次或记录表编号：最多 64 个可见字符，不含“|”，不以 = + - @ 开头，例如 HWCS20251201001',
    en: '“{value}” is not a batch code or record number: at most 64 visible characters without “|” and none of = + - @ first, such as HWCS20251201001',
  },
  'not-a-facility-code': {
    status: 422,
    zh: '“{value}”不是设施编码，例如 MF0001、TS001',
    en: '“{value}” is not a facility code, such as MF0001 or TS001',
  },
  'not-a-plate': {
    status: 422,
    zh: '“{value}”不是车牌号，例如 苏E12345、苏ED12345（新能源）、苏E1234挂',
    en: '“{value}” is not a number plate, such as 苏E12345, 苏ED12345 (new energy) or 苏E1234挂 (trailer)',
  },
  'not-a-trailer-plate': {
    status: 422,
    zh: '“{value}”不是挂车号牌，例如 苏E1234挂',
    en: '“{value}” is not the plate of a trailer, such as 苏E1234挂',
  },
  'not-a-label': {
    status: 422,
    zh: '“{value}”不是 37 位容器编码，例如 91350100M000100Y439004040620251206001',
    en: '“{value}” is not a container code of 37 characters, such as 91350100M000100Y439004040620251206001',
  },
  'not-a-manifest-number': {
    status: 422,
    zh: '“{value}”不是 14 位联单编号，例如 20253205000001',
    en: '“{value}” is not a manifest number of 14 digits, such as 20253205000001',
  },
  'not-a-mass': {
    status: 422,
    zh: '“{value}”不是吨数（非负，至多四位小数）',
    en: '“{value}” is not a mass in tonnes (not negative, at most four decimals)',
  },
  'mass-not-positive': { status: 422, zh: '数量须大于零', en: 'The mass must be greater than zero' },
  'not-a-whole-number': { status: 422, zh: '“{value}”不是整数', en: '“{value}” is not a whole number' },
  'not-a-percentage': {
    status: 422,
    zh: '“{value}”不是百分数（0 至 100，至多两位小数）',
    en: '“{value}” is not a percentage (0 to 100, at most two decimals)',
  },
  'not-a-moment': {
    status: 422,
    zh: '“{value}”不是时间；应如 2026-03-01T10:00:00+08:00 或 2026/3/1 10:00',
    en: '“{value}” is not a time such as 2026-03-01T10:00:00+08:00 or 2026/3/1 10:00',
  },
  'not-a-day': {
    status: 422,
    zh: '“{value}”不是日期；应如 2026-03-01 或 2026/3/1',
    en: '“{value}” is not a day such as 2026-03-01 or 2026/3/1',
  },
  'not-in-list': { status: 422, zh: '“{value}”不在 {choices} 之中', en: '“{value}” is not one of {choices}' },
  'cell-malformed': { status: 422, zh: '“{value}”不合要求', en: '“{value}” is not acceptable here' },
  'duplicate-row': {
    status: 422,
    zh: '与第 {row} 行完全相同，不重复记录',
    en: 'The same as row {row}; not recorded twice',
  },
  'already-exists-with-other-content': {
    status: 422,
    zh: '{file} 第 {row} 行已用同一编号登记了不同内容',
    en: 'Already exists with other content: row {row} of {file} bears the same number',
  },
  'depends-on-refused-row': {
    status: 422,
    zh: '所依据的 {file} 第 {row} 行未被接受',
    en: 'It rests on row {row} of {file}, which was not accepted',
  },
  'storage-in-unknown': { status: 422, zh: '没有入库批次“{value}”', en: 'There is no store-in batch “{value}”' },
  'storage-out-unknown': { status: 422, zh: '没有出库批次“{value}”', en: 'There is no store-out batch “{value}”' },
  'waste-code-differs': {
    status: 422,
    zh: '废物代码“{value}”与该批次的 {known} 不符',
    en: 'The waste code “{value}” is not that of the lot, {known}',
  },
  'before-its-ground': {
    status: 422,
    zh: '早于所依据的 {file} 第 {row} 行',
    en: 'Before row {row} of {file}, on which it rests',
  },
  'line-without-manifest': { status: 422, zh: '没有联单“{value}”', en: 'There is no manifest “{value}”' },
  'manifest-without-lines': { status: 422, zh: '联单没有明细行', en: 'The manifest has no line' },
  'book-line-unknown': {
    status: 422,
    zh: '没有联单“{value}”第 {line} 行',
    en: 'There is no line {line} of manifest “{value}”',
  },
  'shipped-more-than-taken-out': {
    status: 422,
    zh: '移出量 {shipped} 克，出库批次合计只有 {taken} 克',
    en: '{shipped} g shipped, but the store-out batches add up to {taken} g',
  },
  'shipped-less-than-taken-out': {
    status: 422,
    zh: '移出量 {shipped} 克，少于出库批次合计 {taken} 克',
    en: '{shipped} g shipped, less than the {taken} g of the store-out batches',
  },
  'weighed-otherwise': {
    status: 422,
    zh: '过磅净重 {net} 千克，接受与拒收合计 {decided} 千克',
    en: 'The weighbridge shows {net} kg net, accepted and refused add up to {decided} kg',
  },
  'not-the-receiver': {
    status: 422,
    zh: '处置单位不是联单接受人 {receiver}',
    en: 'The treater is not the manifest’s receiver {receiver}',
  },
  finding: { status: 422, zh: '已记录，附有提示', en: 'Recorded, with a finding' },
  'recorded-from-books': {
    status: 422,
    zh: '{rows} 行为事后按台账补录',
    en: '{rows} rows were recorded afterwards, from the books',
  },
  'import-busy': { status: 503, zh: '已有导入任务在进行', en: 'Another import is under way' },
} as const satisfies ErrorRows

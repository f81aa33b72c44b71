import { manifestStream } from '../../../../schemas/values/identifiers.ts'
import { parseTonnes } from '../../../../schemas/values/mass.ts'
import { present } from '../../../../schemas/values/present.ts'
import { businessDay } from '../../../../schemas/values/time.ts'
import { operation, type Origin, type Plan } from '../plans.ts'
import { known, onFacility, restsOn, restsOnUnits, rowNamed, unlisted, type Mapper, type Mappers } from './mapper.ts'
import { manifestOf } from './manifests.ts'

const GENERAL = /^\d{3}-\d{3}-S\d{2}$/

const TREATED_FROM: readonly Origin[] = [
  ['/treatment', '利用处置记录编号'],
  ['/manifest', '联单编号'],
  ['/line', '序号'],
  ['/facility', '设施编码'],
  ['/method', '利用处置方式'],
  ['/treated', '处理量(吨)'],
  ['/product', '产物量(吨)'],
  ['/productName', '产物名称'],
  ['/residues', '残渣量(吨)'],
  ['/residues/0/code', '残渣废物代码'],
  ['/loss', '损失量(吨)'],
  ['/landfilled', '处理量(吨)'],
  ['/occurredAt', '完成时间'],
  ['', '处理量(吨)'],
]

/** What a facility did to one accepted line. */
const treatment: Mapper = async (row, context) => {
  const unit = row.must('单位代码')
  const number = row.must('联单编号')
  const manifest = manifestOf(context, number)
  const line = row.must('序号')
  const facility = row.may('设施编码')
  const treated = parseTonnes(row.must('处理量(吨)'))
  const residue = parseTonnes(row.must('残渣量(吨)')) ?? 0
  const code = row.may('残渣废物代码')
  const troubles: Plan['troubles'][number][] = []
  const document = rowNamed(context, 'manifest', number)
  if (document && context.books.sure(document.ordinal, '接受人代码') && document.must('接受人代码') !== unit) {
    troubles.push({
      row: row.ordinal,
      column: '单位代码',
      trouble: { code: 'not-the-receiver', rule: 'R70', facts: { receiver: document.must('接受人代码') } },
    })
  }
  const accepted = rowNamed(context, 'line', number, line)
  const balance = accepted && known(context, accepted, '接受量(吨)')
  // Of a line that was taken the decider judges.
  if (accepted && context.books.rows.failed(accepted.ordinal) && balance !== undefined && (treated ?? 0) > balance)
    troubles.push({
      row: row.ordinal,
      column: '处理量(吨)',
      trouble: {
        code: 'rule-broken',
        rule: 'R77',
        facts: { treated: treated ?? 0, open: balance, outputs: treated ?? 0 },
      },
    })
  if (document && context.books.meant('line', number, line) === undefined)
    troubles.push({
      row: row.ordinal,
      column: '序号',
      trouble: { code: 'book-line-unknown', rule: 'R77', facts: { value: number, line } },
    })
  // A code without a residue reaches no command, and is a code all the same.
  if (residue === 0 && code !== undefined && !GENERAL.test(code))
    troubles.push(...unlisted(row, context, '残渣废物代码', businessDay(row.must('完成时间'))))
  // Without a code the residue cannot become a lot; where the book has no column for it, that is no violation of the row.
  if (residue > 0 && code === undefined)
    troubles.push({
      row: row.ordinal,
      column: '残渣废物代码',
      trouble: context.books.hasColumn(row.ordinal, '残渣废物代码')
        ? { code: 'cell-empty', rule: 'R77', facts: {} }
        : { code: 'column-missing', facts: {} },
    })
  const treat = operation({
    step: 'treat',
    row: row.ordinal,
    columns: { 'manifest-unknown': '联单编号' },
    useCase: 'recordTreatment',
    command: present({
      treatment: row.must('利用处置记录编号'),
      manifest,
      line: Number(line),
      facility,
      method: row.must('利用处置方式'),
      treated,
      product: parseTonnes(row.must('产物量(吨)')),
      productName: row.may('产物名称'),
      loss: parseTonnes(row.must('损失量(吨)')),
      // D1: all of it stays in the landfill.
      landfilled: row.must('利用处置方式') === 'D1' ? treated : 0,
      residues:
        residue > 0 && code !== undefined
          ? [{ code, stream: GENERAL.test(code) ? 'industrial' : 'hazardous', grams: residue }]
          : [],
      occurredAt: row.must('完成时间'),
    }),
    origins: TREATED_FROM,
  })
  const ground = await onFacility(row, context, '设施编码', unit)
  troubles.push(...ground.troubles)
  const rests = [
    ...ground.rests,
    ...restsOnUnits(row, context),
    ...restsOn(context, '联单编号', 'manifest', number),
    ...restsOn(context, '序号', 'line', number, line),
  ]
  return {
    rows: [row.ordinal],
    streams: [manifestStream(manifest)],
    rests,
    supports: [],
    operations: troubles.length > 0 ? [] : [treat],
    troubles,
  }
}

export const treatmentMappers: Mappers = { 'hw-treatment': treatment }

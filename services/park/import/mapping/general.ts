import { bookName } from '../../../../infra/event-store/event-id.ts'
import { lotStream, manifestStream, poolId } from '../../../../schemas/values/identifiers.ts'
import { weightTolerance } from '../../../../schemas/rules/limits.ts'
import { acceptedWithinLimit } from '../../../../schemas/rules/receipt.ts'
import { parseTonnes } from '../../../../schemas/values/mass.ts'
import { businessDay } from '../../../../schemas/values/time.ts'
import { present } from '../../../../schemas/values/present.ts'
import { words } from '../../../../schemas/forms/words.ts'
import { operation, type Origin, type Plan } from '../plans.ts'
import {
  known,
  onFacility,
  oneOf,
  person,
  restsOn,
  restsOnUnits,
  rowNamed,
  type Mapper,
  type Mappers,
  type MappingContext,
} from './mapper.ts'

/** An out-record's id as a document of transfer: its number is unique within its unit only. */
const outRecordOf = ({ idOf }: MappingContext, unit: string, record: string): string =>
  idOf(bookName('manifest', unit, record))

const GENERATED_FROM: readonly Origin[] = [
  ['/unit', '单位代码'],
  ['/waste', '代码'],
  ['/name', '名称'],
  ['/grams', '产生数量(吨)'],
  ['/record', '记录表编号'],
  ['/facility', '生产设施编码'],
  ['/handler', '产生部门经办人'],
  ['/occurredAt', '产生时间'],
]

/** 附表4: into the unit's pool of that code. */
const poolGeneration: Mapper = async (row, context) => {
  const unit = row.must('单位代码')
  const code = row.must('代码')
  const facility = row.may('生产设施编码')
  const generate = operation({
    step: 'generate',
    row: row.ordinal,
    useCase: 'generateIntoPool',
    command: present({
      unit,
      waste: { stream: 'industrial', code },
      name: row.may('名称'),
      grams: parseTonnes(row.must('产生数量(吨)')),
      record: row.must('记录表编号'),
      facility,
      handler: person(row, '产生部门经办人'),
      occurredAt: row.must('产生时间'),
    }),
    origins: GENERATED_FROM,
  })
  const ground = await onFacility(row, context, '生产设施编码', unit)
  return {
    rows: [row.ordinal],
    streams: [lotStream(poolId(unit, code))],
    rests: [...restsOnUnits(row, context), ...ground.rests],
    supports: [],
    operations: [generate],
    troubles: ground.troubles,
  }
}

const SHIPPED_FROM: readonly Origin[] = [
  ['/manifest', '记录表编号'],
  ['/record', '记录表编号'],
  ['/unit', '单位代码'],
  ['/code', '代码'],
  ['/name', '名称'],
  ['/grams', '出厂数量(吨)'],
  ['/carrier', '运输单位代码'],
  ['/plate', '车牌'],
  ['/driver', '驾驶员'],
  ['/receiver', '接收单位代码'],
  ['/destination', '流向类型'],
  ['/handler', '出厂环节经办人'],
  ['/occurredAt', '出厂时间'],
  ['', '出厂数量(吨)'],
]

/** 附表3: out of the pool and on the road. */
const outShipment: Mapper = (row, context) => {
  const unit = row.must('单位代码')
  const code = row.must('代码')
  const record = row.must('记录表编号')
  const manifest = outRecordOf(context, unit, record)
  const ship = operation({
    step: 'ship',
    row: row.ordinal,
    useCase: 'recordOutShipment',
    given: () => ({ ahead: context.ahead.of(poolId(unit, code)) }),
    command: present({
      manifest,
      record,
      unit,
      code,
      name: row.may('名称'),
      grams: parseTonnes(row.must('出厂数量(吨)')),
      carrier: row.must('运输单位代码'),
      plate: row.must('车牌'),
      driver: person(row, '驾驶员'),
      receiver: row.must('接收单位代码'),
      destination: oneOf(words.flow, row.may('流向类型')),
      handler: person(row, '出厂环节经办人'),
      occurredAt: row.must('出厂时间'),
    }),
    origins: SHIPPED_FROM,
  })
  const supports = [
    {
      group: ['pool', unit, code],
      column: '出厂数量(吨)',
      breaks: ['R28', 'lot-unknown'],
      grams: parseTonnes(row.must('出厂数量(吨)')),
    },
    { group: ['vehicle', row.must('运输单位代码'), row.must('车牌')], column: '车牌', breaks: ['R17'] },
    { group: ['contract', unit, ''], column: '代码', breaks: ['R18'] },
  ] as const
  return {
    rows: [row.ordinal],
    streams: [lotStream(poolId(unit, code)), manifestStream(manifest)],
    rests: restsOnUnits(row, context),
    supports,
    operations: [ship],
    troubles: [],
  }
}

const ACCEPTED_FROM: readonly Origin[] = [
  ['/manifest', '出厂记录表编号'],
  ['/lines/0', '接收数量(吨)'],
  ['/lines/0/method', '利用处置方式'],
  ['/occurredAt', '接收时间'],
  ['', '出厂记录表编号'],
]

const TREATED_FROM: readonly Origin[] = [
  ['/manifest', '出厂记录表编号'],
  ['/method', '利用处置方式'],
  ['/treated', '接收数量(吨)'],
  ['/occurredAt', '完成时间'],
  ['', '接收数量(吨)'],
]

/** The receiver's slip for an out-record: received, and what was done with it. */
const receipt: Mapper = (row, context) => {
  const unit = row.must('移出单位代码')
  const record = row.must('出厂记录表编号')
  const manifest = outRecordOf(context, unit, record)
  const accepted = parseTonnes(row.must('接收数量(吨)')) ?? 0
  const method = row.must('利用处置方式')
  const out = rowNamed(context, 'out-record', unit, record)
  const shipped = out && known(context, out, '出厂数量(吨)')
  const troubles: Plan['troubles'][number][] = []
  const tolerance = weightTolerance(shipped ?? 0, businessDay(row.must('接收时间')))
  const excess =
    out && shipped !== undefined && context.books.rows.failed(out.ordinal)
      ? acceptedWithinLimit.check({ line: 1, shipped, accepted, limit: tolerance, pointer: '' })
      : undefined
  if (excess && 'facts' in excess)
    troubles.push({
      row: row.ordinal,
      column: '接收数量(吨)',
      trouble: { code: 'rule-broken', rule: acceptedWithinLimit.id, facts: excess.facts },
    })
  if (out && context.books.sure(out.ordinal, '接收单位代码') && out.must('接收单位代码') !== row.must('接收单位代码')) {
    troubles.push({
      row: row.ordinal,
      column: '接收单位代码',
      trouble: { code: 'not-the-receiver', rule: 'R70', facts: { receiver: out.must('接收单位代码') } },
    })
  }
  // The slip has no column for the kind of a difference or its note; that there is one, the two masses say.
  const difference =
    shipped === undefined || shipped === accepted ? {} : { difference: 'quantity', note: '接收数量与出厂数量不同' }
  const accept = operation({
    step: 'accept',
    row: row.ordinal,
    useCase: 'acceptManifest',
    command: {
      manifest,
      lines: [{ line: 1, decision: 'accepted', accepted, method, ...difference }],
      occurredAt: row.must('接收时间'),
    },
    origins: ACCEPTED_FROM,
  })
  const treat = operation({
    step: 'treat',
    row: row.ordinal,
    useCase: 'recordTreatment',
    command: {
      treatment: `${unit}/${record}`,
      manifest,
      line: 1,
      method,
      treated: accepted,
      ...whatBecameOfIt(context.catalogues.method(method), accepted),
      occurredAt: row.must('完成时间'),
    },
    origins: TREATED_FROM,
  })
  const pool = out ? [lotStream(poolId(unit, out.must('代码')))] : []
  return {
    rows: [row.ordinal],
    streams: [manifestStream(manifest), ...pool],
    rests: [...restsOnUnits(row, context), ...restsOn(context, '出厂记录表编号', 'out-record', unit, record)],
    supports: [],
    operations: troubles.length > 0 ? [] : [accept, treat],
    troubles,
  }
}

/** The slip names a method and no yields: recovery gives product, a landfill keeps it, any other disposal loses it. */
function whatBecameOfIt(method: { readonly kind: string; readonly landfill: boolean } | undefined, grams: number) {
  if (method?.landfill) return { product: 0, loss: 0, landfilled: grams }
  return method?.kind === 'recovery' ? { product: grams, loss: 0 } : { product: 0, loss: grams }
}

export const generalMappers: Mappers = {
  'gisw-generation': poolGeneration,
  'gisw-out': outShipment,
  'gisw-receipts': receipt,
}

import { bookName } from '../../../../infra/event-store/event-id.ts'
import { lotStream } from '../../../../schemas/values/identifiers.ts'
import { present } from '../../../../schemas/values/present.ts'
import { words } from '../../../../schemas/forms/words.ts'
import { operation, type Origin, type Plan } from '../plans.ts'
import { oneOf, person, restsOnUnits, type Mapper, type Mappers } from './mapper.ts'

const RECORDED_FROM: readonly Origin[] = [
  ['/trip', '称重编号'],
  ['/stream', '类别'],
  ['/code', '废物代码'],
  ['/source', '来源单位代码'],
  ['/carrier', '承运人代码'],
  ['/plate', '车牌'],
  ['/driver', '驾驶员'],
  ['/departedAt', '出发时间'],
  ['/receiver', '接收单位代码'],
  ['/arrivedAt', '进厂时间'],
  ['/grossKg', '毛重(kg)'],
  ['/tareKg', '皮重(kg)'],
  ['/netKg', '净重(kg)'],
  ['/moisturePercent', '含水率(%)'],
  ['/method', '利用处置方式'],
]

/** A weighbridge slip. */
const trips: Mapper = (row, context) => {
  const trip = row.must('称重编号')
  const stream = oneOf(words.stream, row.must('类别'))
  const plate = row.must('车牌')
  const [grossKg, tareKg] = [Number(row.must('毛重(kg)')), Number(row.must('皮重(kg)'))]
  const net = row.may('净重(kg)')
  const moisture = row.may('含水率(%)')
  const record = operation({
    step: 'record',
    row: row.ordinal,
    useCase: 'recordTrip',
    command: present({
      trip,
      stream,
      code: row.must('废物代码'),
      source: row.must('来源单位代码'),
      carrier: row.must('承运人代码'),
      plate,
      driver: person(row, '驾驶员'),
      departedAt: row.must('出发时间'),
      receiver: row.must('接收单位代码'),
      arrivedAt: row.must('进厂时间'),
      grossKg,
      tareKg,
      netKg: net === undefined ? undefined : Number(net),
      moisturePercent: moisture === undefined ? undefined : Number(moisture),
      method: row.must('利用处置方式'),
    }),
    origins: RECORDED_FROM,
  })
  const supports = [
    { group: ['vehicle', row.must('承运人代码'), row.must('车牌')], column: '车牌', breaks: ['R17'] },
  ] as const
  const dry = stream === 'sludge' && moisture === undefined && context.books.hasColumn(row.ordinal, '含水率(%)')
  const troubles: Plan['troubles'] = dry
    ? [{ row: row.ordinal, column: '含水率(%)', trouble: { code: 'moisture-missing', facts: {} } }]
    : []
  return {
    rows: [row.ordinal],
    // Slips of one load are recorded in the order of the book, so that the later one is the one that is warned of (R107).
    streams: [
      lotStream(context.idOf(bookName('trip', row.must('接收单位代码'), trip))),
      `load-${plate}-${grossKg - tareKg}`,
    ],
    rests: restsOnUnits(row, context),
    supports,
    operations: [record],
    troubles,
  }
}

export const tripMappers: Mappers = { trips }

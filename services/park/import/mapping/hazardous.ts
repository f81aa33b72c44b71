import { bookName, unkeyedIdOf } from '../../../../infra/event-store/event-id.ts'
import { LabelCode, lotStream } from '../../../../schemas/values/identifiers.ts'
import { parseTonnes } from '../../../../schemas/values/mass.ts'
import { present } from '../../../../schemas/values/present.ts'
import { businessDay } from '../../../../schemas/values/time.ts'
import { operation, type Origin, type Row } from '../plans.ts'
import {
  beyondRefused,
  codeOfLot,
  morning,
  noEarlier,
  onFacility,
  person,
  restsOn,
  restsOnUnits,
  rowNamed,
  type Mapper,
  type Mappers,
  type MappingContext,
} from './mapper.ts'

const LABEL = '容器/包装编码'

/** The label of a row; a container code of the unit's own, lawful before HJ 1276, is none. */
export function labelOf(row: Row): string | undefined {
  const text = row.may(LABEL)
  return text !== undefined && LabelCode.safeParse(text).success ? text : undefined
}

/** The lot of a generation batch: the same id that the generation service makes of it. */
export const lotOf = ({ idOf }: MappingContext, unit: string, batch: string): string =>
  idOf(bookName('lot', unit, batch))

const OPENED_FROM: readonly Origin[] = [
  ['/unit', '单位代码'],
  ['/waste', '废物代码'],
  ['/name', '废物名称'],
  ['/grams', '贮存量(吨)'],
  ['/batch', '批次编码'],
  ['/lot', '批次编码'],
  ['/storeIn', '入库批次编码'],
  ['/store', '贮存设施编码'],
  ['/bornOn', '产生日期'],
]

/** Waste of the year before, still in store when the books begin. */
const openingStock: Mapper = async (row, context) => {
  const unit = row.must('单位代码')
  const batch = row.must('批次编码')
  const lot = lotOf(context, unit, batch)
  const label = labelOf(row)
  const bornOn = row.must('产生日期')
  const open = operation({
    step: 'open',
    row: row.ordinal,
    useCase: 'openLot',
    command: present({
      lot,
      unit,
      waste: { stream: 'hazardous', code: row.must('废物代码') },
      name: row.may('废物名称'),
      grams: parseTonnes(row.must('贮存量(吨)')),
      batch,
      storeIn: row.may('入库批次编码'),
      store: row.must('贮存设施编码'),
      bornOn,
    }),
    origins: OPENED_FROM,
  })
  const ground = await onFacility(row, context, '贮存设施编码', unit)
  return {
    rows: [row.ordinal],
    streams: [lotStream(lot)],
    rests: [...restsOnUnits(row, context), ...ground.rests],
    supports: [],
    // The stock is older than the books may be; what was done to it stands in them no earlier than they begin.
    operations: [open, ...labelling(row, lot, label, noEarlier(morning(bornOn), context))],
    troubles: ground.troubles,
  }
}

const LABELLED_FROM: readonly Origin[] = [
  ['/label', LABEL],
  ['/lot', LABEL],
]

function labelling(row: Row, lot: string, label: string | undefined, occurredAt: string, perhapsLabelled = false) {
  if (label === undefined) return []
  return [
    operation({
      step: 'label',
      row: row.ordinal,
      useCase: 'labelLot',
      ...(perhapsLabelled ? { given: () => ({ perhapsLabelled }) } : {}),
      command: { lot, label, occurredAt },
      origins: LABELLED_FROM,
    }),
  ]
}

/**
 * Where the books of the rows before this one have no column for labels (`before`: those rows, from the first), this one is the first to say
 * which label its lot bears.
 */
const labelledHere = (
  { books }: MappingContext,
  row: Row,
  lot: string,
  occurredAt: string,
  before: readonly (Row | undefined)[],
) =>
  before.every((earlier) => earlier && !books.hasColumn(earlier.ordinal, LABEL))
    ? labelling(row, lot, labelOf(row), occurredAt, true)
    : []

const GENERATED_FROM: readonly Origin[] = [
  ['/unit', '单位代码'],
  ['/waste', '危险废物代码'],
  ['/name', '行业俗称/单位内部名称'],
  ['/grams', '产生量'],
  ['/batch', '产生批次编码'],
  ['/lot', '产生批次编码'],
  ['/facility', '产生危险废物设施编码'],
  ['/packaging', '容器/包装类型'],
  ['/packageCount', '容器/包装数量'],
  ['/handler', '产生部门经办人'],
  ['/occurredAt', '产生时间'],
]

const CLASSIFIED_FROM: readonly Origin[] = [
  ['/waste', '危险废物代码'],
  ['/category', '危险废物类别'],
  ['/hazards', '危险废物代码'],
  ['/lot', '产生批次编码'],
  ['/occurredAt', '产生时间'],
]

/** B.1 产生: the lot comes to be, is classified and labelled at once. */
const generation: Mapper = async (row, context) => {
  const unit = row.must('单位代码')
  const batch = row.must('产生批次编码')
  const lot = lotOf(context, unit, batch)
  const occurredAt = row.must('产生时间')
  const count = row.may('容器/包装数量')
  const facility = row.may('产生危险废物设施编码')
  const generate = operation({
    step: 'generate',
    row: row.ordinal,
    useCase: 'generateLot',
    command: present({
      lot,
      unit,
      waste: { stream: 'hazardous', code: row.must('危险废物代码') },
      name: row.may('行业俗称/单位内部名称'),
      grams: parseTonnes(row.must('产生量')),
      batch,
      facility,
      packaging: row.may('容器/包装类型'),
      packageCount: count === undefined ? undefined : Number(count),
      handler: person(row, '产生部门经办人'),
      occurredAt,
    }),
    origins: GENERATED_FROM,
  })
  const classify = operation({
    step: 'classify',
    row: row.ordinal,
    useCase: 'classifyLot',
    command: present({ lot, category: row.may('危险废物类别'), occurredAt }),
    origins: CLASSIFIED_FROM,
  })
  const ground = await onFacility(row, context, '产生危险废物设施编码', unit)
  return {
    rows: [row.ordinal],
    streams: [lotStream(lot)],
    rests: [...restsOnUnits(row, context), ...ground.rests],
    supports: [],
    operations: [generate, classify, ...labelling(row, lot, labelOf(row), occurredAt)],
    troubles: ground.troubles,
  }
}

const STORED_FROM: readonly Origin[] = [
  ['/lot', '产生批次编码'],
  ['/generationBatch', '产生批次编码'],
  ['/store', '贮存设施编码'],
  ['/grams', '入库量'],
  ['/batch', '入库批次编码'],
  ['/label', LABEL],
  ['/handler', '贮存部门经办人'],
  ['/occurredAt', '入库时间'],
  ['', '产生批次编码'],
]

/** B.2 入库. */
const storageIn: Mapper = async (row, context) => {
  const unit = row.must('单位代码')
  const generationBatch = row.must('产生批次编码')
  const lot = lotOf(context, unit, generationBatch)
  const store = row.must('贮存设施编码')
  const storing = operation({
    step: 'store',
    row: row.ordinal,
    useCase: 'storeLot',
    command: present({
      lot,
      store,
      grams: parseTonnes(row.must('入库量')),
      part: context.books.storedTwice(unit, generationBatch) ? true : undefined,
      batch: row.must('入库批次编码'),
      generationBatch,
      label: labelOf(row),
      handler: person(row, '贮存部门经办人'),
      occurredAt: row.must('入库时间'),
    }),
    origins: STORED_FROM,
  })
  const ground = await onFacility(row, context, '贮存设施编码', unit)
  const born = rowNamed(context, 'generation', unit, generationBatch)
  const generated = codeOf(context, born)
  return {
    rows: [row.ordinal],
    streams: [lotStream(lot)],
    rests: [
      ...restsOnUnits(row, context),
      ...restsOn(context, '产生批次编码', 'generation', unit, generationBatch),
      ...ground.rests,
    ],
    supports: [],
    operations: [...labelledHere(context, row, lot, row.must('入库时间'), [born]), storing],
    troubles: [
      ...ground.troubles,
      ...codeOfLot(row, context, '危险废物代码', businessDay(row.must('入库时间')), generated),
      ...beyondRefused(context, { row, column: '入库量' }, born, massOf(born)),
    ],
  }
}

/** The waste code of the row by which a lot came to be. */
function codeOf({ books }: MappingContext, born: Row | undefined): string | undefined {
  const column = born?.name === 'opening-stock' ? '废物代码' : '危险废物代码'
  return born && books.sure(born.ordinal, column) ? born.may(column) : undefined
}

/** The column of a row's mass by which waste comes to be or comes into store. */
const massOf = (row: Row | undefined): string =>
  row?.name === 'opening-stock' ? '贮存量(吨)' : row?.name === 'hw-storage-in' ? '入库量' : '产生量'

interface TakenFrom {
  readonly lot: string
  /** What stands for the lot in what a command's key is made of: the same wherever the books are read, because it takes no secret. */
  readonly keyed: string
  /** The rows of these books by which it came to be and into store; a row of stock is both. */
  readonly rows: readonly [born: Row | undefined, stored: Row | undefined]
  /** Its waste code, where these books hold the row by which it came to be. */
  readonly code: string | undefined
}

/** The lot that a store-out row takes from: of the batch that its store-in row names, or of the label where that row is in earlier books. */
export async function lotTakenOut(row: Row, context: MappingContext): Promise<TakenFrom | undefined> {
  const unit = row.must('单位代码')
  const stored = rowNamed(context, 'storage-in', unit, row.must('入库批次编码')) ?? stockWithoutBatch(row, context)
  if (stored) {
    const batch = stored.must(stored.name === 'opening-stock' ? '批次编码' : '产生批次编码')
    const born = rowNamed(context, 'generation', unit, batch)
    return {
      lot: lotOf(context, unit, batch),
      keyed: unkeyedIdOf(bookName('lot', unit, batch)),
      rows: [born, stored],
      code: codeOf(context, born),
    }
  }
  const label = row.may(LABEL)
  const lot = label === undefined ? undefined : await context.lotOfLabel(label)
  return lot === undefined ? undefined : { lot, keyed: lot, rows: [undefined, undefined], code: undefined }
}

/** Stock of earlier years whose book has no column for store-in batches is known by its label. */
function stockWithoutBatch(row: Row, context: MappingContext): Row | undefined {
  const label = row.may(LABEL)
  const stock = label === undefined ? undefined : rowNamed(context, 'stock-label', row.must('单位代码'), label)
  return stock && !context.books.hasColumn(stock.ordinal, '入库批次编码') ? stock : undefined
}

const TAKEN_OUT_FROM: readonly Origin[] = [
  ['/lot', '入库批次编码'],
  ['/storeIn', '入库批次编码'],
  ['/store', '贮存设施编码'],
  ['/grams', '出库量'],
  ['/batch', '出库批次编码'],
  ['/label', LABEL],
  ['/handler', '出库部门经办人'],
  ['/occurredAt', '出库时间'],
  ['', '入库批次编码'],
]

/** B.3 出库: to where it waits for its pickup. */
const storageOut: Mapper = async (row, context) => {
  const unit = row.must('单位代码')
  const storeIn = row.must('入库批次编码')
  const store = row.must('贮存设施编码')
  const taken = await lotTakenOut(row, context)
  const ground = await onFacility(row, context, '贮存设施编码', unit)
  const named = taken?.rows[1]
  const stored = named
    ? [{ row: named.ordinal, column: '入库批次编码' }]
    : restsOn(context, '入库批次编码', 'storage-in', unit, storeIn)
  const rests = [...restsOnUnits(row, context), ...stored, ...ground.rests]
  if (taken === undefined) {
    return {
      rows: [row.ordinal],
      streams: [],
      rests,
      supports: [],
      operations: [],
      troubles:
        stored.length > 0
          ? []
          : [
              {
                row: row.ordinal,
                column: '入库批次编码',
                trouble: { code: 'storage-in-unknown', rule: 'R29', facts: { value: storeIn } },
              },
            ],
    }
  }
  const takeOut = operation({
    step: 'take-out',
    row: row.ordinal,
    columns: { 'nothing-in-store': '贮存设施编码' },
    useCase: 'takeOutLot',
    command: present({
      lot: taken.lot,
      store,
      grams: parseTonnes(row.must('出库量')),
      batch: row.must('出库批次编码'),
      // Under what batch that stock once went in, nobody says.
      storeIn: named && !context.books.hasColumn(named.ordinal, '入库批次编码') ? undefined : storeIn,
      label: labelOf(row),
      handler: person(row, '出库部门经办人'),
      occurredAt: row.must('出库时间'),
    }),
    origins: TAKEN_OUT_FROM,
  })
  return {
    rows: [row.ordinal],
    streams: [lotStream(taken.lot)],
    rests,
    supports: [],
    operations: [...labelledHere(context, row, taken.lot, row.must('出库时间'), taken.rows), takeOut],
    troubles: [
      ...ground.troubles,
      ...codeOfLot(row, context, '危险废物代码', businessDay(row.must('出库时间')), taken.code),
      ...(named && context.books.storedTwice(unit, named.may('产生批次编码') ?? '')
        ? []
        : beyondRefused(context, { row, column: '出库量' }, named, massOf(named))),
    ],
  }
}

export const hazardousMappers: Mappers = {
  'opening-stock': openingStock,
  'hw-generation': generation,
  'hw-storage-in': storageIn,
  'hw-storage-out': storageOut,
}

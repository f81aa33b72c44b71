import { bookName, unkeyedIdOf } from '../../../../infra/event-store/event-id.ts'
import { weightTolerance } from '../../../../schemas/rules/limits.ts'
import { acceptedWithinLimit, differenceExplained, loadWeighed } from '../../../../schemas/rules/receipt.ts'
import { judge } from '../../../../schemas/rules/row.ts'
import { officialNumber } from '../../../../schemas/rules/manifests.ts'
import { lotStream, manifestStream } from '../../../../schemas/values/identifiers.ts'
import { parseManifestNumber } from '../../../../schemas/values/manifest-number.ts'
import { parseTonnes } from '../../../../schemas/values/mass.ts'
import { present } from '../../../../schemas/values/present.ts'
import { businessDay, yearOf, type Moment } from '../../../../schemas/values/time.ts'
import { HAZARD_SIGNS, words } from '../../../../schemas/forms/words.ts'
import { operation, Row, type Operation, type Origin, type Plan, type Rest, type Support } from '../plans.ts'
import { labelOf, lotTakenOut } from './hazardous.ts'
import {
  codeOfLot,
  known,
  oneOf,
  person,
  restsOnUnits,
  rowNamed,
  unlisted,
  type Mapper,
  type Mappers,
  type MappingContext,
} from './mapper.ts'

/** A manifest's own id, made of its official number. */
export const manifestOf = ({ idOf }: MappingContext, number: string): string => idOf(bookName('manifest', number))

/** A line of a manifest with what the rows it names say. */
interface ReadLine {
  readonly row: Row
  readonly no: number
  readonly plan: Row | undefined
  readonly lots: readonly {
    readonly lot: string
    readonly keyed: string
    readonly outBatch: string
    readonly label: string | undefined
  }[]
  readonly rests: readonly Rest[]
  readonly supports: readonly Support[]
  readonly troubles: Plan['troubles']
}

/** One transfer, from its filing to the receiver's decision, with all its lines. */
const manifests: Mapper = async (row, context) => {
  const number = row.must('联单编号')
  const manifest = manifestOf(context, number)
  const lines = await Promise.all(
    context.books.linesOf(number).map((ordinal) => readLine(row, new Row(context.books, ordinal), context)),
  )
  const ordinals = lines.map((line) => line.row.ordinal)
  const troubles = [...numbered(row), ...lines.flatMap((line) => line.troubles)]
  const lost = lostLines(number, lines, context)
  // Of a load whose lines are not all as they were meant the weighing proves nothing.
  const whole = lines.every((line) => !context.books.rows.failed(line.row.ordinal))
  if (troubles.length === 0 && lines.length > 0 && whole) troubles.push(...weighing(row, lines, context))
  if (lines.length === 0 && lost.length === 0 && troubles.length === 0)
    troubles.push({ row: row.ordinal, column: '联单编号', trouble: { code: 'manifest-without-lines', facts: {} } })
  return {
    rows: [row.ordinal, ...ordinals],
    streams: [manifestStream(manifest), ...new Set(lines.flatMap(({ lots }) => lots.map(({ lot }) => lotStream(lot))))],
    rests: [
      ...lost,
      ...ordinals.map((ordinal) => ({ row: ordinal, column: '联单编号' })),
      ...restsOnUnits(row, context),
      ...lines.flatMap(({ rests }) => rests),
    ],
    supports: [...supportsOfDocument(row), ...lines.flatMap(({ supports }) => supports)],
    operations:
      troubles.length > 0
        ? []
        : [
            ...transport(row, manifest, lines, context),
            ...lines.map((line) => acceptance(row, manifest, line, context)),
          ].map((operation) => ({ ...operation, content: withoutSecret(operation.content, number, manifest, lines) })),
    troubles,
  }
}

const LONGEST_WAIT_MS = 31 * 86_400_000

/**
 * When a manifest was filed: the book has no column for it, so it is taken to be the handover. A number of the year before says that it was
 * filed in that year (R48), at the latest in its last second; a load that waited longer than a month is no such case.
 */
function filedAt(row: Row): Moment {
  const handedOver = row.must('交付时间')
  const year = yearOf(businessDay(handedOver)) - 1
  const latest = `${year}-12-31T23:59:59+08:00`
  const waited = Date.parse(handedOver) - Date.parse(latest)
  return parseManifestNumber(row.must('联单编号'))?.year === year && waited <= LONGEST_WAIT_MS ? latest : handedOver
}

/**
 * A command's content as its key is made of it: with ids that take no secret in place of the park's, so that the same row has the same key in the
 * park itself and before its gateway.
 */
const withoutSecret = (
  content: string | undefined,
  number: string,
  manifest: string,
  lines: readonly ReadLine[],
): string | undefined =>
  lines
    .flatMap(({ lots }) => lots)
    .reduce(
      (text, { lot, keyed }) => text?.replaceAll(lot, keyed),
      content?.replaceAll(manifest, unkeyedIdOf(bookName('manifest', number))),
    )

/** R48 before anything else: under a number that is none there are no lines either. */
function numbered(row: Row): Plan['troubles'][number][] {
  const day = businessDay(filedAt(row))
  // The sites of the consignor are known to the decider, which asks for the place.
  const number = row.must('联单编号')
  const facts = { number, year: yearOf(day), places: [number.slice(4, 8)], taken: false, pointer: '' }
  return judge(officialNumber, facts, day).map(({ rule, facts: found }) => ({
    row: row.ordinal,
    column: '联单编号',
    trouble: { code: 'rule-broken', rule, facts: found },
  }))
}

/** A manifest without lines of its own rests on the refused row that was most likely meant to be one. */
const lostLines = (number: string, lines: readonly ReadLine[], { books }: MappingContext): readonly Rest[] => {
  const meant = lines.length > 0 ? undefined : books.meant('line-of', number)
  return meant === undefined ? [] : [{ row: meant, column: '联单编号' }]
}

const supportsOfDocument = (row: Row): readonly Support[] => [
  {
    group: ['licence', row.must('接受人代码'), row.must('许可证编号')],
    column: '许可证编号',
    breaks: ['R08', 'R09', 'R10'],
  },
  { group: ['vehicle', row.must('承运人代码'), row.must('车牌')], column: '车牌', breaks: ['R17'] },
]

async function readLine(manifest: Row, row: Row, context: MappingContext): Promise<ReadLine> {
  const consignor = manifest.must('移出人代码')
  const receiver = manifest.must('接受人代码')
  const code = row.must('废物代码')
  const year = String(yearOf(businessDay(filedAt(manifest))))
  const day = businessDay(manifest.must('交付时间'))
  const troubles: Plan['troubles'][number][] = [...unlisted(row, context, '废物代码', day)]
  const from = row.ordinal
  const rests: Rest[] = []
  const supports = [code, ''].flatMap((waste): readonly Support[] => [
    { group: ['plan', consignor, waste], column: '废物代码', breaks: ['R20', 'R21'], from },
    { group: ['contract', consignor, waste], column: '废物代码', breaks: ['R18'], from },
  ])
  const lots: { lot: string; keyed: string; outBatch: string; label: string | undefined }[] = []
  let taken: number | undefined = 0
  for (const outBatch of row
    .must('出库批次编码')
    .split('|')
    .filter((part) => part !== '')) {
    const named = outBatch.trim()
    const out = rowNamed(context, 'storage-out', consignor, named)
    const source = out && (await lotTakenOut(out, context))
    const meant = context.books.meant('storage-out', consignor, named)
    if (meant !== undefined) rests.push({ row: meant, column: '出库批次编码', from })
    if (out && source !== undefined) {
      lots.push({ lot: source.lot, keyed: source.keyed, outBatch: named, label: labelOf(out) })
      const mass = known(context, out, '出库量')
      taken = taken === undefined || mass === undefined ? undefined : taken + mass
      if (troubles.length === 0) troubles.push(...codeOfLot(row, context, '废物代码', day, source.code, 'R55'))
    } else if (meant !== undefined) taken = undefined
    else
      troubles.push({
        row: row.ordinal,
        column: '出库批次编码',
        trouble: { code: 'storage-out-unknown', rule: 'R29', facts: { value: outBatch } },
      })
  }
  const shipped = parseTonnes(row.must('移出量(吨)')) ?? 0
  if (troubles.length === 0 && taken !== undefined && shipped !== taken) {
    const [short, rule] =
      shipped > taken
        ? (['shipped-more-than-taken-out', 'R28'] as const)
        : (['shipped-less-than-taken-out', 'R56'] as const)
    troubles.push({ row: row.ordinal, column: '移出量(吨)', trouble: { code: short, rule, facts: { shipped, taken } } })
  }
  const planned = rowNamed(context, 'plan-line', consignor, year, code, receiver)
  const plan = planned && context.books.rows.failed(planned.ordinal) ? undefined : planned
  return { row, no: Number(row.must('序号')), plan, lots, rests, supports, troubles }
}

/** Origins in a line of a command, for each line in its order. */
const inLines = (lines: readonly ReadLine[], origins: readonly Origin[]): readonly Origin[] =>
  lines.flatMap(({ row }, at) =>
    origins.map(([pointer, column]): Origin => [`/lines/${at}${pointer}`, column, row.ordinal]),
  )

/** What the list calls the waste, where the book has no column for its name. */
const nameListed = (line: Row, manifest: Row, { catalogues }: MappingContext): string | undefined =>
  catalogues.hazardous(line.must('废物代码'), businessDay(manifest.must('交付时间')))?.description

const DEPARTED_FROM: readonly Origin[] = [
  ['/manifest', '联单编号'],
  ['/from', '运输起点'],
  ['/occurredAt', '实际起运时间'],
  ['', '实际起运时间'],
]

const ARRIVED_FROM: readonly Origin[] = [
  ['/manifest', '联单编号'],
  ['/place', '运输终点'],
  ['/occurredAt', '实际到达时间'],
  ['', '实际到达时间'],
]

const WEIGHED_FROM: readonly Origin[] = [
  ['/manifest', '联单编号'],
  ['/grossKg', '毛重(kg)'],
  ['/tareKg', '皮重(kg)'],
  ['/occurredAt', '实际到达时间'],
  ['', '毛重(kg)'],
]

function transport(
  row: Row,
  manifest: string,
  lines: readonly ReadLine[],
  context: MappingContext,
): readonly Operation[] {
  const driver = person(row, '驾驶员', '驾驶员电话')
  const carrier = row.must('承运人代码')
  const plate = row.must('车牌')
  const vital = { row: row.ordinal, with: lines.map((line) => line.row.ordinal), alone: true }
  const carriage: readonly Origin[] = [
    ['/carrier', '承运人代码'],
    ['/plate', '车牌'],
    ['/driver', '驾驶员'],
    ['/legs/0/carrier', '承运人代码'],
    ['/legs/0/plate', '车牌'],
    ['/legs/0/driver', '驾驶员'],
    ['/legs', '承运人代码'],
  ]
  return [
    operation({
      ...vital,
      step: 'file',
      useCase: 'fileManifest',
      command: {
        manifest,
        number: row.must('联单编号'),
        consignor: present({ unit: row.must('移出人代码'), emergencyPhone: row.may('应急联系电话') }),
        receiver: present({ unit: row.must('接受人代码'), licence: row.may('许可证编号') }),
        legs: [present({ carrier, plate, driver })],
        destination: oneOf(words.destination, lines[0]?.plan?.must('转移类型')) ?? 'in-province',
        occurredAt: filedAt(row),
        lines: lines.map(({ row: line, no, plan, lots }) => {
          const count = line.may('包装数量')
          return present({
            line: no,
            code: line.must('废物代码'),
            name: line.may('废物名称') ?? nameListed(line, row, context),
            hazards: line.may('危险特性')?.split(HAZARD_SIGNS),
            form: oneOf(words.form, line.may('形态')),
            packaging: line.may('包装方式'),
            packageCount: count === undefined ? undefined : Number(count),
            method: plan?.must('利用处置方式'),
            planned: parseTonnes(line.must('移出量(吨)')),
            lots: lots.map(({ lot, outBatch }) => ({ lot, outBatch })),
          })
        }),
      },
      origins: [
        ['/manifest', '联单编号'],
        ['/number', '联单编号'],
        ['/consignor', '移出人代码'],
        ['/consignor/emergencyPhone', '应急联系电话'],
        ['/receiver', '接受人代码'],
        ['/receiver/licence', '许可证编号'],
        ...carriage,
        ['/occurredAt', '交付时间'],
        ...inLines(lines, [
          ['', '废物代码'],
          ['/line', '序号'],
          ['/code', '废物代码'],
          ['/name', '废物名称'],
          ['/hazards', '危险特性'],
          ['/form', '形态'],
          ['/packaging', '包装方式'],
          ['/packageCount', '包装数量'],
          ['/method', '废物代码'],
          ['/planned', '移出量(吨)'],
          ['/lots', '出库批次编码'],
        ]),
      ],
    }),
    operation({
      ...vital,
      step: 'pick-up',
      useCase: 'pickUp',
      command: present({
        manifest,
        carrier,
        plate,
        driver,
        occurredAt: row.must('交付时间'),
        lines: lines.map(({ row: line, no, lots }) => ({
          line: no,
          labels: lots.flatMap(({ label }) => label ?? []),
          shipped: parseTonnes(line.must('移出量(吨)')),
        })),
      }),
      origins: [
        ['/manifest', '联单编号'],
        ...carriage,
        ['/occurredAt', '交付时间'],
        ...inLines(lines, [
          ['', '序号'],
          ['/line', '序号'],
          ['/labels', '出库批次编码'],
          ['/shipped', '移出量(吨)'],
        ]),
      ],
    }),
    operation({
      ...vital,
      step: 'depart',
      useCase: 'depart',
      command: present({ manifest, from: row.may('运输起点'), occurredAt: row.must('实际起运时间') }),
      origins: DEPARTED_FROM,
    }),
    operation({
      ...vital,
      step: 'arrive',
      useCase: 'arrive',
      command: present({ manifest, place: row.may('运输终点'), occurredAt: row.must('实际到达时间') }),
      origins: ARRIVED_FROM,
    }),
    operation({
      ...vital,
      step: 'weigh',
      useCase: 'weighLoad',
      command: {
        manifest,
        grossKg: Number(row.must('毛重(kg)')),
        tareKg: Number(row.must('皮重(kg)')),
        occurredAt: row.must('实际到达时间'),
      },
      origins: WEIGHED_FROM,
    }),
  ]
}

/** The third part of the form, line by line: what is wrong with one decision stops neither the other lines nor the transfer itself. */
function acceptance(row: Row, manifest: string, { row: line, no }: ReadLine, context: MappingContext): Operation {
  const { books } = context
  const asked =
    line.must('接受人处理意见') !== '拒收' &&
    line.may('拟利用处置方式') === undefined &&
    books.hasColumn(line.ordinal, '拟利用处置方式')
  const decided = operation({
    step: 'accept',
    row: line.ordinal,
    vital: false,
    alone: true,
    useCase: 'acceptManifest',
    command: {
      manifest,
      occurredAt: row.must('接受时间'),
      lines: [
        present({
          line: no,
          decision: oneOf(words.decision, line.must('接受人处理意见')),
          accepted: parseTonnes(line.must('接受量(吨)')),
          ...differenceOf(line, context),
          method: line.may('拟利用处置方式'),
        }),
      ],
    },
    origins: [
      ['/manifest', '联单编号'],
      ['/occurredAt', '接受时间', row.ordinal],
      ['', '接受人处理意见'],
      ['/lines/0/line', '序号'],
      ['/lines/0/decision', '接受人处理意见'],
      ['/lines/0/accepted', '接受量(吨)'],
      ['/lines/0/refused', '接受量(吨)'],
      ['/lines/0/difference', '是否存在重大差异'],
      ['/lines/0/note', '差异说明'],
      ['/lines/0/method', '拟利用处置方式'],
    ],
  })
  // What is taken in has its method in that cell, unless the book knows no such column: then the plan's is meant.
  return asked
    ? {
        ...decided,
        malformed: [{ pointer: '/lines/0/method', trouble: { code: 'cell-empty', rule: 'R09', facts: {} } }],
      }
    : decided
}

/** The difference that a line admits. What its book has no column for, the two masses say. */
function differenceOf(line: Row, { books }: MappingContext) {
  const differs = parseTonnes(line.must('移出量(吨)')) !== parseTonnes(line.must('接受量(吨)'))
  const difference = oneOf(words.difference, line.may('是否存在重大差异')) ?? (differs ? 'quantity' : 'none')
  const untold = difference !== 'none' && !books.hasColumn(line.ordinal, '差异说明')
  return { difference, note: line.may('差异说明') ?? (untold ? '台账没有“差异说明”一栏' : undefined) }
}

/** Whether what a line says of its own masses holds together; where it does not, the line is at fault and not the weighbridge. */
function sound(row: Row, { row: line, no }: ReadLine, context: MappingContext): boolean {
  const shipped = parseTonnes(line.must('移出量(吨)')) ?? 0
  const accepted = parseTonnes(line.must('接受量(吨)')) ?? 0
  const limit = weightTolerance(shipped, businessDay(row.must('接受时间')))
  const facts = { line: no, shipped, accepted, pointer: '' }
  const decision = line.must('接受人处理意见')
  const agrees =
    decision === '接受' ? accepted > 0 : decision === '拒收' ? accepted === 0 : accepted > 0 && accepted < shipped
  return (
    agrees &&
    !acceptedWithinLimit.check({ ...facts, limit }) &&
    !differenceExplained.check({ ...facts, ...differenceOf(line, context) })
  )
}

/** R69, over the rows as they stand: otherwise it would be the last line that is blamed for the weighing of the whole load. */
function weighing(row: Row, lines: readonly ReadLine[], context: MappingContext): Plan['troubles'] {
  if (!lines.every((line) => sound(row, line, context))) return []
  const decided = lines.reduce((sum, { row: line }) => {
    const accepted = parseTonnes(line.must('接受量(吨)')) ?? 0
    return (
      sum +
      (line.must('接受人处理意见') === '接受'
        ? accepted
        : Math.max(accepted, parseTonnes(line.must('移出量(吨)')) ?? 0))
    )
  }, 0)
  const net = (Number(row.must('毛重(kg)')) - Number(row.must('皮重(kg)'))) * 1_000
  const breach = loadWeighed.check(net > 0 ? { net, decided } : { grossKg: 0, tareKg: -net / 1_000 })
  return breach && 'facts' in breach
    ? [
        {
          row: row.ordinal,
          column: '毛重(kg)',
          trouble: { code: 'weighed-otherwise', rule: 'R69', facts: breach.facts },
        },
      ]
    : []
}

export const manifestMappers: Mappers = { 'hw-manifests': manifests }

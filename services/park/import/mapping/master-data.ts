import { planStream, unitStream } from '../../../../schemas/values/identifiers.ts'
import { parseTonnes } from '../../../../schemas/values/mass.ts'
import { present } from '../../../../schemas/values/present.ts'
import { words } from '../../../../schemas/forms/words.ts'
import { operation, type Operation, type Origin, type Plan, type Row } from '../plans.ts'
import {
  morning,
  noEarlier,
  oneOf,
  person,
  restsOnUnits,
  unlisted,
  type Mapper,
  type Mappers,
  type MappingContext,
} from './mapper.ts'

const alone = (
  row: Row,
  stream: string,
  operations: readonly Operation[],
): Pick<Plan, 'rows' | 'streams' | 'operations' | 'troubles' | 'supports'> => ({
  rows: [row.ordinal],
  streams: [stream],
  operations,
  troubles: [],
  supports: [],
})

/**
 * A licence, contract or plan that begins later is in the books when they begin; an older one is as old as it says, as far as the books of the
 * park go back.
 */
const noLaterThan = (day: string, context: MappingContext): string => {
  const own = morning(day)
  return own > context.booksBegin ? context.booksBegin : noEarlier(own, context)
}

/** Units were there before the first row of the books happened. */
const units: Mapper = (row, { booksBegin, period }) => {
  const unit = row.must('统一社会信用代码')
  const command = present({
    unit,
    name: row.must('单位名称'),
    roles: row
      .must('角色')
      .split('|')
      .map((role) => oneOf(words.roles, role)),
    industry: row.may('行业代码'),
    address: row.may('地址'),
    inside: oneOf(words.inside, row.must('园区内')),
    managementClass: oneOf(words.management, row.may('管理类别')),
    contact: person(row, '联系人', '联系电话'),
    effectiveFrom: period,
    occurredAt: booksBegin,
  })
  const origins: Origin[] = [
    ['/unit', '统一社会信用代码'],
    ['/name', '单位名称'],
    ['/roles', '角色'],
    ['/industry', '行业代码'],
    ['/address', '地址'],
    ['/inside', '园区内'],
    ['/managementClass', '管理类别'],
    ['/contact', '联系人'],
  ]
  return {
    ...alone(row, unitStream(unit), [
      operation({
        step: 'register',
        row: row.ordinal,
        useCase: 'registerUnit',
        command,
        origins,
        alone: true,
      }),
    ]),
    rests: [],
  }
}

const facilities: Mapper = (row, context) => {
  const unit = row.must('单位代码')
  const command = present({
    unit,
    facility: row.must('设施编码'),
    name: row.must('设施名称'),
    kind: oneOf(words.facility, row.must('设施类型')),
    capacity: parseTonnes(row.may('能力(吨)') ?? ''),
    effectiveFrom: context.period,
    occurredAt: context.booksBegin,
  })
  const origins: Origin[] = [
    ['/unit', '单位代码'],
    ['/facility', '设施编码'],
    ['/name', '设施名称'],
    ['/kind', '设施类型'],
    ['/capacity', '能力(吨)'],
  ]
  return {
    ...alone(row, unitStream(unit), [
      operation({
        step: 'add',
        row: row.ordinal,
        useCase: 'addFacility',
        command,
        origins,
        alone: true,
      }),
    ]),
    rests: restsOnUnits(row, context),
  }
}

const licences: Mapper = (row, context) => {
  const unit = row.must('单位代码')
  const command = {
    unit,
    number: row.must('许可证编号'),
    kind: oneOf(words.licence, row.must('经营方式')),
    covers: row.must('废物类别或代码').split('|'),
    methods: row.must('利用处置方式').split('|'),
    annual: parseTonnes(row.must('年经营规模(吨)')),
    from: row.must('有效期起'),
    to: row.must('有效期止'),
    effectiveFrom: context.period,
    occurredAt: noLaterThan(row.must('有效期起'), context),
  }
  const origins: Origin[] = [
    ['/unit', '单位代码'],
    ['/number', '许可证编号'],
    ['/kind', '经营方式'],
    ['/covers', '废物类别或代码'],
    ['/methods', '利用处置方式'],
    ['/annual', '年经营规模(吨)'],
    ['/from', '有效期起'],
    ['/to', '有效期止'],
  ]
  return {
    ...alone(row, unitStream(unit), [
      operation({
        step: 'grant',
        row: row.ordinal,
        useCase: 'grantLicence',
        command,
        origins,
        alone: true,
      }),
    ]),
    rests: restsOnUnits(row, context),
  }
}

const vehicles: Mapper = (row, context) => {
  const unit = row.must('承运人代码')
  const command = present({
    unit,
    plate: row.must('车牌'),
    permit: row.must('道路运输证号'),
    validTo: row.must('证书有效期止'),
    rated: parseTonnes(row.may('核定载质量(吨)') ?? ''),
    dangerousGoods: oneOf(words.inside, row.must('危险货物')),
    effectiveFrom: context.period,
    occurredAt: context.booksBegin,
  })
  const origins: Origin[] = [
    ['/unit', '承运人代码'],
    ['/plate', '车牌'],
    ['/permit', '道路运输证号'],
    ['/validTo', '证书有效期止'],
    ['/rated', '核定载质量(吨)'],
    ['/dangerousGoods', '危险货物'],
  ]
  return {
    ...alone(row, unitStream(unit), [
      operation({
        step: 'register',
        row: row.ordinal,
        useCase: 'registerVehicle',
        command,
        origins,
        alone: true,
      }),
    ]),
    rests: restsOnUnits(row, context),
  }
}

/** One line of a year's plan; filed on the first day of that year. */
const plans: Mapper = (row, context) => {
  const unit = row.must('移出人代码')
  const year = Number(row.must('计划年度'))
  const line = {
    code: row.must('废物代码'),
    receiver: row.must('接受人代码'),
    method: row.must('利用处置方式'),
    planned: parseTonnes(row.must('预计转移量(吨)')),
    destination: oneOf(words.destination, row.must('转移类型')),
  }
  const origins: Origin[] = [
    ['/unit', '移出人代码'],
    ['/year', '计划年度'],
    ['/lines/0/code', '废物代码'],
    ['/lines/0/receiver', '接受人代码'],
    ['/lines/0/method', '利用处置方式'],
    ['/lines/0/planned', '预计转移量(吨)'],
    ['/lines/0/destination', '转移类型'],
    ['/lines', '废物代码'],
  ]
  const file = operation({
    step: 'file',
    row: row.ordinal,
    useCase: 'filePlan',
    command: { unit, year, lines: [line], occurredAt: noLaterThan(`${year}-01-01`, context) },
    origins,
  })
  // R06: a 管理计划 is about hazardous waste.
  const troubles = unlisted(row, context, '废物代码', `${year}-01-01`)
  return { ...alone(row, planStream(unit, year), [file]), troubles, rests: restsOnUnits(row, context) }
}

const contracts: Mapper = (row, context) => {
  const unit = row.must('移出人代码')
  const command = {
    unit,
    number: row.must('合同编号'),
    receiver: row.must('接受人代码'),
    code: row.must('废物代码'),
    from: row.must('有效期起'),
    to: row.must('有效期止'),
    effectiveFrom: context.period,
    occurredAt: noLaterThan(row.must('有效期起'), context),
  }
  const origins: Origin[] = [
    ['/unit', '移出人代码'],
    ['/number', '合同编号'],
    ['/receiver', '接受人代码'],
    ['/code', '废物代码'],
    ['/from', '有效期起'],
    ['/to', '有效期止'],
  ]
  return {
    ...alone(row, unitStream(unit), [
      operation({
        step: 'conclude',
        row: row.ordinal,
        useCase: 'concludeContract',
        command,
        origins,
        alone: true,
      }),
    ]),
    rests: restsOnUnits(row, context),
  }
}

export const masterDataMappers: Mappers = { units, facilities, licences, vehicles, plans, contracts }

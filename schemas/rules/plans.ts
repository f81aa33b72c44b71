import type { PlanLine } from '../plan/events.ts'
import type { Unit } from '../unit/state.ts'
import { yearOf, type Day } from '../values/time.ts'
import { rule, unbound } from './row.ts'
import { acrossTheCode, hazardousDuties, TRANSFER_ORDER } from './sources.ts'

interface ContractFacts {
  readonly consignor: Unit
  readonly receiver: string
  readonly code: string
  readonly hazardous: boolean
  readonly on: Day
  readonly pointer: string
}

const contractInForce = rule('R18', {
  title: { zh: '与接受人订有列明该废物的有效合同', en: 'A contract with the receiver names the waste and is in force' },
  text: {
    zh: '{day} 没有与 {receiver} 就 {code} 签订的有效合同',
    en: 'No contract with {receiver} that names {code} is in force on {day}',
  },
  editions: acrossTheCode({
    from: '2020-09-01',
    severity: 'BLOCK',
    source: ['令第23号 第十条第一项；固废法 第37条', '令第23号 第十条第一项；生态环境法典 第490条'],
    penalty: [
      {
        zh: '固废法第102条：委托他人运输、利用、处置一般工业固体废物未依法核实、签约的，处10万元以上100万元以下罚款',
        en: 'Solid waste law of 2020, art. 102: fine of CNY 100,000 to 1,000,000 for entrusting general waste wrongly',
      },
      {
        zh: '法典第1171条：违法委托他人运输、利用、处置一般工业固体废物的，处10万元以上100万元以下罚款',
        en: 'Code, art. 1171: fine of CNY 100,000 to 1,000,000 for entrusting general waste wrongly',
      },
    ],
  }),
  books: 'same',
  asks: {
    FileManifest: ({ command: { receiver }, lines, day, context: { consignor } }) =>
      lines.map(({ waste: { code } }, i) => ({
        consignor,
        receiver: receiver.unit,
        code,
        hazardous: true,
        on: day,
        pointer: `/lines/${i}/code`,
      })),
    RecordOutShipment: ({ command: { receiver, code }, day, context: { consignor, pool } }) => ({
      consignor,
      receiver,
      code: pool.waste?.code ?? code,
      hazardous: false,
      on: day,
      pointer: '/receiver',
    }),
  },
  check({ consignor, receiver, code, hazardous, on, pointer }: ContractFacts) {
    const found = Object.values(consignor.contracts).some(
      (contract) =>
        contract.receiver === receiver && contract.code === code && contract.from <= on && on <= contract.to,
    )
    return found ? undefined : { pointer, severity: hazardous ? 'BLOCK' : 'WARN', facts: { receiver, code, day: on } }
  },
  cases: {
    FileManifest: [
      {
        name: { zh: '合同已到期', en: 'the contract has ended' },
        given: { context: { consignor: { contracts: { '*': { to: '2025-11-30' } } } } },
        expect: 'BLOCK',
      },
    ],
    RecordOutShipment: [
      {
        name: { zh: '一般固体废物无合同只提示', en: 'general waste without a contract is a warning' },
        given: { context: { consignor: { contracts: { '*': { to: '2025-11-30' } } } } },
        expect: 'WARN',
      },
    ],
  },
})

const planFiled = rule('R20', {
  title: { zh: '当年危险废物管理计划已备案', en: 'A hazardous waste plan of the year is filed' },
  text: {
    zh: '{unit} 没有备案 {year} 年度危险废物管理计划',
    en: '{unit} has filed no hazardous waste plan for {year}',
  },
  editions: acrossTheCode({
    from: TRANSFER_ORDER,
    severity: 'BLOCK',
    source: [
      'HJ 1259-2022 5.2；令第23号 第十四条；固废法 第78条',
      'HJ 1259-2022 5.2；令第23号 第十四条；生态环境法典 第532条',
    ],
    penalty: hazardousDuties,
  }),
  books: 'same',
  asks: {
    FileManifest: ({ command: { consignor }, day, context: { plan } }) => ({
      unit: consignor.unit,
      on: day,
      lines: plan.lines,
    }),
  },
  check: ({ unit, on, lines }: { readonly unit: string; readonly on: Day; readonly lines: readonly PlanLine[] }) =>
    lines.length > 0 ? undefined : { pointer: '/consignor/unit', facts: { unit, year: yearOf(on) } },
  cases: {
    FileManifest: [
      {
        name: { zh: '当年没有计划', en: 'no plan of the year' },
        given: { context: { plan: { lines: [] } } },
        expect: 'BLOCK',
      },
    ],
  },
})

interface PlannedFacts {
  readonly lines: readonly PlanLine[]
  readonly code: string
  readonly receiver: string
  readonly method?: string | undefined
  readonly destination: string
  readonly pointer: string
}

const linePlanned = rule('R21', {
  title: { zh: '联单各行与管理计划相符', en: 'Each line of the manifest stands in the plan' },
  text: {
    zh: '管理计划中没有 {code} 转移至 {receiver}（{destination}，方式 {method}）',
    en: 'The plan has no transfer of {code} to {receiver} ({destination}, method {method})',
    more: [
      {
        zh: '管理计划中没有 {code} 转移至 {receiver}（{destination}）',
        en: 'The plan has no transfer of {code} to {receiver} ({destination})',
      },
    ],
  },
  editions: acrossTheCode({
    from: TRANSFER_ORDER,
    severity: 'BLOCK',
    source: [
      '令第23号 第十四条；HJ 1259-2022 A.7；固废法 第78条',
      '令第23号 第十四条；HJ 1259-2022 A.7；生态环境法典 第532条',
    ],
    penalty: hazardousDuties,
  }),
  books: 'same',
  asks: {
    // Without any plan R20 has said so already.
    FileManifest: ({ command: { receiver, destination }, lines, context: { plan } }) =>
      plan.lines.length === 0
        ? undefined
        : lines.map(({ waste: { code }, method }, i) => ({
            lines: plan.lines,
            code,
            receiver: receiver.unit,
            method,
            destination,
            pointer: `/lines/${i}/code`,
          })),
  },
  check({ lines, code, receiver, method, destination, pointer }: PlannedFacts) {
    const found = lines.some(
      (line) =>
        line.code === code &&
        line.receiver === receiver &&
        line.destination === destination &&
        (method === undefined || line.method === method),
    )
    return found
      ? undefined
      : { pointer, facts: { code, receiver, destination, ...(method === undefined ? {} : { method }) } }
  },
  cases: {
    FileManifest: [
      {
        name: { zh: '计划的是另一种方式', en: 'another method was planned' },
        given: { context: { plan: { lines: { 0: { method: 'D10' } } } } },
        expect: 'BLOCK',
      },
    ],
  },
})

export const planRules = [
  contractInForce,
  planFiled,
  linePlanned,
  unbound(
    'R22',
    'HJ 1259-2022 5.2.3；令第23号 第十四条',
    ['当年转移量不超过计划量', 'What is shipped in a year stays within the plan'],
    [
      '缺少的事实：计划行的占用（预留与结算），随配额一起建立',
      'Missing fact: what of a plan line is taken, built with quotas',
    ],
  ),
  unbound(
    'R23',
    'HJ 1259-2022 5.2.3；本项目约定（±20%）',
    ['产生量与计划相差不大', 'What is generated is near the plan'],
    ['缺少的事实：年度产生量与计划的对照（投影）', 'Missing fact: generated against planned of a year (a projection)'],
  ),
  unbound(
    'R89',
    '公告2021年第82号；生态环境法典 第489条（原固废法 第36条）',
    [
      '一般工业固体废物台账附表1至附表3按期填报',
      'Tables 1 to 3 of the ledger of general industrial waste are kept in time',
    ],
    [
      '由期限驱动；附表3 的字段由出厂记录命令的格式保证。缺少的事实：附表1 产生清单',
      'A deadline raises it; the form of the out-record asks the columns of table 3. Missing fact: the list of table 1',
    ],
  ),
]

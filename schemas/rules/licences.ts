import { categoryOf } from '../catalogues/hazardous-waste.ts'
import type { Licence, Unit } from '../unit/state.ts'
import type { Day } from '../values/time.ts'
import { rule, unbound } from './row.ts'
import { acrossTheCode, givenToUnlicensed, LICENCE_DECREE, outsideTheLicence } from './sources.ts'

/** Licences of a unit that are in force on a day; only the one named, where one is named. */
export const licencesInForce = (unit: Unit, day: Day, number?: string): readonly Licence[] =>
  Object.values(unit.licences).filter(
    (licence) => licence.from <= day && day <= licence.to && (number === undefined || licence.number === number),
  )

interface LicenceFacts {
  readonly unit: string
  readonly on: Day
  readonly receiver: Unit
  /** The licence that the document names. */
  readonly named: string | undefined
  readonly pointer: string
}

const expired = {
  name: { zh: '许可证已过期', en: 'the licence has run out' },
  given: { context: { receiver: { licences: { '*': { to: '2025-11-30' } } } } },
  expect: 'BLOCK',
} as const
const otherCategory = {
  name: { zh: '许可证只含 HW08', en: 'the licence covers HW08 only' },
  given: { context: { receiver: { licences: { '*': { covers: ['HW08'] } } } } },
  expect: 'BLOCK',
} as const

const receiverLicensed = rule('R08', {
  title: { zh: '接受人持有当日有效的经营许可证', en: 'The receiver holds a licence in force on the day' },
  text: {
    zh: '接受人 {unit} 在 {day} 没有有效的危险废物经营许可证',
    en: 'Receiver {unit} holds no hazardous waste licence in force on {day}',
    more: [
      {
        zh: '接受人 {unit} 在 {day} 没有编号为 {licence} 的有效许可证；当日有效的是 {others}',
        en: 'Receiver {unit} holds no licence {licence} in force on {day}; in force are {others}',
      },
      {
        zh: '接受人 {unit} 在 {day} 没有有效的危险废物经营许可证，包括所填的 {licence}',
        en: 'Receiver {unit} holds no hazardous waste licence in force on {day}, neither {licence} nor another',
      },
    ],
  },
  editions: acrossTheCode({
    from: LICENCE_DECREE,
    severity: 'BLOCK',
    source: [
      '固废法 第80条（2020-09-01 前为第57条）；危险废物经营许可证管理办法 第十五条',
      '生态环境法典 第534条；危险废物经营许可证管理办法 第十五条',
    ],
    penalty: givenToUnlicensed,
  }),
  books: 'same',
  asks: {
    FileManifest: ({ command: { receiver }, day, context }) => ({
      unit: receiver.unit,
      on: day,
      receiver: context.receiver,
      named: receiver.licence,
      pointer: receiver.licence === undefined ? '/receiver/unit' : '/receiver/licence',
    }),
    PickUp: ({ manifest, day, context }) =>
      manifest.form === 'transfer-manifest'
        ? { unit: manifest.receiver, on: day, receiver: context.receiver, named: manifest.licence, pointer: '' }
        : undefined,
    // Refusing and returning need no licence (readings R08), so only what takes in is asked.
    AcceptManifest: ({ manifest, decided, day, context }) =>
      manifest.form === 'transfer-manifest' && decided.some(({ accepted }) => accepted > 0)
        ? { unit: manifest.receiver, on: day, receiver: context.receiver, named: manifest.licence, pointer: '' }
        : undefined,
  },
  check({ unit, on, receiver, named, pointer }: LicenceFacts) {
    if (licencesInForce(receiver, on, named).length > 0) return undefined
    const numbers = licencesInForce(receiver, on)
      .map(({ number }) => number)
      .join(', ')
    const licence = named === undefined ? {} : { licence: named, ...(numbers === '' ? {} : { others: numbers }) }
    return { pointer, facts: { unit, day: on, ...licence } }
  },
  cases: { FileManifest: [expired], PickUp: [expired], AcceptManifest: [expired] },
})

interface CoverageFacts {
  readonly code: string
  /** Absent where no method is chosen yet. */
  readonly method?: string | undefined
  readonly inForce: readonly Licence[]
  readonly pointer: string
}

const licenceCovers = rule('R09', {
  title: { zh: '许可证包括该代码和利用处置方式', en: 'The licence covers code and method' },
  text: {
    zh: '许可证不包括代码 {code} 的利用处置方式 {method}',
    en: 'The licence does not cover code {code} by method {method}',
    more: [
      {
        zh: '许可证 {licences} 不包括代码 {code} 的利用处置方式 {method}',
        en: 'Licence {licences} does not cover code {code} by method {method}',
      },
      { zh: '许可证 {licences} 不包括代码 {code}', en: 'Licence {licences} does not cover code {code}' },
      { zh: '许可证不包括代码 {code}', en: 'The licence does not cover code {code}' },
    ],
  },
  editions: acrossTheCode({
    from: LICENCE_DECREE,
    severity: 'BLOCK',
    source: [
      '固废法 第80条（2020-09-01 前为第57条）；危险废物经营许可证管理办法',
      '生态环境法典 第534条、第1178条；危险废物经营许可证管理办法',
    ],
    penalty: outsideTheLicence,
  }),
  books: 'same',
  asks: {
    // Without any licence R08 has said so already.
    FileManifest: ({ command: { receiver }, lines, day, context }) => {
      const inForce = licencesInForce(context.receiver, day, receiver.licence)
      return inForce.length === 0
        ? undefined
        : lines.map(({ waste, method }, i) => ({ code: waste.code, method, inForce, pointer: `/lines/${i}/code` }))
    },
    AcceptManifest: ({ manifest, decided, day, context }) => {
      const inForce = licencesInForce(context.receiver, day, manifest.licence)
      if (manifest.form !== 'transfer-manifest' || inForce.length === 0) return undefined
      return decided.flatMap(({ line, accepted, method, pointer }) =>
        accepted > 0 ? [{ code: line.waste.code, method, inForce, pointer: `${pointer}/method` }] : [],
      )
    },
    // Of what came with a transfer manifest; by each code and licence once.
    RecordTreatment: ({ inputs, command: { method }, day, context }) => {
      const asked = new Map<string, CoverageFacts>()
      for (const { parts } of inputs)
        for (const { waste, received } of parts)
          if (received?.form === 'transfer-manifest')
            asked.set(`${waste.code} ${received.licence ?? ''}`, {
              code: waste.code,
              method,
              inForce: licencesInForce(context.receiver, day, received.licence),
              pointer: '/method',
            })
      return [...asked.values()]
    },
  },
  check({ code, method, inForce, pointer }: CoverageFacts) {
    const covering = inForce.filter(({ covers }) => covers.includes(code) || covers.includes(categoryOf(code)))
    const allowed = covering.some(({ methods }) => method === undefined || methods.includes(method))
    if (allowed) return undefined
    const licences = inForce.map(({ number }) => number).join(', ')
    return {
      pointer,
      facts: { code, ...(method === undefined ? {} : { method }), ...(licences === '' ? {} : { licences }) },
    }
  },
  cases: {
    FileManifest: [otherCategory],
    AcceptManifest: [
      otherCategory,
      {
        name: { zh: '接受时选了许可证以外的方式', en: 'it is accepted for a method that the licence lacks' },
        command: { lines: { 0: { method: 'R4' } } },
        expect: 'BLOCK',
      },
    ],
    RecordTreatment: [otherCategory],
  },
})

export const licenceRules = [
  receiverLicensed,
  licenceCovers,
  unbound(
    'R10',
    '危险废物经营许可证管理办法 第十二条第四项；生态环境法典 第534条',
    [
      '许可证年度接收量不超过核准规模，超过20%须重新申请',
      'What is accepted in a licence year stays within its scale; more than 20 % above needs a new permit',
    ],
    [
      '缺少的事实：许可证年度的占用（预留与结算），随配额和保留状态一起建立',
      'Missing fact: what of a licence year is taken (reservations), built with quotas and holds',
    ],
  ),
  unbound(
    'R11',
    '危险废物经营许可证管理办法 第十三条',
    ['许可证届满前30个工作日申请续期', 'Renewal is asked for 30 working days before a licence ends'],
    ['由期限驱动（流程管理器），不由命令触发', 'A deadline raises it (process manager), no command does'],
  ),
  unbound(
    'R12',
    '危险废物经营许可证管理办法 第三条；环办固体函〔2022〕66号（延至 2025-12-31）',
    [
      '收集许可证只收废矿物油和废镉镍电池，试点单位只收核定名单',
      'A collection licence takes waste oil of garages and household NiCd cells only; a pilot its list',
    ],
    ['缺少的事实：小微收集试点的名单、区域和期限', 'Missing fact: list, area and days of the collection pilots'],
  ),
  unbound(
    'R13',
    '令第23号 第二条；国家危险废物名录 附录（豁免管理清单）',
    [
      '无许可证的接受人须符合豁免清单的代码、环节和条件',
      'A receiver without licence needs a row of the exemption list that fits code, step and condition',
    ],
    ['缺少的事实：豁免条件的证明材料', 'Missing fact: the evidence for the condition of an exemption'],
  ),
  unbound(
    'R14',
    '国家危险废物名录 附录（豁免管理清单）',
    ['豁免一个环节不豁免其他环节', 'An exemption of one step lifts no rule of another'],
    ['没有豁免命令可问；随 R13 建立', 'No command claims an exemption yet; comes with R13'],
  ),
]

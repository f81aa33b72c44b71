import { creditCodeFault } from '../values/unit-code.ts'
import { rule, unbound } from './row.ts'
import { ALWAYS } from './sources.ts'

const creditCodeValid = rule('R01', {
  title: {
    zh: '统一社会信用代码18位且校验码正确',
    en: 'A unified social credit code has 18 characters and its check digit',
  },
  text: { zh: '统一社会信用代码 {unit}：{problem}', en: 'Unified social credit code {unit}: {problem}' },
  // The standard is of 2015; how a code is formed is no law of a day, and a unit that is registered today for an earlier year has one, too.
  editions: [{ from: ALWAYS, source: 'GB 32100-2015；GB 11714-1997', severity: 'BLOCK' }],
  books: {
    exempt: {
      zh: '账册照录：主体标识码的校验位有在用代码不符',
      en: 'a book is copied as it is, and codes that lack the inner check digit are in use',
    },
    when: ({ problem }) => problem === 'organisation-check',
  },
  asks: {
    RegisterUnit: ({ command: { unit } }) => {
      const problem = creditCodeFault(unit)
      return problem && { unit, problem }
    },
  },
  check: ({ unit, problem }: { readonly unit: string; readonly problem: string }) => ({
    pointer: '/unit',
    facts: { unit, problem },
    // Who registers a code in use may be asked to look again, no more.
    ...(problem === 'organisation-check' ? { severity: 'WARN' as const } : {}),
  }),
  cases: {
    RegisterUnit: [
      {
        name: { zh: '校验码错误', en: 'the check digit is wrong' },
        command: { unit: '91350100M000100Y44' },
        expect: 'BLOCK',
      },
      {
        name: { zh: '形式不对的代码在任何一日都不是代码', en: 'what has not the form of a code is none on any day' },
        command: { unit: 'x y', occurredAt: '1990-01-01T08:00:00+08:00' },
        expect: 'BLOCK',
      },
    ],
  },
})

export const unitRules = [
  creditCodeValid,
  unbound(
    'R07',
    'HJ 1259-2022 4.2',
    [
      '管理类别按产生量、自有设施和许可证计算，指定的类别优先',
      'The class follows tonnes a year, own facilities and licence; an assigned one rules',
    ],
    [
      '缺少的事实：最近三年每个场所的年产生量（投影）',
      'Missing fact: tonnes a year of each site over three years (a projection)',
    ],
  ),
  unbound(
    'R15',
    '生态环境法典 第484条（原固废法 第99条）',
    [
      '收集、贮存、运输、利用、处置危险废物须投保环境污染责任保险',
      'Who collects, stores, carries or treats hazardous waste is insured',
    ],
    ['缺少的事实：保险单及其期限', 'Missing fact: the policy of insurance and its days'],
  ),
  unbound(
    'R16',
    '生态环境法典 第539条；令第23号 第九条',
    ['应急预案已备案且有效', 'An emergency plan is filed and in force'],
    ['缺少的事实：应急预案备案编号和期限', 'Missing fact: the filing of the emergency plan and its days'],
  ),
]

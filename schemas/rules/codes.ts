import type { Catalogues } from '../catalogues/catalogue.ts'
import type { Finding } from '../decision.ts'
import { type Day } from '../values/time.ts'
import { type Waste } from '../values/waste.ts'
import { judge, unbound } from './row.ts'

import { ofAnyEdition } from './coded-waste.ts'
import { codeOnItsPath } from './code-paths.ts'
import { generalCodeListed } from './general-codes.ts'
import { hazardousCategoryExists, hazardousCodeListed, identifiedByReport, natureAsListed } from './hazardous-codes.ts'

/** R02, R03, R05 and R06 of a code of any edition, for readers of books that ask before there is a command. */
export function namedCodeFindings(waste: Waste, day: Day, pointer: string, catalogues: Catalogues): readonly Finding[] {
  const facts = ofAnyEdition(waste, day, pointer, catalogues)
  return [hazardousCodeListed, hazardousCategoryExists, generalCodeListed, codeOnItsPath].flatMap((one) =>
    judge(one, facts, day),
  )
}

export const codeRules = [
  hazardousCodeListed,
  hazardousCategoryExists,
  identifiedByReport,
  generalCodeListed,
  codeOnItsPath,
  natureAsListed,
  unbound(
    'R19',
    '令第23号 第十条第二款；GB 34330-2025（2026-03-01 前为 GB 34330-2017）',
    ['不得以副产品名义交给无许可证的单位', 'Waste is not handed to an unlicensed unit as a by-product'],
    [
      '尚无“除外、产品化”的命令，缺少的事实：产品标准和鉴别证据',
      'No command takes waste out of the system yet; missing fact: the product standard and the evidence for it',
    ],
  ),
  unbound(
    'R97',
    '生态环境法典 第527条',
    ['实验室的危险废物按危险废物管理', 'Laboratory waste that is hazardous follows the rules of hazardous waste'],
    [
      '代码即路径：实验室危险废物（900-047-49）由 R02、R06 一并判定；另需的事实：产生场所是否为实验室',
      'The code decides the path, so R02 and R06 judge it; missing fact: whether a place is a laboratory',
    ],
  ),
]

import type { ConcludeContract } from '../../../schemas/commands/registry.ts'
import { namedCodeFindings } from '../../../schemas/rules/waste.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { byUnit, contentOf, entry, once, reversed, under } from './entry.ts'
import { wasteOfCode } from './waste-of-code.ts'

/** R18: what a producer and a receiver agreed on; the waste it names may stand in any edition of the list. */
export const concludeContract = entry<ConcludeContract>(
  byUnit,
  (command, { contracts }) => {
    const { occurredAt } = command
    const data = contentOf(command)
    const proposed = once(
      { type: 'ContractConcluded', occurredAt, data },
      under(contracts, data.number),
      'contract',
      data.number,
    )
    return proposed === undefined || 'code' in proposed ? proposed : (reversed(data) ?? proposed)
  },
  ({ code, occurredAt }, { catalogues }) =>
    namedCodeFindings(wasteOfCode(code), businessDay(occurredAt), '/code', catalogues),
)

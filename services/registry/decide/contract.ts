import type { ConcludeContract, RenewContract, TerminateContract } from '../../../schemas/commands/registry.ts'
import { refusal, type Refusal } from '../../../schemas/decision.ts'
import type { UnitEvent } from '../../../schemas/unit/events.ts'
import { versionOn } from '../../../schemas/unit/history.ts'
import type { Contract, UnitHistory } from '../../../schemas/unit/state.ts'
import { present } from '../../../schemas/values/present.ts'
import { byUnit, contentOf, ending, entry, reversed, termNewsOf, under } from './entry.ts'
import { law } from '../../../schemas/rules/law.ts'

/** R18: what a producer and a receiver agreed on; the waste it names may stand in any edition of the list. */
export const concludeContract = entry<ConcludeContract>(
  byUnit,
  (command, { contracts }) => termOf(command, contentOf(command), contracts),
  (command, context, day) => law.ask('ConcludeContract', { command, context, day }),
)

/** 续签: a further term under the same number, for the same receiver and waste. */
export const renewContract = entry<RenewContract>(byUnit, (command, { contracts }) => {
  const { number, from } = command
  const known = under(contracts, number)
  if (known === undefined) return refusal('contract-unknown', '/number', { number })
  return termOf(command, { ...versionOn(known, from).content, ...present(contentOf(command)) }, contracts)
})

function termOf(
  command: ConcludeContract | RenewContract,
  given: Contract,
  contracts: UnitHistory['contracts'],
): UnitEvent | Refusal | undefined {
  const { occurredAt } = command
  const { number, receiver } = given
  const news = termNewsOf(under(contracts, number), given, command)
  if (news === undefined) return undefined
  if (news.is === 'ended')
    return refusal('already-ended', '/number', { kind: 'contract', key: number, from: news.from })
  const wrong = reversed(given)
  if (wrong) return wrong
  switch (news.is) {
    case 'first':
      return { type: 'ContractConcluded', occurredAt, data: news.term }
    case 'further':
      return { type: 'ContractRenewed', occurredAt, data: news.term }
    case 'change': {
      const { from: _same, ...changes } = news.changes
      const { effectiveFrom } = news
      return { type: 'ContractChanged', occurredAt, data: { ...changes, number, receiver, effectiveFrom } }
    }
  }
}

export const terminateContract = entry<TerminateContract>(byUnit, (command, { contracts }) => {
  const { number, occurredAt, cause } = command
  return ending(
    under(contracts, number),
    { kind: 'contract', key: number, command, unknown: refusal('contract-unknown', '/number', { number }) },
    (effectiveFrom, { receiver }) => ({
      type: 'ContractTerminated',
      occurredAt,
      data: { number, receiver, effectiveFrom, reason: cause },
    }),
  )
})

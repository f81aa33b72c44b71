import { commandRoute, type CommandRoute } from '../../infra/http/command-route-types.ts'
import { RejectHold, ReleaseHold, WithdrawHold } from '../../schemas/commands/holds.ts'
import { holdActions } from '../../schemas/hold/actions.ts'
import { holdStream } from '../../schemas/values/identifiers.ts'
import { rejectHold, releaseHold, withdrawHold } from './holds.ts'

const ofHold = {
  method: 'POST',
  tag: 'supervision',
  id: (_: unknown, stream: string) => stream.slice(holdStream('').length),
  actions: holdActions,
  params: ['hold'],
} as const

export const holdRoutes: readonly CommandRoute[] = [
  commandRoute({
    ...ofHold,
    path: '/holds/:hold/release',
    summary: { zh: '放行待批操作', en: 'Release a command that waits for an official' },
    command: ReleaseHold,
    perform: releaseHold,
  }),
  commandRoute({
    ...ofHold,
    path: '/holds/:hold/rejection',
    summary: { zh: '驳回待批操作', en: 'Reject a command that waits for an official' },
    command: RejectHold,
    perform: rejectHold,
  }),
  commandRoute({
    ...ofHold,
    path: '/holds/:hold/withdrawal',
    summary: { zh: '撤回待批操作', en: 'Withdraw a command that waits for an official' },
    command: WithdrawHold,
    perform: withdrawHold,
  }),
]

import { commandRoute, type CommandRoute } from '../../infra/http/command-route-types.ts'
import {
  ConsentToCorrection,
  ProposeCorrection,
  RefuseCorrection,
  WithdrawCorrection,
} from '../../schemas/commands/correction.ts'
import { correctionActions } from '../../schemas/correction/actions.ts'
import { consentToCorrection, proposeCorrection, refuseCorrection, withdrawCorrection } from './corrections.ts'

const aboutCorrection = {
  method: 'POST',
  tag: 'supervision',
  id: (_: unknown, stream: string) => stream.slice('correction-'.length),
  actions: correctionActions,
} as const
const ofCorrection = { ...aboutCorrection, params: ['correction'] } as const

export const correctionRoutes: readonly CommandRoute[] = [
  commandRoute({
    ...aboutCorrection,
    path: '/corrections',
    summary: { zh: '提出更正', en: 'Propose that an earlier event, or several of one lot, say something else' },
    command: ProposeCorrection,
    named: async (command, naming) =>
      command.lot === undefined ? command : { ...command, lot: await naming.lot(command.lot) },
    perform: proposeCorrection,
  }),
  commandRoute({
    ...ofCorrection,
    path: '/corrections/:correction/consent',
    summary: { zh: '同意更正', en: 'Agree to a correction' },
    command: ConsentToCorrection,
    perform: consentToCorrection,
  }),
  commandRoute({
    ...ofCorrection,
    path: '/corrections/:correction/refusal',
    summary: { zh: '拒绝更正', en: 'Refuse a correction' },
    command: RefuseCorrection,
    perform: refuseCorrection,
  }),
  commandRoute({
    ...ofCorrection,
    path: '/corrections/:correction/withdrawal',
    summary: { zh: '撤回更正', en: 'Withdraw a correction that was proposed' },
    command: WithdrawCorrection,
    perform: withdrawCorrection,
  }),
]

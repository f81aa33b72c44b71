import { commandRoute, type CommandRoute } from '../../infra/http/command-route-types.ts'
import { caseActions } from '../../schemas/case/actions.ts'
import { AnswerCase, CloseCase, DeclareOutage, ExtendCase, OpenCase } from '../../schemas/commands/supervision.ts'
import { caseStream, outageStream } from '../../schemas/values/identifiers.ts'
import { correctionRoutes } from './correction-routes.ts'
import { holdRoutes } from './hold-routes.ts'
import { answerCase, closeCase, declareOutage, extendCase, openCase } from './commands.ts'

const aboutCase = {
  method: 'POST',
  tag: 'supervision',
  id: (_: unknown, stream: string) => stream.slice(caseStream('').length),
  actions: caseActions,
} as const
const ofCase = { ...aboutCase, params: ['case'] } as const

export const routes: readonly CommandRoute[] = [
  commandRoute({
    method: 'POST',
    tag: 'supervision',
    path: '/outages',
    summary: { zh: '申报停运，期限顺延', en: 'Declare an outage: terms that it lies in are longer by it' },
    command: DeclareOutage,
    perform: declareOutage,
    id: (_, stream) => stream.slice(outageStream('').length),
    actions: () => [],
  }),
  commandRoute({
    ...aboutCase,
    path: '/cases',
    summary: { zh: '立整改', en: 'Open a case because of a finding' },
    command: OpenCase,
    perform: openCase,
  }),
  commandRoute({
    ...ofCase,
    path: '/cases/:case/answer',
    summary: { zh: '答复整改', en: 'Answer a case: what the unit did' },
    command: AnswerCase,
    perform: answerCase,
  }),
  commandRoute({
    ...ofCase,
    path: '/cases/:case/extension',
    summary: { zh: '延长整改期限', en: 'Extend the deadline of a case' },
    command: ExtendCase,
    perform: extendCase,
  }),
  commandRoute({
    ...ofCase,
    path: '/cases/:case/closing',
    summary: { zh: '办结整改', en: 'Close a case' },
    command: CloseCase,
    perform: closeCase,
  }),
  ...correctionRoutes,
  ...holdRoutes,
]

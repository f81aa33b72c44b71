import { concernIn } from '../../infra/commanding/concerning.ts'
import { because, contextOf } from '../../infra/commanding/context.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import type { Case } from '../../schemas/case/state.ts'
import type { AnswerCase, CloseCase, DeclareOutage, ExtendCase, OpenCase } from '../../schemas/commands/supervision.ts'
import type { Outage } from '../../schemas/outage/events.ts'
import { caseStream, outageStream } from '../../schemas/values/identifiers.ts'
import {
  answerCase as answerDecider,
  closeCase as closeDecider,
  extendCase as extendDecider,
  openCase as openDecider,
  type CaseContext,
  type KnownFinding,
} from './decide/case.ts'
import { declareOutage as outageDecider } from './decide/outage.ts'

/** Named by its command, so that a repeat is the same one. */
export const declareOutage = (runtime: Runtime, command: DeclareOutage, envelope: Envelope): Promise<Outcome<Outage>> =>
  execute(
    runtime,
    {
      decider: outageDecider,
      stream: outageStream(runtime.ids.derive('outage', envelope.commandId)),
      presumedNew: true,
      command,
      context: () => Promise.resolve(contextOf(runtime, envelope)),
    },
    because(envelope, command),
  )

const caseContext = (runtime: Runtime, envelope: Envelope): CaseContext => {
  const context = contextOf(runtime, envelope)
  return { ...context, actor: { ...context.actor, competence: envelope.competence } }
}

/** The finding of this id: its own event, or one that travels with an event. */
async function findingOf({ store }: Runtime, id: string): Promise<KnownFinding | undefined> {
  const [position = 0, place = 0] = id.split('-').map(Number)
  const [recorded] = position === 0 ? [] : await store.readAll(position - 1, 1)
  if (recorded === undefined || recorded.position !== position) return undefined
  const event = upcast(recorded)
  if (event.type === 'FindingRaised') {
    const { rule, subject, owner, units, streams } = event.data
    return place === 0 ? { rule, subject, owner, concern: { units, streams } } : undefined
  }
  const finding = recorded.metadata.findings?.[place]
  if (finding === undefined) return undefined
  return { rule: finding.rule, subject: recorded.stream, concern: await concernIn(store, recorded) }
}

/** 整改: a finding has one case at a time, named by the finding. */
export function openCase(runtime: Runtime, command: OpenCase, envelope: Envelope): Promise<Outcome<Case>> {
  const id = runtime.ids.derive('case', command.finding)
  const context = async () => ({
    ...caseContext(runtime, envelope),
    id,
    finding: await findingOf(runtime, command.finding),
  })
  return execute(
    runtime,
    { decider: openDecider, stream: caseStream(id), command, context },
    because(envelope, command),
  )
}

/** The unit says what it did. */
export const answerCase = (runtime: Runtime, command: AnswerCase, envelope: Envelope): Promise<Outcome<Case>> =>
  execute(
    runtime,
    {
      decider: answerDecider,
      stream: caseStream(command.case),
      command,
      context: () => Promise.resolve(caseContext(runtime, envelope)),
    },
    because(envelope, command),
  )

export const extendCase = (runtime: Runtime, command: ExtendCase, envelope: Envelope): Promise<Outcome<Case>> =>
  execute(
    runtime,
    {
      decider: extendDecider,
      stream: caseStream(command.case),
      command,
      context: () => Promise.resolve(caseContext(runtime, envelope)),
    },
    envelope,
  )

export const closeCase = (runtime: Runtime, command: CloseCase, envelope: Envelope): Promise<Outcome<Case>> =>
  execute(
    runtime,
    {
      decider: closeDecider,
      stream: caseStream(command.case),
      command,
      context: () => Promise.resolve(caseContext(runtime, envelope)),
    },
    because(envelope, command),
  )

import type { HoldFilter as HoldFilterView, HoldView } from '../../../../projections/holds/queries.ts'
import type { Finding, Refusal } from '../../../../schemas/decision.ts'
import { holdActions } from '../../../../schemas/hold/actions.ts'
import type { KeptFinding } from '../../../../schemas/hold/events.ts'
import { renderFinding, renderRefusal } from '../../../../schemas/texts/render.ts'
import { holdStream } from '../../../../schemas/values/identifiers.ts'
import { builder } from '../builder.ts'
import { HoldStatus, Severity } from '../enums.ts'
import { masked } from '../masking.ts'
import { fileList } from '../file-list.ts'
import { pageCost } from '../paging.ts'
import { AvailableAction } from './action.ts'
import { EventConnection, history } from './event.ts'

const HoldFinding = builder.objectRef<KeptFinding>('HoldFinding')
HoldFinding.implement({
  description: '与操作不符的规则。 What a rule says against a command that waits.',
  fields: (t) => ({
    rule: t.exposeString('rule'),
    severity: t.expose('severity', { type: Severity }),
    pointer: t.exposeString('pointer', { description: 'JSON pointer into the command.' }),
    text: t.string({ resolve: (finding, _args, { language }) => renderFinding(finding as Finding)[language] }),
  }),
})

const HoldObstacle = builder.objectRef<Refusal>('HoldObstacle')
HoldObstacle.implement({
  description: '放行后仍不能登记的原因。 Why a command was refused when it was decided again.',
  fields: (t) => ({
    code: t.exposeString('code'),
    rule: t.string({ nullable: true, resolve: ({ rule }) => rule ?? null }),
    pointer: t.exposeString('pointer'),
    text: t.string({ resolve: (refusal, _args, { language }) => renderRefusal(refusal)[language] }),
  }),
})

export const Hold = builder.objectRef<HoldView>('Hold')
Hold.implement({
  description: '待批操作：须经主管部门审批的操作。 A command that waits for an official.',
  fields: (t) => ({
    id: t.exposeID('id'),
    status: t.field({ type: HoldStatus, resolve: ({ known }) => known.status }),
    route: t.string({ description: 'Path of the command below /api/v1.', resolve: ({ known }) => known.held.route }),
    command: t.field({
      type: 'JSON',
      description: 'As it was sent; of persons only their opaque ids.',
      resolve: ({ known }) => masked(known.held.command),
    }),
    subject: t.string({
      description: 'Stream of the thing that the act is about.',
      resolve: ({ known }) => known.held.subject,
    }),
    unit: t.id({
      nullable: true,
      description: 'Unit that sent it; null for the book-keeper of the park.',
      resolve: ({ known }) => known.held.sender.unit ?? null,
    }),
    heldAt: t.field({ type: 'DateTime', resolve: ({ known }) => known.heldAt }),
    findings: t.field({
      type: [HoldFinding],
      description: 'What it waits for.',
      resolve: ({ known }) => [...known.findings],
    }),
    blockedBy: t.field({
      type: [HoldObstacle],
      description: 'Why it could not be carried out when it was last released.',
      resolve: ({ known }) => known.blockedBy as readonly Refusal[] as Refusal[],
    }),
    reason: t.string({
      nullable: true,
      description: 'What the official said, or the sender who withdrew it.',
      resolve: ({ known }) => known.reason ?? null,
    }),
    decidedAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ known }) => known.decidedAt ?? null }),
    doneIn: t.string({
      nullable: true,
      description: 'Stream that the act was appended to.',
      resolve: ({ known }) => known.done ?? null,
    }),
    revision: t.exposeInt('revision'),
    availableActions: t.field({
      type: [AvailableAction],
      resolve: ({ known }, _args, { actor }) => [...holdActions(known, actor)],
    }),
    events: t.field({
      type: EventConnection,
      args: { first: t.arg.int(), after: t.arg.string() },
      complexity: pageCost,
      resolve: ({ id, revision }, args, context) => history(holdStream(id), revision, args, context),
    }),
  }),
})

export const HoldConnection = builder.connectionObject({ type: Hold, name: 'HoldConnection' }, { name: 'HoldEdge' })

export const HoldFilter = builder.inputType('HoldFilter', {
  fields: (t) => ({
    status: t.field({ type: HoldStatus }),
    unit: t.id({ description: 'A unit that it concerns.' }),
  }),
})

/** Holds, the latest first. */
export const holdsOf = fileList<HoldView, HoldFilterView>({
  list: 'holds',
  opened: ({ heldPosition }) => heldPosition,
  read: (readSide, filter, page, to) => readSide.holds(filter, page, to),
  count: (readSide, filter, to) => readSide.countHolds(filter, to),
})

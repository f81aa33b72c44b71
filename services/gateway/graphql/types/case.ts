import type { CaseFilter as CaseFilterView, CaseView } from '../../../../projections/cases/queries.ts'
import { caseActions } from '../../../../schemas/case/actions.ts'
import { caseStream } from '../../../../schemas/values/identifiers.ts'
import { builder } from '../builder.ts'
import { CaseResult, CaseStatus } from '../enums.ts'
import { fileList } from '../file-list.ts'
import { pageCost } from '../paging.ts'
import { AvailableAction } from './action.ts'
import { EventConnection, history } from './event.ts'

export const Case = builder.objectRef<CaseView>('Case')
Case.implement({
  description: '整改：主管部门因异常向单位提出的要求。 What an office asks of a unit because of a finding.',
  fields: (t) => ({
    id: t.exposeID('id'),
    status: t.field({ type: CaseStatus, resolve: ({ known }) => known.status }),
    finding: t.id({
      description: 'Id of the finding that it grew from.',
      resolve: ({ known }) => known.opened.finding,
    }),
    rule: t.string({ resolve: ({ known }) => known.opened.rule }),
    subject: t.string({
      description: 'Stream of what the finding is about.',
      resolve: ({ known }) => known.opened.subject,
    }),
    unit: t.id({
      description: 'Credit code of the unit that has to answer.',
      resolve: ({ known }) => known.opened.unit,
    }),
    demand: t.string({ description: 'What it has to do.', resolve: ({ known }) => known.opened.demand }),
    openedAt: t.field({ type: 'DateTime', resolve: ({ known }) => known.openedAt }),
    due: t.field({ type: 'DateTime', resolve: ({ known }) => known.due }),
    answer: t.exposeString('answer', { nullable: true, description: 'What the unit said last.' }),
    answeredAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ known }) => known.answeredAt ?? null }),
    result: t.expose('result', { type: CaseResult, nullable: true }),
    note: t.exposeString('note', { nullable: true }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true }),
    late: t.exposeBoolean('late', {
      nullable: true,
      description: 'Whether the unit was late; known once it is closed.',
    }),
    revision: t.exposeInt('revision'),
    availableActions: t.field({
      type: [AvailableAction],
      resolve: ({ known }, _args, { actor }) => [...caseActions(known, actor)],
    }),
    events: t.field({
      type: EventConnection,
      args: { first: t.arg.int(), after: t.arg.string() },
      complexity: pageCost,
      resolve: ({ id, revision }, args, context) => history(caseStream(id), revision, args, context),
    }),
  }),
})

export const CaseConnection = builder.connectionObject({ type: Case, name: 'CaseConnection' }, { name: 'CaseEdge' })

export const CaseFilter = builder.inputType('CaseFilter', {
  fields: (t) => ({
    status: t.field({ type: CaseStatus }),
    unit: t.id({ description: 'Unit that has to answer.' }),
    finding: t.id(),
  }),
})

/** Cases, the one opened last first. */
export const casesOf = fileList<CaseView, CaseFilterView>({
  list: 'cases',
  opened: ({ openedPosition }) => openedPosition,
  read: (readSide, filter, page, to) => readSide.cases(filter, page, to),
  count: (readSide, filter, to) => readSide.countCases(filter, to),
})

import type {
  CorrectionFilter as CorrectionFilterView,
  CorrectionView,
} from '../../../../projections/corrections/queries.ts'
import { correctionActions } from '../../../../schemas/correction/actions.ts'
import type { Change } from '../../../../schemas/correction/changes.ts'
import { awaited } from '../../../../schemas/correction/events.ts'
import { correctionStream } from '../../../../schemas/values/identifiers.ts'
import { builder } from '../builder.ts'
import { CorrectionStatus } from '../enums.ts'
import { masked } from '../masking.ts'
import { fileList } from '../file-list.ts'
import { pageCost } from '../paging.ts'
import { AvailableAction } from './action.ts'
import { EventConnection, history } from './event.ts'

const CorrectedEvent = builder.objectRef<Change>('CorrectedEvent')
CorrectedEvent.implement({
  description: '被更正的记录。 One event that a correction changes: what it said and what it says instead.',
  fields: (t) => ({
    of: t.exposeID('of', { description: 'Id of the event.' }),
    revision: t.exposeInt('revision', { description: 'Place of the event in its stream, from 1.' }),
    was: t.field({ type: 'JSON', resolve: ({ was }) => masked(was) }),
    is: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Null where the event never happened.',
      resolve: ({ is }) => (is === undefined ? null : masked(is)),
    }),
  }),
})

export const Correction = builder.objectRef<CorrectionView>('Correction')
Correction.implement({
  description: '更正：以前的记录应当改为什么、由谁同意。 What earlier events are to say instead, and who agrees to it.',
  fields: (t) => ({
    id: t.exposeID('id'),
    status: t.field({ type: CorrectionStatus, resolve: ({ known }) => known.status }),
    lot: t.id({
      nullable: true,
      description: 'Lot whose events are corrected.',
      resolve: ({ known }) => known.lot ?? null,
    }),
    manifest: t.id({
      nullable: true,
      description: 'Manifest whose events are corrected; its lots follow.',
      resolve: ({ known }) => known.manifest ?? null,
    }),
    changes: t.field({ type: [CorrectedEvent], resolve: ({ known }) => [...known.changes] }),
    reason: t.string({ resolve: ({ known }) => known.reason }),
    by: t.id({ description: 'Credit code of the unit that proposed it.', resolve: ({ known }) => known.by }),
    mustAgree: t.idList({
      description: 'Units that must agree beside the one that proposed it.',
      resolve: ({ known }) => [...known.mustAgree],
    }),
    agreed: t.idList({
      description: 'Units that agreed, the one that proposed it first.',
      resolve: ({ known }) => [...known.agreed],
    }),
    awaited: t.idList({
      description: 'Units whose consent is still missing; none once it has ended.',
      resolve: ({ known }) => (known.status === 'proposed' ? [...awaited(known)] : []),
    }),
    proposedAt: t.expose('proposedAt', { type: 'DateTime' }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was applied, refused or withdrawn.',
    }),
    refusedBy: t.exposeID('refusedBy', { nullable: true }),
    refusal: t.exposeString('refusal', { nullable: true, description: 'Why it was refused.' }),
    revision: t.exposeInt('revision'),
    availableActions: t.field({
      type: [AvailableAction],
      resolve: ({ known }, _args, { actor }) => [...correctionActions(known, actor)],
    }),
    events: t.field({
      type: EventConnection,
      args: { first: t.arg.int(), after: t.arg.string() },
      complexity: pageCost,
      resolve: ({ id, revision }, args, context) => history(correctionStream(id), revision, args, context),
    }),
  }),
})

export const CorrectionConnection = builder.connectionObject(
  { type: Correction, name: 'CorrectionConnection' },
  { name: 'CorrectionEdge' },
)

export const CorrectionFilter = builder.inputType('CorrectionFilter', {
  fields: (t) => ({
    status: t.field({ type: CorrectionStatus }),
    unit: t.id({ description: 'A unit that it concerns.' }),
    lot: t.id(),
    manifest: t.id({ description: 'Own id of the manifest.' }),
  }),
})

/** Corrections, the one proposed last first. */
export const correctionsOf = fileList<CorrectionView, CorrectionFilterView>({
  list: 'corrections',
  opened: ({ proposedPosition }) => proposedPosition,
  read: (readSide, filter, page, to) => readSide.corrections(filter, page, to),
  count: (readSide, filter, to) => readSide.countCorrections(filter, to),
})

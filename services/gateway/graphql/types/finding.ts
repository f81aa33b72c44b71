import { z } from 'zod'
import type {
  FindingCursor,
  FindingFilter as FindingFilterView,
  FindingView,
} from '../../../../projections/findings/queries.ts'
import { renderFinding } from '../../../../schemas/texts/render.ts'
import { builder } from '../builder.ts'
import type { GatewayContext } from '../context.ts'
import { FindingStatus, Severity, WasteStream } from '../enums.ts'
import { given } from '../inputs.ts'
import { requireCompetence, requireRule, requireUnits } from '../known.ts'
import { connection, cursorParts, type PageArgs, type Walk } from '../paging.ts'
import { inOneSpelling } from '../spellings.ts'
import { Event } from './event.ts'

export const Finding = builder.objectRef<FindingView>('Finding')
Finding.implement({
  description:
    '异常：未阻断操作的规则判定，或到期未办的事项。 A rule’s verdict that an event was accepted with, or what a timer or projection found.',
  fields: (t) => ({
    id: t.id({ resolve: ({ position, seq }) => `${position}-${seq}` }),
    rule: t.exposeString('rule'),
    severity: t.expose('severity', { type: Severity }),
    pointer: t.exposeString('pointer', { description: 'JSON pointer into the command.' }),
    facts: t.field({ type: 'JSON', resolve: ({ facts }) => facts }),
    source: t.string({
      description: 'Article of law, standard or reading behind the rule.',
      resolve: (finding) => renderFinding(finding).source,
    }),
    text: t.string({
      description: 'In the language of Accept-Language.',
      resolve: (finding, _args, { language }) => renderFinding(finding)[language],
    }),
    zh: t.string({ resolve: (finding) => renderFinding(finding).zh }),
    en: t.string({ resolve: (finding) => renderFinding(finding).en }),
    stream: t.expose('wasteStream', { type: WasteStream, nullable: true }),
    subjectKind: t.string({ description: 'lot, manifest, unit or claim.', resolve: ({ subject }) => subject.kind }),
    subject: t.id({ description: 'Own id of what it is about.', resolve: ({ subject }) => subject.id }),
    status: t.expose('status', { type: FindingStatus }),
    owner: t.exposeID('owner', {
      nullable: true,
      description:
        'Credit code of the unit that has to settle it; null where the operator has to, or nothing is asked for.',
    }),
    due: t.expose('due', { type: 'DateTime', nullable: true, description: 'Until when it is to be settled.' }),
    settledAt: t.expose('settledAt', { type: 'DateTime', nullable: true }),
    late: t.exposeBoolean('late', { nullable: true, description: 'Whether it was settled after its deadline.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
    position: t.expose('position', { type: 'Position' }),
    event: t.field({ type: Event, nullable: true, resolve: ({ position }) => position }),
  }),
})

export const FindingConnection = builder.connectionObject(
  { type: Finding, name: 'FindingConnection' },
  { name: 'FindingEdge' },
)

export const FindingFilter = builder.inputType('FindingFilter', {
  fields: (t) => ({
    rule: t.string({ description: 'Id of a rule, such as R31.' }),
    severity: t.field({ type: Severity }),
    status: t.field({ type: FindingStatus }),
    owner: t.id({ description: 'Unit that has to settle it.' }),
    unit: t.id(),
    stream: t.field({ type: WasteStream }),
    subject: t.id(),
    from: t.field({ type: 'Date' }),
    to: t.field({ type: 'Date' }),
  }),
})

const walk: Walk<FindingView, FindingCursor> = {
  list: 'findings',
  parts: z.tuple([cursorParts.whole, cursorParts.count]),
  toParts: ({ position, seq }) => [position, seq],
  toCursor: ([position, seq]) => ({ position: Number(position), seq: Number(seq) }),
}

type Given = { readonly [K in keyof FindingFilterView]?: FindingFilterView[K] | null | undefined }

/** Findings, newest first. */
export async function findingsOf(filter: Given | null | undefined, args: PageArgs, context: GatewayContext) {
  const wanted: FindingFilterView = inOneSpelling(given<Given>(filter))
  requireRule(wanted.rule, context)
  requireCompetence(wanted.stream, context)
  await requireUnits([wanted.unit, wanted.owner], context)
  const { readSide, visibility } = context
  return connection(
    args,
    context,
    walk,
    (page) => readSide.findings(wanted, page, visibility),
    () => readSide.countFindings(wanted, visibility),
  )
}

import type { CustodyEdge as CustodyEdgeAnswer } from '../../../../projections/journal/queries/custody.ts'
import { glossary } from '../../../../schemas/texts/glossary.ts'
import type { Language } from '../../../../schemas/texts/fill.ts'
import { builder } from '../builder.ts'
import type { SeenGraph, SeenNode } from '../custody-seen.ts'
import { CustodyNodeKind } from '../enums.ts'
import { Event } from './event.ts'
import { Unit } from './unit.ts'

function titleOf({ kind, place, document, lot }: SeenNode, language: Language): string {
  const word = glossary[kind]?.[language] ?? kind
  return [word, place, document ?? lot].filter((part) => part !== null && part !== '').join(' · ')
}

const CustodyNode = builder.objectRef<SeenNode>('CustodyNode')
CustodyNode.implement({
  description: 'A lot in one account, or where its mass comes from or ends.',
  fields: (t) => ({
    id: t.exposeID('id'),
    kind: t.expose('kind', { type: CustodyNodeKind }),
    title: t.string({ resolve: (node, _args, { language }) => titleOf(node, language) }),
    holder: t.field({ type: Unit, nullable: true, resolve: ({ holder }) => holder }),
    holderCode: t.exposeID('holder', { nullable: true }),
    place: t.exposeString('place', { nullable: true }),
    document: t.exposeString('document', { nullable: true }),
    lotId: t.exposeID('lot', { nullable: true }),
    wasteCode: t.exposeString('wasteCode', { nullable: true }),
    grams: t.expose('grams', {
      type: 'Grams',
      description: 'All that ever came in here; of an origin, all that went out.',
    }),
    open: t.expose('open', { type: 'Grams', description: 'What is still here.' }),
  }),
})

const CustodyEdge = builder.objectRef<CustodyEdgeAnswer>('CustodyEdge')
CustodyEdge.implement({
  description: 'Mass that moved, and the event that moved it.',
  fields: (t) => ({
    from: t.exposeID('from'),
    to: t.exposeID('to'),
    kind: t.exposeString('kind'),
    grams: t.expose('grams', { type: 'Grams' }),
    at: t.expose('at', { type: 'DateTime' }),
    event: t.field({ type: Event, resolve: ({ position }) => position }),
  }),
})

export const CustodyGraph = builder.objectRef<SeenGraph>('CustodyGraph')
CustodyGraph.implement({
  description: '流向链。 The chain of custody around a lot or a manifest.',
  fields: (t) => ({
    root: t.exposeID('root', { description: 'The node where the first of the lots asked for came to be.' }),
    nodes: t.field({
      type: [CustodyNode],
      complexity: { field: 10, multiplier: 50 },
      resolve: ({ nodes }) => [...nodes],
    }),
    edges: t.field({
      type: [CustodyEdge],
      complexity: { field: 10, multiplier: 50 },
      resolve: ({ edges }) => [...edges],
    }),
    balanced: t.exposeBoolean('balanced', {
      description: 'In every node, what came in is what went out and what is still there.',
    }),
    truncated: t.exposeBoolean('truncated'),
    position: t.expose('position', { type: 'Position' }),
  }),
})

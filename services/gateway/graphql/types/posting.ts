import { z } from 'zod'
import { stageOf } from '../../../../projections/journal/kinds.ts'
import type {
  Posting as PostingView,
  PostingAccount,
  PostingCursor,
} from '../../../../projections/journal/queries/cell-postings.ts'
import { builder } from '../builder.ts'
import { AccountKind, Stage } from '../enums.ts'
import { cursorParts, type Walk } from '../paging.ts'
import { Event } from './event.ts'
import { Unit } from './unit.ts'

const Account = builder.objectRef<PostingAccount & { readonly lot: string | null }>('Account')
Account.implement({
  description: '账户。 Where mass was or is: a kind, who holds it, where.',
  fields: (t) => ({
    kind: t.expose('kind', { type: AccountKind }),
    stage: t.field({ type: Stage, nullable: true, resolve: ({ kind }) => stageOf(kind) ?? null }),
    holderCode: t.exposeID('holder', { nullable: true }),
    holder: t.field({ type: Unit, nullable: true, resolve: ({ holder }) => holder ?? null }),
    place: t.exposeString('place', { nullable: true }),
    document: t.exposeString('document', { nullable: true }),
    lotId: t.exposeID('lot', { nullable: true, description: 'Null for where mass comes from or ends.' }),
  }),
})

const Posting = builder.objectRef<PostingView>('Posting')
Posting.implement({
  description: '分录。 One double entry of whole grams.',
  fields: (t) => ({
    businessDay: t.expose('businessDay', { type: 'Date' }),
    grams: t.expose('grams', { type: 'Grams' }),
    wasteCode: t.exposeString('code'),
    method: t.string({ nullable: true, resolve: ({ method }) => method || null }),
    from: t.field({
      type: Account,
      resolve: ({ from, lotFrom }) => ({ ...from, lot: from.holder === null ? null : lotFrom }),
    }),
    to: t.field({ type: Account, resolve: ({ to, lotTo }) => ({ ...to, lot: to.holder === null ? null : lotTo }) }),
    position: t.expose('position', { type: 'Position' }),
    event: t.field({ type: Event, resolve: ({ position }) => position }),
  }),
})

export const PostingConnection = builder.connectionObject(
  { type: Posting, name: 'PostingConnection' },
  { name: 'PostingEdge' },
)

export const postingWalk: Walk<PostingView, PostingCursor> = {
  list: 'postings',
  parts: z.tuple([cursorParts.day, cursorParts.whole]),
  toParts: ({ businessDay, entryNo }) => [businessDay, entryNo],
  toCursor: ([businessDay, entryNo]) => ({ businessDay: String(businessDay), entryNo: Number(entryNo) }),
}

import { z } from 'zod'
import { systemClock } from '../../../../infra/commanding/clock.ts'
import {
  editionOf,
  searched,
  type CodeEntry,
  type CodeList as List,
  type CodeListEdition,
} from '../../../../schemas/catalogues/code-list.ts'
import { codeListNamed, codeLists } from '../../../../schemas/catalogues/code-lists.ts'
import { businessDay } from '../../../../schemas/values/time.ts'
import { builder } from '../builder.ts'
import type { GatewayContext } from '../context.ts'
import { refusedQuery } from '../errors.ts'
import { connection, cursorParts, pageCost, type PageArgs, type Walk } from '../paging.ts'

const Edition = builder.objectRef<CodeListEdition>('CodeListEdition')
Edition.implement({
  description: '代码表的版本。 An edition of a code list, with its days in force.',
  fields: (t) => ({
    edition: t.exposeString('edition'),
    from: t.expose('from', { type: 'Date' }),
    to: t.expose('to', { type: 'Date', nullable: true }),
    source: t.exposeString('source', { description: 'Law, standard or notice that it was made from.' }),
    complete: t.exposeBoolean('complete', { description: 'False where this copy lacks rows of the official table.' }),
    count: t.int({ description: 'Number of rows.', resolve: ({ entries }) => entries.length }),
  }),
})

const CodeList = builder.objectRef<List>('CodeList')
CodeList.implement({
  description: '代码表。 A public code list.',
  fields: (t) => ({
    name: t.exposeID('name'),
    zh: t.exposeString('zh'),
    en: t.exposeString('en'),
    editions: t.field({ type: [Edition], description: 'Oldest first.', resolve: ({ editions }) => [...editions] }),
  }),
})

const Entry = builder.objectRef<CodeEntry>('CodeEntry')
Entry.implement({
  description: '代码表的一行。 A row of a code list.',
  fields: (t) => ({
    code: t.id({ resolve: ({ code }) => code }),
    zh: t.string({ resolve: ({ zh }) => zh }),
    en: t.string({ nullable: true, resolve: ({ en }) => en ?? null }),
    details: t.field({
      type: 'JSON',
      description: 'What else the row says, by the names that REST gives it.',
      resolve: ({ code: _c, zh: _z, en: _e, ...details }) => details,
    }),
  }),
})

const EntryConnection = builder.connectionObject(
  { type: Entry, name: 'CodeEntryConnection' },
  { name: 'CodeEntryEdge' },
)

interface Row {
  readonly entry: CodeEntry
  readonly index: number
}
const walk: Walk<Row, number> = {
  list: 'code-list',
  parts: z.tuple([cursorParts.whole]),
  toParts: ({ index }) => [index],
  toCursor: ([index]) => Number(index),
}

interface Wanted extends PageArgs {
  readonly name: string
  readonly edition?: string | null | undefined
  readonly search?: string | null | undefined
}

/** @throws a refused query for a list or an edition that there is not */
async function entriesOf({ name, edition: wanted, search, ...args }: Wanted, context: GatewayContext) {
  const list = codeListNamed(name)
  if (!list) {
    const names = codeLists.map((known) => known.name).join(', ')
    throw refusedQuery('code-list-unknown', { name, names }, context.language)
  }
  const edition = editionOf(list, wanted ?? undefined, businessDay(systemClock.now()))
  if (!edition) {
    const editions = list.editions.map((known) => known.edition).join(', ')
    throw refusedQuery('edition-unknown', { name, edition: wanted ?? '', editions }, context.language)
  }
  const found = searched(edition, search ?? undefined)
  const page = await connection(
    args,
    context,
    walk,
    ({ first, after = -1 }) =>
      Promise.resolve(found.slice(after + 1, after + 1 + first).map((entry, i) => ({ entry, index: after + 1 + i }))),
    () => Promise.resolve(found.length),
  )
  return { ...page, edges: page.edges.map(({ node, cursor }) => ({ node: node.entry, cursor })) }
}

builder.queryFields((t) => ({
  codeLists: t.field({
    type: [CodeList],
    description: '代码表目录。 Which code lists there are.',
    resolve: () => [...codeLists],
  }),
  codeList: t.field({
    type: EntryConnection,
    description: '代码表。 Rows of a code list; without an edition those in force today.',
    args: {
      name: t.arg.id({ required: true }),
      edition: t.arg.string(),
      search: t.arg.string({ description: 'Words that code or text of a row must hold, in either language.' }),
      first: t.arg.int(),
      after: t.arg.string(),
    },
    complexity: pageCost,
    resolve: (_root, args, context) => entriesOf(args, context),
  }),
}))

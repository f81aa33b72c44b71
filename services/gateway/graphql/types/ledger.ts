import type {
  Ledger as LedgerAnswer,
  LedgerCell as LedgerCellAnswer,
} from '../../../../projections/journal/queries/ledger.ts'
import { outsideCompetence } from '../../../../infra/identity/visibility.ts'
import type { Scope } from '../../../../projections/journal/queries/scope.ts'
import { STAGES, WASTE_STREAMS } from '../../../../schemas/values/waste.ts'
import { builder } from '../builder.ts'
import { Stage, WasteStream } from '../enums.ts'
import { requireCompetence } from '../known.ts'
import { connection, pageCost } from '../paging.ts'
import type { CellQuestion } from '../read-side.ts'
import { PostingConnection, postingWalk } from './posting.ts'

/** A cell that opens to its postings: under the ledger's own question, as of the ledger's own position. */
const LedgerCell = builder.objectRef<LedgerCellAnswer & { readonly question: CellQuestion }>('LedgerCell')
LedgerCell.implement({
  description: '总账单元格：期初 + 收入 − 支出 + 调整 = 期末。 opening + in - out + adjusted = closing.',
  fields: (t) => ({
    stage: t.expose('stage', { type: Stage }),
    stream: t.expose('stream', { type: WasteStream }),
    opening: t.expose('opening', { type: 'Grams' }),
    in: t.expose('in', { type: 'Grams' }),
    out: t.expose('out', { type: 'Grams' }),
    adjusted: t.expose('adjusted', {
      type: 'Grams',
      description: 'Signed: the difference of two weighings, a stock-take, a correction.',
    }),
    closing: t.expose('closing', { type: 'Grams' }),
    postings: t.field({
      type: PostingConnection,
      args: { first: t.arg.int(), after: t.arg.string() },
      complexity: pageCost,
      resolve: ({ question }, args, context) => {
        const { readSide, visibility } = context
        return connection(
          args,
          context,
          postingWalk,
          (page) => readSide.postings(question, page, visibility),
          () => readSide.countPostings(question, visibility),
        )
      },
    }),
  }),
})

export const Ledger = builder.objectRef<LedgerAnswer & { readonly scope: Scope }>('Ledger')
Ledger.implement({
  description: '五横五纵总账。 The five by five table of a period.',
  fields: (t) => ({
    from: t.expose('from', { type: 'Date' }),
    to: t.expose('to', { type: 'Date' }),
    // The 25 cells come from one statement; what a cell opens to is asked for cell by cell.
    cells: t.field({
      type: [LedgerCell],
      description:
        'All 25 cells, or those of one stage, of one stream, or the one of both. An office gets those of its own streams.',
      args: { stage: t.arg({ type: Stage }), stream: t.arg({ type: WasteStream }) },
      complexity: ({ stage, stream }) => {
        const cells = (stage ? 1 : STAGES.length) * (stream ? 1 : WASTE_STREAMS.length)
        return { field: cells, multiplier: cells }
      },
      resolve: ({ cells, from, to, scope, position }, { stage, stream }, context) => {
        requireCompetence(stream, context)
        const wanted = cells.filter((cell) => (!stage || cell.stage === stage) && (!stream || cell.stream === stream))
        return wanted.map((cell) => ({
          ...cell,
          question: { from, to, scope, position, stage: cell.stage, stream: cell.stream },
        }))
      },
    }),
    notInYourCompetence: t.field({
      type: [WasteStream],
      description: 'Streams without cells here, because the office that asks is not competent for them.',
      resolve: (_ledger, _args, { visibility }) => [...outsideCompetence(visibility)],
    }),
    trialBalance: t.expose('trialBalance', { type: 'Grams', description: '试算平衡，恒为 0。' }),
    position: t.expose('position', { type: 'Position', description: 'What of the log these figures hold.' }),
  }),
})

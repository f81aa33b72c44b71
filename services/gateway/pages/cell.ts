import type { Language } from '../../../infra/http/language.ts'
import type { Posting, PostingAccount } from '../../../projections/journal/queries/cell-postings.ts'
import type { LedgerCell } from '../../../projections/journal/queries/ledger.ts'
import type { Total } from '../../../schemas/values/total.ts'
import { html, type Html } from '../../../infra/http/html.ts'
import { page } from '../../../infra/http/page.ts'
import { tonnes } from './layout.ts'
import { filled, textsOf, word } from './texts.ts'

export interface CellPage {
  readonly month: string
  readonly cell: LedgerCell
  readonly postings: readonly Posting[]
  readonly total: number
  /** Where the next page begins, where there is one. */
  readonly next: string | undefined
  /** Credit code to name, as far as the reader knows the unit. */
  readonly names: ReadonlyMap<string, string>
}

/** What one cell of the ledger is made of: its postings, each with the event behind it. */
export function cellPage({ month, cell, postings, total, next, names }: CellPage, language: Language): string {
  const text = textsOf(language)
  const title = filled(text.cell, { stream: word(cell.stream, language), stage: word(cell.stage, language), month })
  const figure = (label: string, grams: Total) => html`<div><dt>${label}</dt><dd>${tonnes(grams)}</dd></div>`
  const account = ({ kind, holder, place }: PostingAccount): Html =>
    html`${word(kind, language)}${holder === null ? '' : html`<small>${names.get(holder) ?? holder}${place ? ` · ${place}` : ''}</small>`}`
  return page(
    language,
    title,
    html`<header><p><a href="/?month=${month}">${text.back}</a></p><h1>${title}</h1></header>
<main>
<dl>${figure(text.opening, cell.opening)}${figure(text.in, cell.in)}${figure(text.out, cell.out)}${figure(text.adjusted, cell.adjusted)}${figure(text.closing, cell.closing)}</dl>
<div class="wide"><table class="postings">
<caption>${filled(text.total, { count: total })}</caption>
<thead><tr><th scope="col">${text.day}</th><th scope="col">${text.code}</th><th scope="col">${text.from}</th><th scope="col">${text.to}</th><th scope="col">${text.grams}</th><th scope="col">${text.lot}</th><th scope="col">${text.event}</th></tr></thead>
<tbody>
${postings.map(
  ({
    businessDay,
    code,
    from,
    to,
    grams,
    lotTo,
    position,
  }) => html`<tr><td>${businessDay}</td><td><code>${code}</code></td><td>${account(from)}</td><td>${account(to)}</td><td>${tonnes(grams)}</td><td><code>${lotTo}</code></td><td><code>${String(position)}</code></td></tr>
`,
)}</tbody>
</table></div>
${next === undefined ? '' : html`<p><a href="/cells/${cell.stage}/${cell.stream}?month=${month}&amp;after=${next}">${text.next}</a></p>`}
</main>`,
  )
}

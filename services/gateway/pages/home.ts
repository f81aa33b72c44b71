import type { Language } from '../../../infra/http/language.ts'
import type { Ledger, LedgerCell } from '../../../projections/journal/queries/ledger.ts'
import type { RecyclingRate } from '../../../projections/journal/queries/recycling-rate.ts'
import { STAGES, WASTE_STREAMS, type Stage, type WasteStream } from '../../../schemas/values/waste.ts'
import { html, type Html } from '../../../infra/http/html.ts'
import { page } from '../../../infra/http/page.ts'
import { tonnes } from './layout.ts'
import { filled, textsOf, word } from './texts.ts'

export interface Home {
  /** `2025-12` */
  readonly month: string
  readonly ledger: Ledger
  readonly rates: readonly RecyclingRate[]
  /** Whose waste the rates count: what arose in the park, or with it what was brought in from outside. */
  readonly ratesOf: 'inside' | 'all'
  /** Streams that the reader's office is not competent for: they are not shown, which is not zero. */
  readonly outside: readonly WasteStream[]
  /** Whether the page is shown to the demo's public viewer and not to somebody who signed in. */
  readonly demo: boolean
  readonly signOut: string | undefined
}

/** The one plain page: what runs here, and the five by five table of a month. Every figure is a link to what it is made of. */
export function homePage({ month, ledger, rates, ratesOf, outside, demo, signOut }: Home, language: Language): string {
  const text = textsOf(language)
  const all = ratesOf === 'all'
  const otherRates = `/?month=${month}${all ? '' : '&rate=all'}`
  const cellOf = (stage: Stage, stream: WasteStream) =>
    ledger.cells.find((cell) => cell.stage === stage && cell.stream === stream)
  return page(
    language,
    text.title,
    html`<header><h1>${text.name}</h1><p>${text.what}</p></header>
<main>
<form method="get" action="/"><label>${text.period} <input type="month" name="month" value="${month}" required></label>${all ? html`<input type="hidden" name="rate" value="all">` : ''} <button>${text.show}</button></form>
<div class="wide"><table>
<caption>${filled(text.caption, { month })}</caption>
<thead><tr><th scope="col">${text.stream}</th>${STAGES.map((stage) => html`<th scope="col">${word(stage, language)}</th>`)}<th scope="col">${text.rate}<small>${all ? text.rateAll : text.rateInside}</small><small><a href="${otherRates}">${all ? text.showRateInside : text.showRateAll}</a></small></th></tr></thead>
<tbody>
${WASTE_STREAMS.map((stream) =>
  outside.includes(stream)
    ? html`<tr><th scope="row" class="${stream}">${word(stream, language)}</th><td class="outside" colspan="${STAGES.length + 1}">${text.outside}</td></tr>
`
    : html`<tr><th scope="row" class="${stream}">${word(stream, language)}</th>${STAGES.map((stage) => cell(cellOf(stage, stream), month, text.closing))}${rate(
        rates.find((each) => each.stream === stream),
        text.none,
      )}</tr>
`,
)}</tbody>
</table></div>
<p class="note">${text.balance} ${String(ledger.trialBalance)} g${ledger.trialBalance === 0 ? ` · ${text.balanced}` : ''} · ${text.known} ${String(ledger.position)}</p>
<nav aria-label="${text.doors}"><ul><li><a href="/graphiql">${text.graphiql}</a></li><li><a href="/rules">${text.rules}</a></li><li><a href="/api/v1/docs">${text.api}</a></li><li><a href="/api/v1/openapi.json">OpenAPI 3.1</a></li>${signOut === undefined ? '' : html`<li><a href="${signOut}">${text.signOut}</a></li>`}</ul></nav>
</main>
${demo ? html`<footer><p>${text.viewer}</p><pre><code>curl -u demo-bureau:demo -d grant_type=client_credentials /oidc/token</code></pre></footer>` : ''}`,
  )
}

function cell(given: LedgerCell | undefined, month: string, closing: string): Html {
  if (!given) return html`<td></td>`
  const { stage, stream, opening, in: came, out, adjusted, closing: left } = given
  const sum = `${opening} + ${came} − ${out} + ${adjusted} = ${left} g`
  return html`<td><a href="/cells/${stage}/${stream}?month=${month}" title="${sum}">${tonnes(came)}</a><small>${closing} ${tonnes(left)}</small></td>`
}

const rate = (given: RecyclingRate | undefined, none: string): Html =>
  given === undefined || given.percent === null
    ? html`<td class="rate">—<small>${none}</small></td>`
    : html`<td class="rate">${given.percent} %<small>${tonnes(given.numerator)} / ${tonnes(given.denominator)}</small></td>`

import { html, type Html } from '../../../infra/http/html.ts'
import type { Language } from '../../../infra/http/language.ts'
import { page } from '../../../infra/http/page.ts'
import { ruleListing, type ListedCase, type ListedEdition, type ListedRule } from '../../../schemas/rules/listing.ts'
import { questionText } from '../../../schemas/rules/question-texts.ts'
import { filled, textsOf, type Texts } from './texts.ts'

/** Which rules a reader wants: all of them, those that commands ask, those that a deadline raises, or those that nothing asks. */
export const RULE_GROUPS = ['all', 'asked', 'timer', 'unasked'] as const
export type RuleGroup = (typeof RULE_GROUPS)[number]

const groupOf = ({ applies, asks }: ListedRule): RuleGroup =>
  !applies ? 'unasked' : asks.includes('timer') ? 'timer' : 'asked'
const ofGroup = (group: RuleGroup): readonly ListedRule[] =>
  group === 'all' ? ruleListing : ruleListing.filter((one) => groupOf(one) === group)

/** `/rules`: every rule of the list with its editions, sources, fines, questions and cases, or why it is not asked. A rule is found by `#R48`. */
export function rulesPage(group: RuleGroup, language: Language): string {
  const text = textsOf(language)
  const shown = ofGroup(group)
  return page(
    language,
    text.rulesTitle,
    html`<header><p><a href="/">${text.back}</a></p><h1>${text.rules}</h1><p>${text.rulesWhat}</p></header>
<main>
<nav class="groups" aria-label="${text.rulesShow}"><ul>${RULE_GROUPS.map((one) => tab(one, one === group, text))}</ul></nav>
<nav class="numbers" aria-label="${text.rulesNumbers}">${shown.map(({ id, applies }) => html`<a href="#${id}"${applies ? '' : html` class="unasked"`}>${id}</a> `)}</nav>
${shown.map((one) => article(one, language, text))}</main>`,
  )
}

function tab(group: RuleGroup, current: boolean, text: Texts): Html {
  const label = `${text.rulesOf[group]} ${ofGroup(group).length}`
  const href = group === 'all' ? '/rules' : `/rules?show=${group}`
  return current
    ? html`<li><strong aria-current="page">${label}</strong></li>`
    : html`<li><a href="${href}">${label}</a></li>`
}

function article(rule: ListedRule, language: Language, text: Texts): Html {
  const { id, applies, reason, source, editions, asks, booksExempt, cases } = rule
  const row = (label: string, content: Html | string) => html`<div><dt>${label}</dt><dd>${content}</dd></div>`
  return html`<article class="rule${applies ? '' : ' unasked'}" id="${id}">
<h2><a href="#${id}">${id}</a> ${rule[language]}</h2>
${editions.map((edition) => inForce(edition, language, text))}<dl>
${reason ? row(text.ruleReason, reason[language]) : ''}
${source === undefined ? '' : row(text.ruleSource, source)}
${asks.length === 0 ? '' : row(text.ruleAsks, list(asks.map((question) => questionText(question)[language])))}
${booksExempt ? row(text.ruleBooks, booksExempt[language]) : ''}
</dl>
${cases.length === 0 ? '' : html`<details><summary>${filled(text.ruleCases, { count: cases.length })}</summary><ul>${cases.map((one) => example(one, language, text))}</ul></details>`}
</article>
`
}

/** An edition: its days, what it does to a breach, what it rests on, what is said, and the fine. */
function inForce(edition: ListedEdition, language: Language, text: Texts): Html {
  const { from, to, source, severity, penalty } = edition
  const days = to === undefined ? filled(text.ruleSince, { from }) : filled(text.ruleFromTo, { from, to })
  return html`<section class="edition${to === undefined ? '' : ' past'}"><p><b class="severity ${severity}">${text.severity[severity]}</b> <span class="days">${from === '0001-01-01' ? text.ruleAlways : days}</span></p>
<p class="source">${source}</p><p>${withFacts(edition[language])}</p>${penalty ? html`<p class="penalty">${penalty[language]}</p>` : ''}</section>
`
}

const example = (one: ListedCase, language: Language, text: Texts): Html =>
  html`<li><b class="severity ${one.expect}">${text.severity[one.expect]}</b> ${questionText(one.question)[language]} · ${one[language]}</li>`

const list = (items: readonly string[]): Html =>
  html`<ul class="inline">${items.map((item) => html`<li>${item}</li>`)}</ul>`

/** The text of a breach; the values that a refusal puts in are left open. */
const withFacts = (said: string): Html =>
  html`${said.split(/\{\w+\}/).map((part, i) => (i === 0 ? html`${part}` : html`<var>…</var>${part}`))}`

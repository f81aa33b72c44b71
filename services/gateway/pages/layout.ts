import type { Language } from '../../../infra/http/language.ts'
import type { Total } from '../../../schemas/values/total.ts'
import { html, type Html } from './html.ts'

/** The frame of a plain page: one style sheet of our own, no script. */
export function page(language: Language, title: string, body: Html): string {
  return html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/pages/park.css">
</head>
<body>
${body}
</body>
</html>
`.text
}

/** Tonnes with three decimals, rounded half away from zero to whole kilograms; the exact grams stand in the title. */
export function tonnes(grams: Total): Html {
  const size = BigInt(grams) < 0n ? -BigInt(grams) : BigInt(grams)
  const kilograms = (size + 500n) / 1_000n
  const sign = grams < 0 && kilograms > 0n ? '−' : ''
  const digits = kilograms.toString().padStart(4, '0')
  const whole = digits.slice(0, -3).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
  return html`<data value="${grams}" title="${grams} g">${sign}${whole}.${digits.slice(-3)}</data>`
}

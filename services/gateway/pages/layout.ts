import type { Total } from '../../../schemas/values/total.ts'
import { html, type Html } from '../../../infra/http/html.ts'

/** Tonnes with three decimals, rounded half away from zero to whole kilograms; the exact grams stand in the title. */
export function tonnes(grams: Total): Html {
  const size = BigInt(grams) < 0n ? -BigInt(grams) : BigInt(grams)
  const kilograms = (size + 500n) / 1_000n
  const sign = grams < 0 && kilograms > 0n ? '−' : ''
  const digits = kilograms.toString().padStart(4, '0')
  const whole = digits.slice(0, -3).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
  return html`<data value="${grams}" title="${grams} g">${sign}${whole}.${digits.slice(-3)}</data>`
}

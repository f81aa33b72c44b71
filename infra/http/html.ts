/** Text that is HTML already; anything else is escaped where it is put in. */
export interface Html {
  readonly text: string
}

type Part = string | number | bigint | Html | readonly Html[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

function rendered(part: Part): string {
  if (typeof part === 'string') return escape(part)
  if (typeof part === 'number' || typeof part === 'bigint') return String(part)
  return 'text' in part ? part.text : part.map(({ text }) => text).join('')
}

/** A template in which every value is escaped unless it is `Html` itself: what a user typed can never become markup. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  text: strings.map((string, i) => string + (i < parts.length ? rendered(parts[i] ?? '') : '')).join(''),
})

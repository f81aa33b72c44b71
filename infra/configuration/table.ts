import { variables, type Variable } from './variables.ts'

const BEGIN = '<!-- configuration:begin -->'
const END = '<!-- configuration:end -->'

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** The table of all environment variables, as it stands in the README. */
export function configurationTable(): string {
  const rows = Object.entries<Variable>(variables).map(([name, { fallback, about, secret }]) => {
    const names = secret ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``
    return `| ${names} | ${fallback === undefined ? '' : `\`${cell(fallback)}\``} | ${cell(about)} |`
  })
  return ['| variable | default | what it is for |', '|---|---|---|', ...rows].join('\n')
}

/** What stands between the markers of a document; undefined where it has none. */
export function tableIn(document: string): string | undefined {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)]
  return begin < 0 || end < begin ? undefined : document.slice(begin + BEGIN.length, end).trim()
}

/** The document with the table of now between its markers. @throws Error where it has no markers. */
export function withTable(document: string): string {
  if (tableIn(document) === undefined) throw new Error(`the document lacks ${BEGIN} and ${END}`)
  return `${document.slice(0, document.indexOf(BEGIN) + BEGIN.length)}\n${configurationTable()}\n${document.slice(document.indexOf(END))}`
}

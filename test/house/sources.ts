import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export interface Source {
  /** Path from the project's root. */
  readonly path: string
  readonly text: string
}

export const ROOT = new URL('../..', import.meta.url).pathname

const FOLDERS = ['schemas', 'infra', 'projections', 'services', 'test']
const isTest = (path: string): boolean => /\.test\.ts$|(^|\/)(test|bench|fixtures)\//.test(path)

/** Every TypeScript source of the five folders; tests and benchmarks only where asked for. */
export function sources(options: { readonly withTests?: boolean } = {}): readonly Source[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  )
    .filter((path) => path.endsWith('.ts') && (options.withTests === true || !isTest(path)))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

/** The text without comments and without what stands between quotes, so that words in prose are not taken for code. */
export function codeOnly(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
}

/** What a source imports: paths from the root for our own files, names for packages. Types count as much as values. */
export function importsOf({ path, text }: Source): readonly string[] {
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const found = [...bare.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'([^']+)'/g)].map(
    ([, specifier]) => specifier ?? '',
  )
  return found.map((specifier) => (specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier))
}

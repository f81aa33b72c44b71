import { codeOnly, importsOf, type Source } from './sources.ts'

/** Files that decide, evolve, judge or fold: the core. */
const CORE = [
  /^schemas\//,
  /^services\/[^/]+\/decide(\.ts$|\/)/,
  /^projections\/[^/]+\/(fold|postings|layers|account|book|correct|refold|cube|kinds|rows|tables)(\.ts$|\/)/,
]
export const isCore = (path: string): boolean =>
  CORE.some((pattern) => pattern.test(path)) && !path.endsWith('.test.ts')

const IMPURE: readonly (readonly [string, RegExp])[] = [
  ['reads the clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.|\bprocess\.hrtime/],
  ['draws a random number', /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b/],
  [
    'does input or output',
    /\bfetch\s*\(|\bprocess\.(env|stdout|stdin|argv|cwd)\b|\bconsole\.|\bsetTimeout\b|\bsetInterval\b|\bglobalThis\b/,
  ],
  ['waits', /\bawait\b/],
]

/** Packages that the core may use: parsing of values, and a bounded map for what a folding remembers between pages. */
const PACKAGES = ['zod', 'canonicalize', 'lru-cache']

/** What makes a core file impure, as sentences. `pure` says which of our own files are core or known to be pure. */
export function impurities(source: Source): readonly string[] {
  const code = codeOnly(source.text)
  const found = IMPURE.filter(
    ([what, pattern]) => !(what === 'waits' && source.path.startsWith('projections/')) && pattern.test(code),
  ).map(([what]) => `${source.path} ${what}`)
  const imported = importsOf(source)
    .filter(
      (target) =>
        !target.startsWith('schemas/') &&
        !PACKAGES.includes(target) &&
        !isCore(target) &&
        !isTypesOnly(source.text, target),
    )
    .map((target) => `${source.path} imports ${target}, which is no part of the core`)
  return [...found, ...imported]
}

/** Pure helpers outside the core's folders. */
const PURE_HELPERS = ['infra/event-store/event-id.ts', 'infra/event-store/upcast.ts', 'projections/projection.ts']

function isTypesOnly(text: string, target: string): boolean {
  if (PURE_HELPERS.includes(target)) return true
  const file = target.split('/').at(-1) ?? target
  const lines = text.match(/import\s[^;]*?from\s*'[^']+'/g) ?? []
  return lines.filter((line) => line.includes(file)).every((line) => /^import\s+type\b/.test(line))
}

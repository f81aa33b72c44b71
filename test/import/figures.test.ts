import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importFolder } from '../../services/park/import/import-folder.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import { differences, ExpectedFigures, FIGURES_QUERY, type Figures } from './expected-figures.ts'

const bundles = [
  {
    name: 'the park’s own small bundle',
    folder: fileURLToPath(new URL('../../services/park/demo-bundle/', import.meta.url)),
  },
  { name: 'park-month', folder: fileURLToPath(new URL('../../../shared/data/park-month/', import.meta.url)) },
]

describe.each(bundles)('$name, imported and asked through GraphQL', ({ name, folder }) => {
  const absent = !existsSync(`${folder}/expected.json`)
  if (absent) process.stdout.write(`skipped: ${name} is not there (${folder})\n`)
  let park: TestPark
  let bureau: string
  const expected = absent
    ? undefined
    : ExpectedFigures.parse(JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')))

  beforeAll(async () => {
    if (absent) return
    park = await composedPark()
    const { refused } = await importFolder(folder, { runtime: park.park.runtime })
    expect(refused).toBe(0)
    expect(await park.runner.waitFor(await park.park.store.head(), 120_000)).toBe(true)
    bureau = await park.token('demo-bureau')
  }, 400_000)
  afterAll(async () => {
    if (!absent) await park.close()
  })

  test.skipIf(absent).each(['industrial', 'hazardous', 'municipal', 'construction', 'sludge'])(
    'every cell, total, method and rate of %s is right to the gram',
    async (stream) => {
      if (!expected) throw new Error('no expectations')
      const figures = await park.query<Figures>(bureau, FIGURES_QUERY, {
        ...expected.period,
        stream: stream.toUpperCase(),
      })
      expect(differences(expected, stream, figures)).toEqual([])
    },
  )

  test.skipIf(absent)('the custody of every line that was decided balances', { timeout: 300_000 }, async () => {
    let cursor: string | null = null
    const unbalanced: string[] = []
    let lines = 0
    do {
      const {
        manifests,
      }: {
        manifests: {
          edges: { node: { id: string; number: string | null; lines: { decision: string | null }[] } }[]
          pageInfo: { hasNextPage: boolean; endCursor: string }
        }
      } = await park.query(
        bureau,
        `query ($after: String) { manifests(first: 100, after: $after) { edges { node { id number lines { decision } } } pageInfo { hasNextPage endCursor } } }`,
        { after: cursor },
      )
      for (const { node } of manifests.edges) {
        lines += node.lines.filter(({ decision }) => decision !== null).length
        const { custody } = await park.query<{
          custody: { balanced: boolean; truncated: boolean; nodes: unknown[]; edges: unknown[] }
        }>(bureau, `query ($of: ID!) { custody(of: $of) { balanced truncated nodes { id } edges { from to } } }`, {
          of: nameOf(node),
        })
        if (!custody.balanced || custody.truncated || custody.nodes.length === 0 || custody.edges.length === 0)
          unbalanced.push(nameOf(node))
      }
      cursor = manifests.pageInfo.hasNextPage ? manifests.pageInfo.endCursor : null
    } while (cursor !== null)
    expect(unbalanced).toEqual([])
    const decided = Object.values(expected?.manifest_lines_by_decision ?? {}).reduce((sum, count) => sum + count, 0)
    expect(lines).toBeGreaterThanOrEqual(decided)
  })
})

/** An official number names one manifest in the country; an out-record's number is only its unit's own, so its id is asked for. */
const nameOf = ({ id, number }: { readonly id: string; readonly number: string | null }): string =>
  number !== null && /^\d{14}$/.test(number) ? number : id

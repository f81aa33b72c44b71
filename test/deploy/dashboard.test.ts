import { parser } from '@prometheus-io/lezer-promql'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { openMetrics } from '../../infra/telemetry/metrics.ts'
import { read } from './compose-file.ts'

interface Query {
  readonly where: string
  readonly text: string
}

const dashboard = JSON.parse(read('infra/deploy/grafana/dashboards/park.json')) as {
  panels: {
    title: string
    datasource: { uid: string }
    gridPos: { x: number; w: number }
    targets: { expr: string; legendFormat: string }[]
  }[]
}
const alerts = parse(read('infra/deploy/prometheus/alerts.yml')) as {
  groups: { rules: { alert: string; expr: string }[] }[]
}
const queries: readonly Query[] = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: title, text: expr }))),
  ...alerts.groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ where: alert, text: expr }))),
]
// What Prometheus itself writes of each process and puts on every sample that it takes from us, and what the service discovery of ours adds.
const WRITTEN = ['up']
const TARGET = ['job', 'instance', 'process_name']

/** Labels of each sample that `/metrics` prints once everything was counted at least once. */
async function printed(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const metrics = openMetrics()
  metrics.request('POST', '/api/v1/lots', 201, 0.1)
  metrics.append('appended', 0.1)
  metrics.batch(3)
  metrics.refused([{ code: 'rule-broken', rule: 'R48', pointer: '', facts: {} }])
  metrics.watchLag(() => [{ projection: 'journal', events: 1, seconds: 1, parked: 1 }])
  metrics.watchRelay(() => ({ events: 1, seconds: 1 }))
  metrics.watchLeader('projections', () => true)
  const samples = new Map<string, Set<string>>()
  for (const line of (await metrics.text()).split('\n')) {
    const [, name, labels = ''] = /^([a-zA-Z_:][\w:]*)(\{.*\})? /.exec(line) ?? []
    if (name === undefined) continue
    const known = samples.get(name) ?? new Set<string>()
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label)
    samples.set(name, known)
  }
  return samples
}

/** Names of one kind of node in a query; `undefined` where the query is none. */
function namesIn({ text }: Query, kind: string): readonly string[] | undefined {
  const names: string[] = []
  let broken = false
  parser.parse(text).iterate({
    enter(node) {
      broken ||= node.type.isError
      if (node.name === kind) names.push(text.slice(node.from, node.to))
    },
  })
  return broken ? undefined : names
}

test('the parser of queries knows a broken one', () => {
  expect(namesIn({ where: '', text: 'sum by (le (x)' }, 'Identifier')).toBeUndefined()
})

test.each(queries)('$where asks for what a process of ours prints: $text', async (query) => {
  const samples = await printed()
  const names = namesIn(query, 'Identifier')
  expect(names?.length, 'metrics').toBeGreaterThan(0)
  const known = new Set([...(names ?? []).flatMap((name) => [...(samples.get(name) ?? [])]), ...TARGET])
  for (const name of names ?? []) expect(samples.has(name) || WRITTEN.includes(name), name).toBe(true)
  for (const label of namesIn(query, 'LabelName') ?? []) expect(known, label).toContain(label)
})

test('every metric of ours is looked at by a panel or an alert', async () => {
  const asked = queries.flatMap((query) => namesIn(query, 'Identifier') ?? []).map(family)
  const ours = [...(await printed()).keys()].filter((name) => name.startsWith('wufei_')).map(family)
  expect([...new Set(ours)].filter((name) => !asked.includes(name))).toEqual([])
})
const family = (name: string): string => name.replace(/_(bucket|sum|count)$/, '')

test('panels stand side by side in a width of 24, and all ask Prometheus', () => {
  for (const { title, gridPos, datasource } of dashboard.panels) {
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
    expect(datasource.uid).toBe('prometheus')
  }
})

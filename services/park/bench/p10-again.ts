import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { median, ratioOf, rounded } from '../../../infra/event-store/bench/measure.ts'
import type { BenchLine } from '../../../test/load/bench-line.ts'
import { secondDatabase } from '../../../test/load/second-database.ts'
import { startPark, tokenOf } from './park-under-load.ts'

const OPEN = 32
const LIMIT = { again: 6, first: 0.6 } as const
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
// A month of the made-up log, and a position before its end.
const MONTH = ['2025-01-01', '2025-01-31'] as const

const KINDS = ['again', 'past', 'first'] as const
type Kind = (typeof KINDS)[number]
interface Asked {
  /** Questions per second, and milliseconds. */
  readonly rate: number
  readonly p50: number
}
interface AskedPark {
  ask(kind: Kind, milliseconds: number): Promise<Asked>
  stop(): Promise<void>
}

/** A park of a checkout on a log of its own making, and somebody who asks it. */
async function startAskedPark(root: string, databaseUrl: string, events: number): Promise<AskedPark> {
  await ended(
    spawn(process.execPath, ['--import', 'tsx', 'projections/bench/fill/main.ts', String(events)], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  )
  const park = await startPark(root, databaseUrl, {})
  const given = [park.origin, await tokenOf(park.origin, 'demo-admin'), OPEN, ...MONTH, Math.floor(events * 0.9)]
  const asker = spawn(
    process.execPath,
    [fileURLToPath(new URL('http-ask.mjs', import.meta.url)), ...given.map((one) => String(one))],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const answers = createInterface({ input: asker.stdout })[Symbol.asyncIterator]()
  return {
    async ask(kind, milliseconds) {
      asker.stdin.write(`${kind} ${milliseconds}\n`)
      const { value, done } = await answers.next()
      if (done) throw new Error('who asks a park of the bench ended')
      return JSON.parse(value) as Asked
    },
    async stop() {
      asker.stdin.end()
      await park.stop()
    },
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`a program of the bench ended with ${code}`)
}

type Turns = Readonly<Record<Kind, Asked[]>>
const none = (): Turns => ({ again: [], past: [], first: [] })
const all = (turns: readonly Asked[], figure: keyof Asked): readonly number[] => turns.map((turn) => turn[figure])
const said = (turns: Turns): string =>
  KINDS.map(
    (kind) =>
      `${kind} ${Math.round(median(all(turns[kind], 'rate')))}/s, p50 ${rounded(median(all(turns[kind], 'p50')), 1)} ms`,
  ).join('; ')

const line: BenchLine = {
  name: 'P10-again',
  title: `ledger of a month by GraphQL at ${OPEN} connections, asked again at a position that has not moved, as of one past position, and as of positions never asked of: against the checkout that BASE names`,
  target: `>= ${LIMIT.again} x its questions/s, asked again and of the past; a first one <= ${LIMIT.first} x its p50`,
  async run({ quick, databaseUrl, base, events = quick ? 50_000 : 200_000 }) {
    const [rounds, milliseconds] = quick ? [2, 1_500] : [5, 4_000]
    const started: AskedPark[] = []
    const start = async (root: string, url: string): Promise<AskedPark> => {
      const park = await startAskedPark(root, url, events)
      started.push(park)
      await park.ask('again', 1_000)
      return park
    }
    try {
      const parks = {
        own: await start(ROOT, databaseUrl),
        base: base === undefined ? undefined : await start(base, await secondDatabase(databaseUrl, 'base')),
      }
      const turns = { own: none(), base: none() }
      for (let round = 0; round < rounds; round++) {
        for (const kind of KINDS) {
          for (const side of round % 2 === 0 ? (['own', 'base'] as const) : (['base', 'own'] as const)) {
            const turn = await parks[side]?.ask(kind, milliseconds)
            if (turn) turns[side][kind].push(turn)
          }
        }
      }
      const figures = { events, own: said(turns.own) }
      if (base === undefined) {
        const notes = `BASE names no checkout to compare with; ${figures.own}`
        return { ratio: Number.NaN, target: LIMIT.again, passed: false, figures, notes }
      }
      const against = (kind: Kind, figure: keyof Asked) =>
        rounded(ratioOf(all(turns.own[kind], figure), all(turns.base[kind], figure)))
      const ratio = Math.min(against('again', 'rate'), against('past', 'rate'))
      const first = against('first', 'p50')
      return {
        ratio,
        target: LIMIT.again,
        passed: ratio >= LIMIT.again && first <= LIMIT.first,
        figures: { ...figures, base: said(turns.base), 'p50 of a first one against base': first },
      }
    } finally {
      for (const park of started) await park.stop()
    }
  },
}

export const lines: readonly BenchLine[] = [line]

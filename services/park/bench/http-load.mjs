// Sends lots over HTTP from a process of its own, so that the park has its event loop to itself: each connection waits for its answer before it
// sends again. Sockets are written and read by hand, because a client library would take a good part of the two cores that the park also needs.
// argv: origin, token, unit, connections, and a connection string where the lag of the figures is to be measured.
// For each line on stdin (milliseconds) one line of JSON on stdout: commands/s, latencies, and how long figures were behind answers, milliseconds.
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { openConnection, quantile } from './http-connection.mjs'

const [origin = '', token = '', unit = '', connections = '64', databaseUrl] = process.argv.slice(2)
const { host } = new URL(origin)
const LOOK_MS = 5
const CATCH_UP_MS = 60_000

const HEAD = `POST /api/v1/lots HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\n`
let sent = 0

/** Generates one lot; answers its position in the log. */
async function generate(connection) {
  const body = JSON.stringify({
    unit,
    waste: { stream: 'hazardous', code: '900-249-08' },
    grams: 54_000 + (sent++ % 1_000),
    occurredAt: new Date().toISOString(),
  })
  const { status, body: text } = await connection.send(
    `${HEAD}idempotency-key: ${randomUUID()}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  if (status !== 201) throw new Error(`${status}: ${text}`)
  return Number(JSON.parse(text).position)
}

/** Looks every few milliseconds how far all figures are; answers the moments at which they were there. */
async function watchFigures(client, until) {
  const seen = []
  for (;;) {
    const at = performance.now()
    const { rows } = await client.query({
      name: 'least',
      text: 'select min(position)::float8 as at from rm.checkpoint',
    })
    // The moment of asking is the latest that the rows may have been there.
    seen.push({ at, position: rows[0].at })
    if (until(rows[0].at)) return seen
    await pause(LOOK_MS)
  }
}

/** Keeps every connection busy for so many milliseconds. */
async function load(milliseconds) {
  const answers = []
  const start = performance.now()
  const aim = { position: Number.POSITIVE_INFINITY }
  const patience = start + milliseconds + CATCH_UP_MS
  const watching = client && watchFigures(client, (at) => at >= aim.position || performance.now() > patience)
  await Promise.all(
    open.map(async (connection) => {
      while (performance.now() - start < milliseconds) {
        const began = performance.now()
        const position = await generate(connection)
        answers.push({ position, at: performance.now(), took: performance.now() - began })
      }
    }),
  )
  const seconds = (performance.now() - start) / 1_000
  aim.position = Math.max(...answers.map(({ position }) => position))
  const took = answers.map((answer) => answer.took)
  return {
    rate: answers.length / seconds,
    p50: quantile(took, 0.5),
    p99: quantile(took, 0.99),
    behind: watching === undefined ? 0 : quantile(behind(answers, await watching), 0.99),
  }
}

/** How long after its answer each command was in all figures; never, where it was not seen there. */
function behind(answers, seen) {
  let look = 0
  return answers
    .toSorted((a, b) => a.position - b.position)
    .map(({ position, at }) => {
      while (look < seen.length - 1 && seen[look].position < position) look++
      return seen[look].position < position ? Number.POSITIVE_INFINITY : Math.max(0, seen[look].at - at)
    })
}

const client = databaseUrl === undefined ? undefined : new pg.Client(databaseUrl)
await client?.connect()
const open = Array.from({ length: Number(connections) }, () => openConnection(origin))
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await load(Number(line)))}\n`)
}
for (const connection of open) connection.end()
await client?.end()

// Asks for the ledger of a month by GraphQL from a process of its own; each connection waits for its answer before it asks again.
// argv: origin, token, connections, first and last day of the month, and a past position.
// For each line on stdin, `again`, `past` or `first` and milliseconds, one line of JSON on stdout: questions/s and their p50 in milliseconds.
import { createInterface } from 'node:readline'
import { openConnection, quantile } from './http-connection.mjs'

const [origin = '', token = '', connections = '32', from = '', to = '', past = '0'] = process.argv.slice(2)
const { host } = new URL(origin)
const LEDGER =
  'query ($from: Date!, $to: Date!, $asOf: AsOf) { ledger(from: $from, to: $to, asOf: $asOf) { trialBalance position cells { stage stream opening in out adjusted closing } } }'
let first = Number(past)

/** What is asked: as of now, as of one past position, or as of a past position that nothing was asked of before. */
const asOf = { again: () => undefined, past: () => ({ position: past }), first: () => ({ position: String(--first) }) }

async function ask(connection, kind) {
  const body = JSON.stringify({ query: LEDGER, variables: { from, to, asOf: asOf[kind]() } })
  const { status, body: text } = await connection.send(
    `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  if (status !== 200 || text.includes('"errors"')) throw new Error(`${status}: ${text.slice(0, 500)}`)
}

const open = Array.from({ length: Number(connections) }, () => openConnection(origin))
for await (const line of createInterface({ input: process.stdin })) {
  const [kind, milliseconds] = line.split(' ')
  const took = []
  const start = performance.now()
  await Promise.all(
    open.map(async (connection) => {
      while (performance.now() - start < Number(milliseconds)) {
        const began = performance.now()
        await ask(connection, kind)
        took.push(performance.now() - began)
      }
    }),
  )
  const rate = (took.length / (performance.now() - start)) * 1_000
  process.stdout.write(`${JSON.stringify({ rate, p50: quantile(took, 0.5) })}\n`)
}
for (const connection of open) connection.end()

// Sends commands over HTTP from a process of its own, so that the park has its event loop to itself: 64 connections, each waits for its answer.
// argv: origin, token, unit, connections. For each line on stdin (milliseconds) one line on stdout (commands per second).
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'

const [origin = '', token = '', unit = '', connections = '64'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) })
const url = new URL('/api/v1/lots', origin)

function send() {
  return new Promise((done, failed) => {
    const body = JSON.stringify({
      unit,
      waste: { stream: 'hazardous', code: '900-249-08' },
      grams: 54_000,
      occurredAt: new Date().toISOString(),
    })
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'idempotency-key': randomUUID(),
      'content-length': Buffer.byteLength(body),
    }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      response.on('end', () =>
        response.statusCode === 201 ? done() : failed(new Error(`${response.statusCode}: ${text}`)),
      )
    })
    sent.on('error', failed)
    sent.end(body)
  })
}

for await (const line of createInterface({ input: process.stdin })) {
  const milliseconds = Number(line)
  const start = performance.now()
  let commands = 0
  await Promise.all(
    Array.from({ length: Number(connections) }, async () => {
      while (performance.now() - start < milliseconds) {
        await send()
        commands++
      }
    }),
  )
  process.stdout.write(`${(commands / (performance.now() - start)) * 1_000}\n`)
}
agent.destroy()

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { openCopies } from './copies.ts'
import { NoCopyAnswers, openForwarder, type Forwarded, type Forwarder } from './forwarder.ts'

const opened: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

/** A copy of a service that does what a test needs; remembers the keys it was sent. */
async function copy(answer: (request: IncomingMessage, response: ServerResponse, times: number) => void) {
  const keys: string[] = []
  const server = createServer((request, response) => {
    keys.push(String(request.headers['idempotency-key']))
    request.resume()
    request.once('end', () => answer(request, response, keys.length))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  opened.push(close)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys, close }
}

const says = (text: string) => (_: IncomingMessage, response: ServerResponse) => void response.end(text)
const unavailable = (_: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(503, { 'retry-after': '1' }).end('busy')
const command: Forwarded = {
  method: 'POST',
  path: '/api/v1/lots',
  headers: { 'idempotency-key': 'k' },
  body: Buffer.from('{}'),
}

function forwarding(copies: readonly string[], limits: { totalMs?: number; attemptMs?: number } = {}): Forwarder {
  const forwarder = openForwarder({ copies: { generation: copies }, ...limits })
  opened.push(() => forwarder.close())
  return forwarder
}

const answersOf = async (forwarder: Forwarder, times: number) => {
  const said: string[] = []
  for (let i = 0; i < times; i++) said.push((await forwarder.forward('generation', command)).body.toString())
  return said
}

describe('copies of a service', () => {
  test('take turns', async () => {
    const [one, two] = [await copy(says('one')), await copy(says('two'))]
    expect(await answersOf(forwarding([one.url, two.url]), 4)).toEqual(['one', 'two', 'one', 'two'])
  })

  test('one that is away is passed over, at once and from then on', async () => {
    const [one, two] = [await copy(says('one')), await copy(says('two'))]
    await one.close()
    expect(await answersOf(forwarding([one.url, two.url]), 4)).toEqual(['two', 'two', 'two', 'two'])
  })

  test('one that dies over a command is followed by another, under the same key', async () => {
    const dying = await copy((request) => void request.socket.destroy())
    const other = await copy(says('done'))
    expect(await answersOf(forwarding([dying.url, other.url]), 1)).toEqual(['done'])
    expect([dying.keys, other.keys]).toEqual([['k'], ['k']])
  })

  test('one that dies in the middle of its answer has answered nothing', async () => {
    const dying = await copy((request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"id":', () => request.socket.destroy())
    })
    const other = await copy(says('whole'))
    expect(await answersOf(forwarding([dying.url, other.url]), 1)).toEqual(['whole'])
  })

  test('one that hangs is left after its time', async () => {
    const hanging = await copy(() => undefined)
    const other = await copy(says('done'))
    expect(await answersOf(forwarding([hanging.url, other.url], { attemptMs: 100 }), 1)).toEqual(['done'])
  })

  test('one that is unavailable is asked again after the others', async () => {
    const one = await copy((request, response, times) =>
      times < 3 ? unavailable(request, response) : says('done')(request, response),
    )
    expect(await answersOf(forwarding([one.url]), 1)).toEqual(['done'])
    expect(one.keys).toEqual(['k', 'k', 'k'])
  })

  test('nobody else is asked, whatever address a sender writes into the line of the request', async () => {
    const elsewhere = await copy(says('elsewhere'))
    const own = await copy(({ url }, response) => void response.end(url))
    const { body } = await forwarding([own.url]).forward('generation', {
      ...command,
      path: `${elsewhere.url}/api/v1/lots?a=1`,
    })
    expect([body.toString(), elsewhere.keys]).toEqual([`${elsewhere.url}/api/v1/lots?a=1`, []])
  })

  test('a refusal is an answer, and nobody else is asked', async () => {
    const refusing = await copy((_, response) => void response.writeHead(422).end('no'))
    const other = await copy(says('done'))
    const { status } = await forwarding([refusing.url, other.url]).forward('generation', command)
    expect([status, other.keys]).toEqual([422, []])
  })

  test('that all stay unavailable answer what they said; that all stay away are no answer', async () => {
    const [busy, away] = [await copy(unavailable), await copy(says('never'))]
    await away.close()
    expect((await forwarding([away.url, busy.url], { totalMs: 300 }).forward('generation', command)).status).toBe(503)
    await expect(forwarding([away.url], { totalMs: 300 }).forward('generation', command)).rejects.toThrow(NoCopyAnswers)
  })
})

test('a copy that hangs has one request at a time that finds out whether it came back', async () => {
  const hanging = await copy(() => undefined)
  const other = await copy(says('done'))
  const forwarder = forwarding([hanging.url, other.url], { attemptMs: 400 })
  expect(await answersOf(forwarder, 1)).toEqual(['done'])
  // It has rested by now; of all who are asked meanwhile one waits for it.
  await new Promise((rested) => setTimeout(rested, 300))
  const before = hanging.keys.length
  const began = performance.now()
  const quick = (
    await Promise.all(
      Array.from({ length: 20 }, async () => (await answersOf(forwarder, 1), performance.now() - began)),
    )
  ).filter((ms) => ms < 200)
  expect([hanging.keys.length - before, quick.length]).toEqual([1, 19])
})

test('a copy that failed rests, longer each time, and is tried again when it has rested', () => {
  let moment = 0
  const copies = openCopies(['http://a.test', 'http://b.test'], () => moment)
  const order = () => copies.inTurn().map(({ url }) => url.hostname)
  copies.inTurn()[0]?.failed()
  expect([order(), order()].map(([first]) => first)).toEqual(['b.test', 'b.test'])
  moment = 250
  expect(new Set([order()[0], order()[0]])).toEqual(new Set(['a.test', 'b.test']))
  // Until the one who asks it has an answer, nobody else does.
  expect([order(), order(), order()].map(([first]) => first)).toEqual(['b.test', 'b.test', 'b.test'])
  copies
    .inTurn()
    .find(({ url }) => url.hostname === 'a.test')
    ?.failed()
  moment += 499
  expect([order()[0], order()[0]]).toEqual(['b.test', 'b.test'])
  copies
    .inTurn()
    .find(({ url }) => url.hostname === 'a.test')
    ?.worked()
  expect(new Set([order()[0], order()[0]])).toEqual(new Set(['a.test', 'b.test']))
})

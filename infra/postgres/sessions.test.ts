import { createServer, type AddressInfo, type Server } from 'node:net'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { inSession, openPool } from './sessions.ts'

/** A message of the protocol: type, length, body (PostgreSQL, 54.7). */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const AUTHENTICATED = message('R', Buffer.alloc(4))
const READY = message('Z', Buffer.from('I'))
const GOODBYE = message(
  'E',
  Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'),
)

let server: Server
/** A server that greets and says goodbye in one packet, as one does that dies just then. */
async function dyingServer(): Promise<string> {
  server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, GOODBYE])))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `postgres://nobody@127.0.0.1:${(server.address() as AddressInfo).port}/nothing?sslmode=disable`
}
afterEach(() => new Promise((closed) => server.close(closed)))

/** What the process would have died of meanwhile. */
async function uncaughtDuring(work: () => Promise<unknown>): Promise<readonly unknown[]> {
  const uncaught: unknown[] = []
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => uncaught.push(error))
  try {
    await work().catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
  } finally {
    process.removeAllListeners('uncaughtException')
    for (const listener of others) process.on('uncaughtException', listener)
  }
  return uncaught
}

const borrow = async (pool: pg.Pool): Promise<void> => {
  const client = await pool.connect()
  try {
    await client.query('select 1')
  } finally {
    client.release()
    await pool.end()
  }
}

describe('a session that ends as it is handed out', () => {
  test('ends the process where only the pool listened, which is why there is openPool', async () => {
    const url = await dyingServer()
    expect(
      await uncaughtDuring(() => borrow(new pg.Pool({ connectionString: url }).on('error', () => undefined))),
    ).not.toEqual([])
  })

  test('fails the query of whoever borrowed it, and nothing else', async () => {
    const url = await dyingServer()
    expect(await uncaughtDuring(() => borrow(openPool({ connectionString: url })))).toEqual([])
    await expect(borrow(openPool({ connectionString: url }))).rejects.toThrow(/terminating|terminated|not queryable/)
  })

  test('fails the work done in it', async () => {
    const url = await dyingServer()
    const work = () => inSession(url, (client) => client.query('select 1'))
    expect(await uncaughtDuring(work)).toEqual([])
    await expect(work()).rejects.toThrow(/terminating|terminated|not queryable/)
  })
})

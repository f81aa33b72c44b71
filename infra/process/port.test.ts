import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { askPort } from './port.ts'

test('a port that is taken is named with what to do; a free one is answered, and 0 by one that is free', async () => {
  const other = createServer()
  const taken = await new Promise<number>((done) =>
    other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port)),
  )
  await expect(askPort('127.0.0.1', taken)).rejects.toThrow(
    `port ${taken} of 127.0.0.1 is taken by another program: end that one, or name another port by PORT`,
  )
  await new Promise((done) => other.close(done))
  expect(await askPort('127.0.0.1', taken)).toBe(taken)
  expect(await askPort('127.0.0.1', 0)).toBeGreaterThan(0)
})

test('an address that this machine does not have is named', async () => {
  await expect(askPort('192.0.2.1', 0)).rejects.toThrow('192.0.2.1 is no address of this machine: name one by HOST')
})

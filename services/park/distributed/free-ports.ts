import { createServer } from 'node:net'

// Below the range from which the system takes ports for outgoing connections: a process that is started again finds its port still free.
const LOWEST = 20_000
const HIGHEST = 30_000
const STEP = 64

/** The first of `count` neighbouring ports on which nobody listens. @throws Error where there are none */
export async function freePorts(count: number, host = '127.0.0.1'): Promise<number> {
  const blocks = Array.from(
    { length: Math.floor((HIGHEST - LOWEST - count) / STEP) },
    (_, block) => LOWEST + block * STEP,
  )
  // Parks that start at the same time should not all try the same block first.
  const begin = process.pid % blocks.length
  for (const first of [...blocks.slice(begin), ...blocks.slice(0, begin)]) {
    const ports = Array.from({ length: count }, (_, index) => first + index)
    if ((await Promise.all(ports.map((port) => isFree(port, host)))).every(Boolean)) return first
  }
  throw new Error(`no ${count} neighbouring ports are free between ${LOWEST} and ${HIGHEST}`)
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}

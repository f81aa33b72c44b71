import { createServer } from 'node:net'

const WORDS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `port ${port} of ${host} is taken by another program: end that one, or name another port by PORT (PORT=0 takes a free one)`,
  EACCES: (host, port) => `port ${port} of ${host} is not for this user: name another by PORT, 1024 or above`,
  EADDRNOTAVAIL: (host) => `${host} is no address of this machine: name one by HOST`,
  ENOTFOUND: (host) => `${host} is no name that this machine knows: name an address of it by HOST`,
}

/** Why this process cannot listen, in words of the one who starts it. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken'
}

/** The fault of `listen` in those words. */
export function listenFault(fault: unknown, host: string, port: number): unknown {
  const words = WORDS[String((fault as NodeJS.ErrnoException).code)]
  return words ? new PortTaken(words(host, port)) : fault
}

/**
 * Asks whether this process will be able to listen, before it starts anything that would have to be undone. Port 0 is answered by a free one.
 * @throws PortTaken
 */
export function askPort(host: string, port: number): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer()
    server.once('error', (fault) => failed(listenFault(fault, host, port)))
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      const free = address && typeof address === 'object' ? address.port : port
      server.close(() => done(free))
    })
  })
}

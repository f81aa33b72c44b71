import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Where a trap closes: before the server hears of the call, in the middle of it, or after the server did it and before anybody hears. */
export type CutAt = 'request' | 'half' | 'reply'

/** A network between a client and a server that can be told to fail at one certain byte. */
export interface TcpProxy {
  /** The same connection string, but through this network. */
  through(url: string): string
  /** Cuts the next connection whose client sends bytes with `text` in them; settles when that has happened. */
  trap(text: string, at: CutAt): Promise<void>
  /**
   * Lets go of the server's side of every connection that introduced itself with `text`, and tells its client nothing: bytes vanish, as
   * behind a firewall that forgot a session. Answers how many there were.
   */
  freeze(text: string): number
  close(): Promise<void>
}

interface Trap {
  readonly text: string
  readonly at: CutAt
  sprung(): void
}

interface Line {
  readonly client: Socket
  readonly server: Socket
  introduction: string
  frozen: boolean
}

export async function openTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const target = new URL(serverUrl)
  const traps: Trap[] = []
  const lines = new Set<Line>()

  const listener = createServer((client) => {
    const line: Line = {
      client,
      server: connect(Number(target.port), target.hostname),
      introduction: '',
      frozen: false,
    }
    lines.add(line)
    let swallowing: Trap | undefined
    const cut = (trap: Trap): void => {
      end(line)
      trap.sprung()
    }
    client.on('data', (bytes) => {
      if (line.frozen) return
      if (line.introduction === '') line.introduction = bytes.toString('latin1')
      const at = traps.findIndex(({ text }) => bytes.includes(text))
      const [trap] = at < 0 ? [] : traps.splice(at, 1)
      if (trap?.at === 'request') return cut(trap)
      if (trap?.at === 'half') {
        line.server.write(bytes.subarray(0, bytes.length >> 1), () => cut(trap))
        return
      }
      swallowing ??= trap
      line.server.write(bytes)
    })
    line.server.on('data', (bytes) => {
      if (line.frozen) return
      if (swallowing) cut(swallowing)
      else client.write(bytes)
    })
    for (const side of [client, line.server]) {
      side.on('error', () => undefined)
      side.on('close', () => {
        if (!line.frozen) end(line)
      })
    }
  })
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening))
  const { port } = listener.address() as AddressInfo

  function end(line: Line): void {
    lines.delete(line)
    line.client.destroy()
    line.server.destroy()
  }

  return {
    through(url) {
      const proxied = new URL(url)
      proxied.hostname = '127.0.0.1'
      proxied.port = String(port)
      return proxied.href
    },
    trap: (text, at) => new Promise<void>((sprung) => void traps.push({ text, at, sprung })),
    freeze(text) {
      const chosen = [...lines].filter(({ introduction, frozen }) => !frozen && introduction.includes(text))
      for (const line of chosen) {
        line.frozen = true
        line.server.destroy()
      }
      return chosen.length
    },
    async close() {
      for (const line of lines) end(line)
      await new Promise((closed) => listener.close(closed))
    },
  }
}

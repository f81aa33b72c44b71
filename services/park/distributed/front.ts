import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** One address before several gateways, for a machine that has no load balancer. It passes bytes on and knows no HTTP. */
export interface Front {
  readonly port: number
  close(): Promise<void>
}

/** Opens the front; each connection goes to the next gateway that takes it, and dies with that gateway, as behind any load balancer. */
export function openFront({
  host,
  port,
  backs,
}: {
  readonly host: string
  readonly port: number
  readonly backs: readonly string[]
}): Promise<Front> {
  const targets = backs.map((url) => new URL(url))
  const open = new Set<Socket>()
  let turn = 0

  function pass(client: Socket, tries: number): void {
    const target = targets[turn++ % targets.length]
    if (!target || tries === 0) return void client.destroy()
    const back = connect(Number(target.port), target.hostname)
    const refused = () => pass(client, tries - 1)
    back.once('error', refused)
    back.once('connect', () => {
      back.off('error', refused)
      track(back)
      for (const [one, other] of [
        [client, back],
        [back, client],
      ] as const) {
        one.on('error', () => other.destroy())
        one.on('close', () => other.destroy())
        one.pipe(other)
      }
      if (client.destroyed) back.destroy()
    })
  }

  function track(socket: Socket): void {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  }

  const server = createServer({ noDelay: true }, (client) => {
    track(client)
    client.on('error', () => client.destroy())
    pass(client, targets.length)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            for (const socket of open) socket.destroy()
          }),
      }),
    )
  })
}

import { connect } from 'node:net'

/** One connection, kept alive: sends a request, answers status and body. */
export function openConnection(origin) {
  const { hostname, port } = new URL(origin)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  let received = Buffer.alloc(0)
  let waiting
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const end = received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = received.latin1Slice(0, end)
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
    if (received.length < end + 4 + length) return
    const body = received.utf8Slice(end + 4, end + 4 + length)
    received = received.subarray(end + 4 + length)
    waiting.done({ status: Number(head.slice(9, 12)), body })
  })
  const fail = (fault) => waiting?.failed(fault ?? new Error('the park closed a connection'))
  socket.on('error', fail)
  socket.on('close', () => fail())
  return {
    send: (text) =>
      new Promise((done, failed) => {
        waiting = { done, failed }
        socket.write(text)
      }),
    end: () => {
      waiting = undefined
      socket.destroy()
    },
  }
}

/** The value that this share of all values does not exceed. */
export const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? Number.NaN

import type { Consumer, Producer } from './port.ts'

/** What was opened and not closed yet, so that it can be closed with the connection that it came from. */
export interface Parts {
  producer(opened: Producer): Producer
  consumer(opened: Consumer): Consumer
  close(): Promise<void>
}

export function openParts(): Parts {
  const open = new Set<() => Promise<void>>()
  return {
    producer({ send, close }) {
      const end = async () => {
        open.delete(end)
        await close()
      }
      open.add(end)
      return { send, close: end }
    },
    consumer(opened) {
      open.add(opened.stop)
      const forget = () => void open.delete(opened.stop)
      opened.done.then(forget, forget)
      return opened
    },
    async close() {
      await Promise.allSettled([...open].map((end) => end()))
    },
  }
}

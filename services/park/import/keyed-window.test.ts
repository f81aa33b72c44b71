import { expect, test } from 'vitest'
import { KeyedWindow } from './keyed-window.ts'

/** A task that ends when it is told to. */
function held() {
  let release: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  return { gate, release: () => release() }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('tasks that share a key run one after another, others pass them by', async () => {
  const window = new KeyedWindow(10)
  const first = held()
  const log: string[] = []
  await window.enter(['lot-1'], () => first.gate.then(() => void log.push('a')))
  await window.enter(['lot-1', 'lot-2'], () => Promise.resolve(void log.push('b')))
  await window.enter(['lot-2'], () => Promise.resolve(void log.push('c')))
  await window.enter(['lot-3'], () => Promise.resolve(void log.push('d')))
  await turn()
  expect(log).toEqual(['d'])
  first.release()
  await window.drained()
  expect(log).toEqual(['d', 'a', 'b', 'c'])
})

test('no more tasks are open than the window is wide', async () => {
  const window = new KeyedWindow(2)
  const gates = [held(), held(), held()]
  let entered = 0
  const entering = (async () => {
    for (const { gate } of gates) {
      await window.enter([], () => gate)
      entered++
    }
  })()
  await turn()
  expect(entered).toBe(2)
  gates[0]?.release()
  await entering
  expect(entered).toBe(3)
  for (const { release } of gates) release()
  await window.drained()
})

test('a fault stops what comes after it and reaches whoever waits', async () => {
  const window = new KeyedWindow(5)
  let ran = false
  const first = held()
  await window.enter(['x'], () => first.gate.then(() => Promise.reject(new Error('the store is gone'))))
  await window.enter(['x'], () => {
    ran = true
    return Promise.resolve()
  })
  first.release()
  await expect(window.drained()).rejects.toThrow('the store is gone')
  expect(ran).toBe(false)
  await expect(window.enter(['y'], () => Promise.resolve())).rejects.toThrow('the store is gone')
})

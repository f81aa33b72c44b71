import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { gatherCalls } from './gather.ts'

/** A server that answers when the test says so. */
function aServer(limits = { calls: 3, underWay: 1 }) {
  const arrived: { readonly asked: readonly number[]; answer(): void; fail(fault: Error): void }[] = []
  const ask = gatherCalls<number, string>(
    (asked) =>
      new Promise((resolve, reject) => {
        arrived.push({ asked, answer: () => resolve(asked.map((one) => `answer ${one}`)), fail: reject })
      }),
    limits,
  )
  return { ask, arrived, groups: () => arrived.map(({ asked }) => asked) }
}

describe('calls that are gathered', () => {
  test('of one turn travel together, and each gets its own answer', async () => {
    const { ask, arrived, groups } = aServer()
    const answers = [ask(1), ask(2)]
    await turn()
    expect(groups()).toEqual([[1, 2]])
    arrived[0]?.answer()
    expect(await Promise.all(answers)).toEqual(['answer 1', 'answer 2'])
  })

  test('wait while a group is under way, and leave in their order in groups that are not too large', async () => {
    const { ask, arrived, groups } = aServer()
    const answers = [ask(1)]
    await turn()
    answers.push(...[2, 3, 4, 5].map(ask))
    await turn()
    expect(groups()).toEqual([[1]])
    arrived[0]?.answer()
    await turn()
    await turn()
    expect(groups()).toEqual([[1], [2, 3, 4]])
    arrived[1]?.answer()
    await turn()
    await turn()
    arrived[2]?.answer()
    expect(await Promise.all(answers)).toEqual([1, 2, 3, 4, 5].map((one) => `answer ${one}`))
  })

  test('fail with their group, and those after it go on', async () => {
    const { ask, arrived } = aServer()
    const failing = [ask(1), ask(2)].map((answer) => expect(answer).rejects.toThrow('away'))
    await turn()
    const next = ask(3)
    arrived[0]?.fail(new Error('away'))
    await Promise.all(failing)
    await turn()
    arrived[1]?.answer()
    expect(await next).toBe('answer 3')
  })
})

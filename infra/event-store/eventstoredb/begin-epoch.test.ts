import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startStandInProcess } from '../stand-in/process.ts'

const PROGRAM = fileURLToPath(new URL('begin-epoch.ts', import.meta.url))

interface Run {
  readonly code: number
  /** The one document on stdout. */
  readonly document: unknown
  readonly err: string
}

/** @throws SyntaxError where stdout is not one JSON document */
const beginEpoch = (words: readonly string[], url = ''): Promise<Run> =>
  new Promise((done, failed) => {
    const { npm_lifecycle_event: _event, ...own } = process.env
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', PROGRAM, ...words],
      { env: { ...own, NODE_ENV: 'test', EVENTSTORE_URL: url } },
      (_, out, err) => {
        try {
          done({ code: child.exitCode ?? -1, document: JSON.parse(out), err })
        } catch (fault) {
          failed(fault)
        }
      },
    )
  })

test('begin-epoch --json answers the new epoch in one document', async () => {
  const standIn = await startStandInProcess()
  try {
    const first = await beginEpoch(['--json'], standIn.url)
    const second = await beginEpoch(['--json'], standIn.url)
    for (const one of [first, second]) expect(one).toMatchObject({ code: 0, document: { epoch: expect.any(String) } })
    expect(second.document).not.toEqual(first.document)
  } finally {
    await standIn.stop()
  }
})

test.each([
  ['a flag that it does not know', ['--json', '--no-such-flag'], '', 2, 'wrong-use', 'no-such-flag'],
  ['no server named', ['--json'], '', 2, 'configuration', 'EVENTSTORE_URL: names no server'],
  ['a server that does not answer', ['--json'], 'esdb://127.0.0.1:1?tls=false', 1, 'failed', ''],
])(
  'begin-epoch --json, with %s, answers one document, too',
  { timeout: 180_000 },
  async (_, words, url, exit, code, said) => {
    const { code: ended, document, err } = await beginEpoch(words, url)
    expect(ended).toBe(exit)
    expect(document).toEqual({ error: { code, message: expect.stringContaining(said) } })
    expect(err).toContain(said)
  },
)

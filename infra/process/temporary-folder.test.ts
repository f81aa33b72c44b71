import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { undoAll } from './at-end.ts'
import { markOf, runs, thisProcess } from './identity.ts'
import { removeLeftFolders, temporaryFolder } from './temporary-folder.ts'

const foldersOf = (kind: string): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`wufei-${kind}-`))

test('it carries the mark of its process, lets others pass, and goes with the process', async () => {
  const kept = temporaryFolder('testkept')
  const removed = temporaryFolder('testremoved')
  expect(kept.path).toContain(`wufei-testkept-${markOf(thisProcess())}-`)
  expect(statSync(kept.path).mode & 0o777).toBe(0o711)
  removed.remove()
  expect(existsSync(removed.path)).toBe(false)
  await undoAll()
  expect(existsSync(kept.path)).toBe(false)
})

test.skipIf(process.platform !== 'linux')(
  'what a killed process left is removed by the next, with a process that still works in it; what lives stays',
  async () => {
    const living = temporaryFolder('testliving')
    const dead = join(tmpdir(), 'wufei-testdead-999999999-1-abcdef')
    const strange = join(tmpdir(), 'wufei-testdead-notes')
    mkdirSync(join(dead, 'postgres'), { recursive: true })
    writeFileSync(join(dead, 'postgres/file'), '')
    mkdirSync(strange, { recursive: true })
    const worker: ChildProcess = spawn('sleep', ['600'], { cwd: join(dead, 'postgres') })
    await once(worker, 'spawn')
    const end = once(worker, 'exit')
    expect(removeLeftFolders()).toContain(dead)
    await end
    expect(runs(worker.pid ?? 0)).toBe(false)
    expect(foldersOf('testdead')).toEqual(['wufei-testdead-notes'])
    expect(existsSync(living.path)).toBe(true)
    living.remove()
    rmSync(strange, { recursive: true })
  },
)

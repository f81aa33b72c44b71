import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { endWithUs } from '../../process/end-with-us.ts'
import { REALM_FILE } from './contract.ts'

export interface KeycloakOptions {
  /** Folder of the unpacked distribution; nothing is written into it. */
  readonly distribution: string
  /** As the image is given it: `start --import-realm`. */
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Answers once the server can be asked. */
  readonly ready: string
}

/** Least memory and the quickest start: 340 MB. The optimising compiler would only compete for the cores. */
const JVM = '-Xms64m -Xmx384m -XX:MaxMetaspaceSize=256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1'
/** Half a minute where the machine has nothing else to do. */
const READY_MS = 600_000
const STOP_MS = 15_000

/**
 * A real Keycloak of our own, with our realm where the image has it. It lives in a copy of the distribution: its first start puts together
 * the parts that its settings need, and writes them there. The result stops it and removes the copy.
 * @throws Error with the server's own last lines where it does not come up
 */
export async function startKeycloak({
  distribution,
  command,
  environment,
  ready,
}: KeycloakOptions): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'keycloak-'))
  cpSync(distribution, home, { recursive: true })
  mkdirSync(join(home, 'data/import'), { recursive: true })
  cpSync(REALM_FILE, join(home, 'data/import/realm.json'))
  const log = join(home, 'log')
  const output = openSync(log, 'a')
  // A group of its own: the script starts Java beside itself.
  const child = spawn(join(home, 'bin/kc.sh'), command, {
    stdio: ['ignore', output, output],
    detached: true,
    env: { JAVA_OPTS: JVM, ...environment },
  })
  closeSync(output)
  endWithUs(child, { group: true, folder: home })

  const stop = async (): Promise<void> => {
    await endGroup(child)
    rmSync(home, { recursive: true, force: true })
  }
  for (const until = performance.now() + READY_MS; ; await pause(100)) {
    if ((await fetch(ready).catch(() => undefined))?.ok) return stop
    if (child.exitCode === null && child.signalCode === null && performance.now() < until) continue
    const last = existsSync(log) ? readFileSync(log, 'utf8').slice(-4_000) : ''
    await stop()
    throw new Error(`Keycloak did not come up: ${last}`)
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return
  const group = -child.pid
  const signal = (name: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(group, name)
    } catch {
      // Nobody of the group is left.
      return false
    }
  }
  const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
  signal('SIGTERM')
  const patience = setTimeout(() => signal('SIGKILL'), STOP_MS)
  await gone
  while (signal(0)) await pause(20)
  clearTimeout(patience)
}

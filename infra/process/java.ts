import { spawnSync } from 'node:child_process'

/** Why nothing that needs Java can be started on this machine; undefined where it can. */
export const javaMissing = (): string | undefined =>
  spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0
    ? undefined
    : 'no Java: install a JRE of version 17 or newer'

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { read, root } from './compose-file.ts'

export interface Image {
  /** Its file system, as far as it is ours: `/park`. */
  readonly workdir: string
  readonly environment: Readonly<Record<string, string>>
  readonly entrypoint: readonly string[]
  readonly healthcheck: readonly string[]
  readonly user: string
}

interface Instruction {
  readonly word: string
  readonly rest: string
}

const instructions = (): readonly Instruction[] =>
  read('infra/deploy/Dockerfile')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ word: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1).trim() }))

/** Whether the build may see a path: `.dockerignore` shuts everything out and lets the parts of the image in again, the last line that fits wins. */
export function inContext(path: string): boolean {
  let seen = true
  for (const line of read('.dockerignore').split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const pattern = line.replace(/^!/, '')
    const fits = new RegExp(
      `^${pattern.replaceAll('.', String.raw`\.`).replaceAll('**/', '(.+/)?').replaceAll('*', '[^/]*')}(/|$)`,
    ).test(path)
    if (fits) seen = line.startsWith('!')
  }
  return seen
}

/**
 * Does in a folder what the Dockerfile says, as far as that needs no engine: COPY from the context or another stage, RUN, WORKDIR. The base
 * image is this machine's Node; of users, ports and capabilities nothing is tried.
 */
export function buildImage(): Image {
  const folder = mkdtempSync(join(tmpdir(), 'wufei-image-'))
  const stages: string[] = []
  const names = new Map<string, string>()
  const environment: Record<string, string> = {}
  let workdir = '/'
  let [user, entrypoint, healthcheck] = ['', '[]', '']
  const here = (path: string, stage = stages.at(-1) ?? ''): string =>
    join(stage, path.startsWith('/') ? path : join(workdir, path))

  for (const { word, rest } of instructions()) {
    switch (word) {
      case 'FROM': {
        const stage = join(folder, String(stages.length))
        stages.push(stage)
        names.set(/ AS (\S+)$/.exec(rest)?.[1] ?? '', stage)
        break
      }
      case 'WORKDIR':
        workdir = rest
        mkdirSync(here(rest), { recursive: true })
        break
      case 'ENV':
        Object.assign(environment, Object.fromEntries(rest.split(' ').map((pair) => pair.split('='))))
        break
      case 'COPY': {
        const [, from, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(rest) ?? []
        const [to = '', ...sources] = paths.split(' ').reverse()
        for (const source of sources) {
          const target = here(sources.length > 1 || to === './' ? join(to, source) : to)
          mkdirSync(dirname(target), { recursive: true })
          if (from) cpSync(here(source, names.get(from)), target, { recursive: true, verbatimSymlinks: true })
          else
            cpSync(new URL(source, root), target, {
              recursive: true,
              filter: (path) => inContext(path.slice(root.pathname.length)),
            })
        }
        break
      }
      case 'RUN':
        execFileSync('sh', ['-c', rest], {
          cwd: here('.'),
          stdio: 'pipe',
          env: { ...process.env, npm_config_prefer_offline: 'true' },
        })
        break
      case 'USER':
        user = rest
        break
      case 'ENTRYPOINT':
        entrypoint = rest
        break
      case 'HEALTHCHECK':
        healthcheck = rest.slice(rest.indexOf('CMD ') + 4)
        break
      case 'CMD':
      case 'EXPOSE':
        break
      default:
        throw new Error(`an instruction that is not tried here: ${word}`)
    }
  }
  return {
    workdir: here('.'),
    environment,
    entrypoint: JSON.parse(entrypoint) as string[],
    healthcheck: JSON.parse(healthcheck) as string[],
    user,
  }
}

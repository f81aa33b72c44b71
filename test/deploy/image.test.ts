import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../infra/postgres/cluster.ts'
import { freshDatabase } from '../support/database.ts'
import { buildImage, inContext, type Image } from './image.ts'
import { endWithUs } from '../../infra/process/end-with-us.ts'

// Some twenty thousand small files are written and removed again, which takes a busy disk minutes.
const wanted = process.env['IMAGE'] !== undefined || process.env['CI'] !== undefined
if (!wanted)
  console.log('skipped: the image is put together only where it is asked for (npm run check:image) and in CI')

let image: Image
beforeAll(() => {
  if (wanted) image = buildImage()
}, 600_000)
afterAll(() => {
  if (wanted) rmSync(dirname(dirname(image.workdir)), { recursive: true, force: true })
}, 600_000)

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: true; readonly optional?: true }>>
}

describe.skipIf(!wanted)('the image', () => {
  test('holds the packages of production, and of ours no test, no bench and no secret', () => {
    const { packages } = JSON.parse(readFileSync(join(image.workdir, 'package-lock.json'), 'utf8')) as Lock
    for (const [path, { dev, optional }] of Object.entries(packages)) {
      if (path !== '' && optional !== true)
        expect(existsSync(join(image.workdir, path, 'package.json')), path).toBe(dev !== true)
    }
    const files = ['schemas', 'infra', 'projections', 'services'].flatMap((folder) =>
      readdirSync(join(image.workdir, folder), { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path}`,
      ),
    )
    expect(files.length).toBeGreaterThan(300)
    expect(
      files.filter((path) => /\.test\.ts$|(^|\/)bench(\/|$)|(^|\/)node_modules(\/|$)|deploy\/secrets/.test(path)),
    ).toEqual([])
    for (const path of [
      '.git/config',
      '.data/postgres',
      'infra/deploy/secrets/database-url',
      'services/park/bench/p14.ts',
      'test/README.md',
    ])
      expect(inContext(path), path).toBe(false)
    for (const path of ['infra/deploy/healthcheck.mjs', 'infra/event-store/postgres/migrations/0001-log.sql'])
      expect(inContext(path), path).toBe(true)
  })

  test('is run by a user without rights, by node itself and without a shell between', () => {
    expect([image.user, image.entrypoint[0], image.environment['NODE_ENV']]).toEqual(['node', 'node', 'production'])
  })

  test('starts a process on its packages alone: it becomes healthy, and stops in order when it is asked to', async () => {
    const database = await freshDatabase()
    const port = await freePort()
    const secret = join(image.workdir, 'database-url')
    writeFileSync(secret, database.url)
    const env = {
      ...image.environment,
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL_FILE: secret,
      OIDC_ISSUER: 'http://keycloak.localhost:8180/realms/wufei',
    }
    const run = (words: readonly string[]) => {
      const child = spawn(words[0] ?? '', words.slice(1), {
        cwd: image.workdir,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      endWithUs(child)
      return child
    }
    const healthy = async (): Promise<number | null> => (await once(run(image.healthcheck), 'exit'))[0] as number | null

    expect(await healthy()).toBe(1)
    const service = run([...image.entrypoint, 'registry'])
    let errors = ''
    service.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    try {
      for await (const line of createInterface({ input: service.stdout })) if (line.startsWith('ready ')) break
      expect(service.exitCode, errors).toBeNull()
      expect(await healthy()).toBe(0)
      service.kill('SIGTERM')
      const [code] = (await once(service, 'exit')) as [number | null]
      expect(code, errors).toBe(0)
    } finally {
      service.kill('SIGKILL')
      await database.drop()
    }
  })
})

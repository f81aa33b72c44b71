import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfiguration } from '../../infra/configuration/configuration.ts'
import { variables, type Variable } from '../../infra/configuration/variables.ts'
import { allProjections } from '../../projections/all.ts'
import { SERVICE_NAMES } from '../../infra/configuration/services.ts'
import { composeFile, hostsIn, processesOf, read, root } from './compose-file.ts'

const file = composeFile()
const { services } = file
const processes = processesOf(file)
const realm = JSON.parse(read('infra/deploy/keycloak/realm.json')) as { realm: string }
const version = (JSON.parse(read('package.json')) as { version: string }).version

let secrets: string
beforeAll(() => {
  secrets = mkdtempSync(join(tmpdir(), 'wufei-secrets-'))
  makeSecrets()
})
afterAll(() => rmSync(secrets, { recursive: true, force: true }))
const makeSecrets = () =>
  execFileSync('node', ['infra/deploy/make-secrets.mjs', secrets], { cwd: root, encoding: 'utf8' })
/** A secret where its container finds it, as made on this machine. */
const secretFile = (path: string): string => readFileSync(join(secrets, path.replace('/run/secrets/', '')), 'utf8')
const configurationOf = (environment: Readonly<Record<string, string>>) => readConfiguration(environment, secretFile)

describe('the file', () => {
  test('is one by the schema of the compose specification', () => {
    const lint = createRequire(import.meta.url).resolve('dclint/package.json')
    // It names its dialect (draft 7) by an address that Ajv does not know it by.
    const { $schema: _, ...schema } = JSON.parse(
      readFileSync(join(dirname(lint), 'schemas/compose.schema.json'), 'utf8'),
    ) as { $schema: string }
    const ajv = new Ajv({ strict: false, allErrors: true })
    ;(formats as unknown as (ajv: Ajv) => void)(ajv)
    const validate = ajv.compile(schema)
    const whole = parse(read('docker-compose.yml'), { merge: true }) as Record<string, object>
    expect(validate(whole), JSON.stringify(validate.errors)).toBe(true)
    expect(
      validate({ ...whole, services: { ...services, gateway: { ...services['gateway'], prots: ['80:80'] } } }),
    ).toBe(false)
  })

  test('pins every image to a version, and ours to that of the package', () => {
    for (const [name, { image }] of Object.entries(services))
      expect(image, name).toMatch(/^[a-z0-9./-]+:v?\d+(\.\d+)+(-[a-z0-9-]+)?$/)
    for (const [name, { image }] of processes) expect(image, name).toBe(`wufei:${version}`)
    const bases = [...read('infra/deploy/Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
    expect(bases.length).toBe(2)
    for (const image of bases) expect(image).toMatch(/^node:\d+\.\d+\.\d+-[a-z-]+$/)
  })

  test('names nothing that is not there: services, volumes, secrets, mounted files', () => {
    const used = new Set<string>()
    for (const [name, { depends_on: needs = {}, volumes = [], secrets: named = [] }] of Object.entries(services)) {
      for (const needed of Object.keys(needs)) expect(services, `${name} needs ${needed}`).toHaveProperty(needed)
      for (const secret of named) expect(file.secrets, `${name}: ${secret}`).toHaveProperty(secret)
      for (const [source = ''] of volumes.map((volume) => volume.split(':'))) {
        if (source.startsWith('./')) expect(existsSync(new URL(source, root)), `${name}: ${source}`).toBe(true)
        else used.add(source)
      }
    }
    expect([...used].sort()).toEqual(Object.keys(file.volumes).sort())
  })

  test('waits for health only where health is told', () => {
    const told = read('infra/deploy/Dockerfile').includes('HEALTHCHECK')
    for (const [name, { depends_on: needs = {} }] of Object.entries(services))
      for (const [needed, { condition }] of Object.entries(needs))
        if (condition === 'service_healthy')
          expect(
            services[needed]?.healthcheck ?? (services[needed]?.build && told),
            `${name} needs ${needed}`,
          ).toBeTruthy()
  })
})

describe('secrets', () => {
  test('are made once, all that the file names and no other, and a second run leaves them alone', () => {
    const named = [
      ...Object.values(file.secrets).map((secret) => secret.file),
      ...Object.values(services).flatMap(({ env_file: files = [] }) => files),
    ]
    const before = readdirSync(secrets).map((name) => [name, secretFile(name)])
    expect([...new Set(named)].map((path) => path.replace('infra/deploy/secrets/', '')).sort()).toEqual(
      readdirSync(secrets).sort(),
    )
    expect(makeSecrets()).toContain('nothing was changed')
    expect(readdirSync(secrets).map((name) => [name, secretFile(name)])).toEqual(before)
  })

  test('stand in no file of the repository and in no image', () => {
    for (const path of ['infra/deploy/secrets/database-url'])
      expect(execFileSync('git', ['check-ignore', path], { cwd: root, encoding: 'utf8' }).trim()).toBe(path)
    expect(read('.dockerignore').split('\n')).toContain('infra/deploy/secrets')
    const passwords = Object.entries(services).flatMap(([name, { environment = {} }]) =>
      Object.keys(environment).flatMap((key) =>
        /PASSWORD|SECRET|DATABASE_URL/.test(key) && !key.endsWith('_FILE') ? [`${name} ${key}`] : [],
      ),
    )
    expect(passwords).toEqual([])
  })
})

describe('each process of ours', () => {
  test('is there, in two copies, and together they fold every projection once', () => {
    const started = processes.map(([, { command = [] }]) => command[0])
    expect(new Set(started)).toEqual(new Set([...SERVICE_NAMES, 'gateway', 'relay', 'projections']))
    for (const [name, { deploy }] of processes) expect(deploy?.replicas, name).toBe(2)
    const folded = processes.flatMap(([, { command = [] }]) => (command[0] === 'projections' ? command.slice(1) : []))
    expect(folded.toSorted()).toEqual(allProjections.map(({ name }) => name).toSorted())
  })

  test.each(processes)(
    '%s is told only what the configuration knows, and the configuration takes it',
    (_name, { environment = {}, secrets: given = [] }) => {
      for (const [key, value] of Object.entries(environment)) {
        const plain = key.replace(/_FILE$/, '')
        const row = (variables as Readonly<Record<string, Variable>>)[Object.hasOwn(variables, key) ? key : plain]
        expect(row, key).toBeDefined()
        if (!Object.hasOwn(variables, key)) {
          expect(row?.secret, `${key} is a secret`).toBe(true)
          expect(given.map((name) => `/run/secrets/${name}`)).toContain(value)
        }
      }
      const read = configurationOf(environment)
      expect(read).toMatchObject({ NODE_ENV: 'production', HOST: '0.0.0.0' })
      for (const [key, value] of Object.entries(environment))
        if (typeof (read as Record<string, unknown>)[key] === 'number')
          expect(String((read as Record<string, unknown>)[key])).toBe(value)
    },
  )

  test.each(processes)('%s has no more rights than it needs', (_name, service) => {
    expect(service).toMatchObject({
      user: '1000:1000',
      read_only: true,
      tmpfs: ['/tmp'],
      init: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      build: { context: '.', dockerfile: 'infra/deploy/Dockerfile' },
    })
    expect(service.volumes ?? []).toEqual(['eventstore-authority:/certificates:ro'])
  })
})

describe('addresses', () => {
  const gateway = services['gateway']?.environment ?? {}
  const port = Number(gateway['PORT'])

  test('the gateway knows every copy of every service by its name', () => {
    for (const service of SERVICE_NAMES) {
      const copies = Array.from(
        { length: services[service]?.deploy?.replicas ?? 0 },
        (_, n) => `http://${file.name}-${service}-${n + 1}:${services[service]?.environment?.['PORT']}`,
      )
      expect(configurationOf(gateway)[`${service.toUpperCase()}_URLS` as 'REGISTRY_URLS']).toEqual(copies)
    }
  })

  test('each copy of the gateway has a port of this machine, and the first is the origin', () => {
    const [, first, last, inside] = /^127\.0\.0\.1:(\d+)-(\d+):(\d+)$/.exec(services['gateway']?.ports?.[0] ?? '') ?? []
    expect(Number(last) - Number(first) + 1).toBe(services['gateway']?.deploy?.replicas)
    expect([Number(inside), gateway['PUBLIC_URL']]).toEqual([port, `http://localhost:${first}`])
  })

  test('nothing is published beyond this machine', () => {
    for (const [name, { ports = [] }] of Object.entries(services))
      for (const published of ports) expect(published, name).toMatch(/^127\.0\.0\.1:/)
  })

  test('the issuer is Keycloak with our realm, at one address inside and outside', () => {
    const { environment: keycloak = {}, networks, ports } = services['keycloak'] ?? {}
    const [[host, outside] = []] = hostsIn(keycloak['KC_HOSTNAME'] ?? '')
    expect(`${keycloak['KC_HOSTNAME']}/realms/${realm.realm}`).toBe(gateway['OIDC_ISSUER'])
    expect(networks).toMatchObject({ park: { aliases: [host] } })
    expect([String(outside), `127.0.0.1:${outside}:${outside}`]).toEqual([keycloak['KC_HTTP_PORT'], ports?.[0]])
  })

  test('the database is the one that is started, and Keycloak has its own in it', () => {
    const url = new URL(configurationOf(gateway).DATABASE_URL ?? '')
    const { POSTGRES_USER: user, POSTGRES_DB: name } = services['postgres']?.environment ?? {}
    expect([url.hostname, url.port, url.username, url.pathname]).toEqual(['postgres', '5432', user, `/${name}`])
    expect(url.password).toBe(secretFile('postgres-password'))
    expect(secretFile('keycloak.env')).toContain(`KC_DB_PASSWORD=${secretFile('keycloak-database-password')}\n`)
    expect(read('infra/deploy/postgres/keycloak.sh')).toContain(
      `create database ${services['keycloak']?.environment?.['KC_DB_URL']?.split('/').at(-1)} owner`,
    )
  })

  test('three nodes of Kafka elect one another, and an acknowledged record is on two of them', () => {
    const nodes = Object.entries(services).filter(([name]) => name.startsWith('kafka-'))
    expect(nodes).toHaveLength(3)
    for (const user of ['relay', 'projections-books', 'projections-lists'])
      expect(configurationOf(services[user]?.environment ?? {}).KAFKA_BROKERS, user).toEqual(
        nodes.map(([name]) => `${name}:9092`),
      )
    for (const [name, { environment = {} }] of nodes) {
      expect(environment['KAFKA_CONTROLLER_QUORUM_VOTERS']).toContain(`${environment['KAFKA_NODE_ID']}@${name}:9093`)
      expect(environment['KAFKA_ADVERTISED_LISTENERS']).toBe(`PLAINTEXT://${name}:9092`)
      expect([environment['KAFKA_DEFAULT_REPLICATION_FACTOR'], environment['KAFKA_MIN_INSYNC_REPLICAS']]).toEqual([
        '3',
        '2',
      ])
    }
    expect(Buffer.from(nodes[0]?.[1].environment?.['CLUSTER_ID'] ?? '', 'base64url')).toHaveLength(16)
  })

  test('three nodes of EventStoreDB know one another, each with a certificate of its own for its name and address', () => {
    const nodes = Object.entries(services).filter(([name]) => /^eventstore-\d$/.test(name))
    expect(nodes).toHaveLength(3)
    const script = read('infra/deploy/eventstore/make-certificates.sh')
    const url = configurationOf(gateway).EVENTSTORE_URL ?? ''
    const log = {
      hosts: hostsIn(url.slice(url.indexOf('@') + 1)).map((address) => address.join(':')),
      options: new URLSearchParams(url.split('?')[1]),
    }
    expect(log.hosts).toHaveLength(nodes.length)
    expect(secretFile('eventstore.env')).toContain(
      `EVENTSTORE_DEFAULT_ADMIN_PASSWORD=${/admin:(.+)@/.exec(url)?.[1]}\n`,
    )
    const [volume, folder] = services['gateway']?.volumes?.[0]?.split(':') ?? []
    expect(services['eventstore-certificates']?.volumes).toContain(`${volume}:/public`)
    expect([log.options.get('tls'), log.options.get('tlsCaFile')]).toEqual(['true', `${folder}/ca.crt`])
    expect(script).toContain('cp ./ca/ca.crt /public/ca.crt')
    expect(statSync(new URL('infra/deploy/eventstore/make-certificates.sh', root)).mode & 0o100).toBe(0o100)
    for (const [name, { environment = {}, networks }] of nodes) {
      const number = name.at(-1) ?? ''
      const address = environment['EVENTSTORE_REPLICATION_IP'] ?? ''
      expect(networks).toEqual({ park: { ipv4_address: address } })
      expect(script.replaceAll('$node', number)).toContain(
        `-ip-addresses "127.0.0.1,${address}" -dns-names "localhost,${name}"`,
      )
      expect(environment['EVENTSTORE_NODE_HOST_ADVERTISE_AS']).toBe(name)
      expect(environment['EVENTSTORE_CERTIFICATE_FILE']).toBe(`/etc/eventstore/certificates/node${number}/node.crt`)
      expect(log.hosts).toContain(`${name}:${environment['EVENTSTORE_NODE_PORT']}`)
      const seeds = hostsIn(environment['EVENTSTORE_GOSSIP_SEED'] ?? '').map(([host]) => host)
      expect([...seeds, name].sort()).toEqual(nodes.map(([other]) => other).sort())
    }
  })

  test('Prometheus asks every process of ours at its port, Grafana asks Prometheus, and traces go to the collector', () => {
    const scraped = parse(read('infra/deploy/prometheus/prometheus.yml')) as {
      scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[]
    }
    const [park] = scraped.scrape_configs[0]?.dns_sd_configs ?? []
    expect(park?.names.toSorted()).toEqual(processes.map(([name]) => name).toSorted())
    expect(park?.port).toBe(port)
    const sources = parse(read('infra/deploy/grafana/provisioning/datasources/park.yml')) as {
      datasources: { url: string }[]
    }
    for (const [host] of sources.datasources.flatMap(({ url }) => hostsIn(url))) expect(services).toHaveProperty(host)
    for (const [host] of hostsIn(gateway['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '')) expect(services).toHaveProperty(host)
  })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Kafka, logLevel } from 'kafkajs'
import { endWithUs } from '../../process/end-with-us.ts'
import { projectLibraries } from './libraries.ts'
import { nodeProperties } from './settings.ts'

/** Real Kafka brokers (KRaft) of our own, on loopback only; nodes are numbered from 1. */
export interface Brokers {
  /** `host:port` of each node. */
  readonly addresses: readonly string[]
  /** kill -9, settled once the process is gone. */
  kill(node: number): Promise<void>
  /** Starts a node that is down, on its data and its ports. */
  start(node: number): Promise<void>
  /** Waits until the cluster answers with `nodes` brokers, by default all of them. */
  ready(nodes?: number): Promise<void>
  /** Stops every node; data in a folder that was made for it goes too. */
  stop(): Promise<void>
}

export interface BrokersOptions {
  readonly nodes?: 1 | 3
  /** Folder of the data; a temporary one by default. */
  readonly folder?: string
  /** Folder of the jars; the project's own by default. */
  readonly libraries?: string
}

/** Least memory and the quickest start: 170-220 MB a node. The optimising compiler would only compete for the cores. */
const JVM = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
/** Any 22 characters of base64. */
const CLUSTER = 'MkU3OEVBNTcwNTJENDM2Qg'
/** 3-6 s where the machine has nothing else to do. */
const READY_MS = 180_000
const STOP_MS = 15_000

/** @throws Error with the node's own last lines where it does not come up */
export async function startBrokers({
  nodes = 1,
  folder,
  libraries = projectLibraries,
}: BrokersOptions = {}): Promise<Brokers> {
  const home = folder ?? mkdtempSync(join(tmpdir(), 'kafka-'))
  mkdirSync(home, { recursive: true })
  const ids = Array.from({ length: nodes }, (_, i) => i + 1)
  const ports = await freePorts(2 * nodes)
  const [brokerPorts, controllerPorts] = [ports.slice(0, nodes), ports.slice(nodes)]
  const addresses = brokerPorts.map((port) => `127.0.0.1:${port}`)
  const children = new Map<number, ChildProcess>()
  const fileOf = (id: number, ending: string) => join(home, `${id}.${ending}`)

  function java(main: string, ...args: readonly string[]): ChildProcess {
    const classes = ['-cp', join(libraries, '*')]
    const log = `-Dlog4j2.configurationFile=${fileURLToPath(new URL('log4j2.properties', import.meta.url))}`
    const child = spawn('java', [...JVM, log, ...classes, main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    endWithUs(child, folder === undefined ? { folder: home } : {})
    return child
  }

  async function start(id: number): Promise<void> {
    const known = children.get(id)
    if (known && known.exitCode === null && known.signalCode === null) return
    const child = java('kafka.Kafka', fileOf(id, 'properties'))
    child.stderr?.on('data', (text) => appendFileSync(fileOf(id, 'log'), text))
    children.set(id, child)
    await once(child, 'spawn')
  }

  async function format(id: number): Promise<void> {
    if (existsSync(join(home, String(id), 'meta.properties'))) return
    const child = java('kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', fileOf(id, 'properties'))
    let errors = ''
    child.stderr?.on('data', (text) => (errors += String(text)))
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`the storage of node ${id} could not be formatted: ${errors.slice(-2_000)}`)
  }

  async function ready(count: number = nodes): Promise<void> {
    const until = performance.now() + READY_MS
    while (!(await answers(addresses, count))) {
      const dead = [...children].find(([, child]) => child.exitCode !== null)
      if (dead || performance.now() > until) {
        const [id] = dead ?? [1]
        const log = existsSync(fileOf(id, 'log')) ? readFileSync(fileOf(id, 'log'), 'utf8').slice(-2_000) : ''
        throw new Error(
          dead ? `node ${id} ended by itself: ${log}` : `no ${count} brokers within ${READY_MS} ms: ${log}`,
        )
      }
      await pause(50)
    }
  }

  async function end(id: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = children.get(id)
    children.delete(id)
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await gone
    clearTimeout(patience)
  }

  for (const id of ids)
    writeFileSync(
      fileOf(id, 'properties'),
      nodeProperties({ id, folder: join(home, String(id)), brokerPorts, controllerPorts }),
    )
  try {
    await Promise.all(ids.map(format))
    await Promise.all(ids.map(start))
    await ready()
  } catch (fault) {
    await Promise.all(ids.map((id) => end(id, 'SIGKILL')))
    throw fault
  }
  return {
    addresses,
    start,
    ready,
    kill: (id) => end(id, 'SIGKILL'),
    async stop() {
      await Promise.all(ids.map((id) => end(id, 'SIGTERM')))
      if (folder === undefined) rmSync(home, { recursive: true, force: true })
    },
  }
}

/** The port of a broker opens before it can answer, so the cluster itself is asked. */
async function answers(brokers: readonly string[], count: number): Promise<boolean> {
  const admin = new Kafka({
    brokers: [...brokers],
    clientId: 'ready',
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
  }).admin()
  try {
    await admin.connect()
    return (await admin.describeCluster()).brokers.length >= count
  } catch {
    return false
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

/**
 * Ports below those that the system hands to outgoing connections (32768 and up): while a node is down nobody may take its port by chance,
 * least of all a client that tries to reach it.
 */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = 20_000 + randomInt(12_000)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })

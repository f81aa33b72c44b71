import { atEnd } from '../../../infra/process/at-end.ts'
import { openFront } from './front.ts'
import { freePorts } from './free-ports.ts'
import { layoutOf, processCount, type ProcessPlan } from './layout.ts'
import { prepareProgram } from './program.ts'
import { supervise, type Supervisor, type SupervisorOptions } from './supervisor.ts'

/** A park of many processes on this machine, ready to be asked. */
export interface DistributedPark {
  /** Where people and programs reach it. */
  readonly origin: string
  readonly plans: readonly ProcessPlan[]
  readonly supervisor: Omit<Supervisor, 'ready' | 'stop'>
  close(): Promise<void>
}

export interface DistributedParkOptions extends Pick<SupervisorOptions, 'environment' | 'onLine'> {
  readonly databaseUrl: string
  /** Issuer of tokens; without one the gateways are. */
  readonly issuer?: string | undefined
  /** Of each process. */
  readonly copies?: number
  readonly host?: string
  /** Of the front; 0 takes a free one. */
  readonly port?: number
}

const COPIES = 2

/** Starts every process of a park in `copies` and a front before its gateways; settles when all of them are ready. */
export async function openDistributedPark(options: DistributedParkOptions): Promise<DistributedPark> {
  const { databaseUrl, issuer, copies = COPIES, host = '127.0.0.1', port = 0, ...supervision } = options
  const relayed = options.environment['FEED'] === 'kafka'
  const processes = processCount({ copies, relayed })
  const firstPort = await freePorts(processes + 1)
  const frontPort = port === 0 ? firstPort + processes : port
  const origin = `http://${host}:${frontPort}`
  const plans = layoutOf({ databaseUrl, origin, issuer, relayed, copies, firstPort })
  // The front comes first: services ask the issuer behind it for its keys.
  const front = await openFront({
    host,
    port: frontPort,
    backs: plans.filter(({ command }) => command[0] === 'gateway').map(({ url }) => url),
  })
  const program = prepareProgram()
  const supervisor = supervise({ program, plans, ...supervision })
  const close = async (): Promise<void> => {
    forget()
    await supervisor.stop()
    await front.close()
    program.discard()
  }
  // Also where this process is asked to end before all of them are ready.
  const forget = atEnd(close)
  try {
    await supervisor.ready()
  } catch (fault) {
    await close()
    throw fault
  }
  return { origin, plans, supervisor, close }
}

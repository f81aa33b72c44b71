import type { FastifyInstance } from 'fastify'
import type { Configuration } from '../../../infra/configuration/configuration.ts'
import type { Logger } from '../../../infra/telemetry/logger.ts'

/** One process of a distributed park: it serves once `app` listens. */
export interface ParkProcess {
  readonly app: FastifyInstance
  /** Takes no more requests, finishes those under way, gives up what it led and closes what it opened. */
  close(): Promise<void>
}

export interface ProcessOptions {
  readonly config: Configuration
  /** Origin by which the world reaches the gateway, and its machine any other process. */
  readonly url: string
  readonly logger: Logger
}

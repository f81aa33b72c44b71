import type { DueDeadline, ProcessCommandHandlers } from '../../../infra/commanding/deadlines.ts'
import type { Envelope, Outcome, Runtime } from '../../../infra/commanding/execute.ts'
import { raiseFinding, settleFinding } from '../../../infra/commanding/findings.ts'
import type { Policy } from '../../../infra/commanding/policies.ts'
import { SERVICE_NAMES, type ServiceName } from '../../../infra/configuration/services.ts'
import type { CommandRoute } from '../../../infra/http/command-route-types.ts'
import { policies as classificationPolicies } from '../../classification/policies.ts'
import { routes as classificationRoutes } from '../../classification/routes.ts'
import { policies as collectionPolicies } from '../../collection/policies.ts'
import { routes as collectionRoutes } from '../../collection/routes.ts'
import { processCommands as disposalCommands, processes as disposalProcesses } from '../../disposal/deadlines.ts'
import { policies as disposalPolicies } from '../../disposal/policies.ts'
import { routes as disposalRoutes } from '../../disposal/routes.ts'
import { policies as generationPolicies } from '../../generation/policies.ts'
import { routes as generationRoutes } from '../../generation/routes.ts'
import { policies as registryPolicies } from '../../registry/policies.ts'
import { routes as registryRoutes } from '../../registry/routes.ts'
import {
  processCommands as supervisionCommands,
  processes as supervisionProcesses,
} from '../../supervision/deadlines.ts'
import { policies as supervisionPolicies } from '../../supervision/policies.ts'
import { routes as supervisionRoutes } from '../../supervision/routes.ts'
import { processCommands as transportCommands, processes as transportProcesses } from '../../transport/deadlines.ts'
import { policies as transportPolicies } from '../../transport/policies.ts'
import { routes as transportRoutes } from '../../transport/routes.ts'
import type { ProcessCommand, ProcessManager } from '../../../schemas/processes/process.ts'
import type { Moment } from '../../../schemas/values/time.ts'

/** What one service brings into its process. */
export interface ServicePart {
  readonly routes: readonly CommandRoute[]
  readonly policies: readonly Policy[]
  /** Process managers whose deadlines its leader carries out. */
  readonly processes?: readonly ProcessManager[]
  /** Carries out commands of every service, once an official has released them: with all that follows from them in the same request. */
  readonly performsHeld?: true
}

/** What each service of the list consists of; a service of the list without its part does not compile. */
export const serviceParts: Readonly<Record<ServiceName, ServicePart>> = {
  registry: { routes: registryRoutes, policies: registryPolicies },
  generation: { routes: generationRoutes, policies: generationPolicies },
  classification: { routes: classificationRoutes, policies: classificationPolicies },
  collection: { routes: collectionRoutes, policies: collectionPolicies },
  transport: { routes: transportRoutes, policies: transportPolicies, processes: transportProcesses },
  disposal: { routes: disposalRoutes, policies: disposalPolicies, processes: disposalProcesses },
  supervision: {
    routes: supervisionRoutes,
    policies: supervisionPolicies,
    processes: supervisionProcesses,
    performsHeld: true,
  },
}

const parts = SERVICE_NAMES.map((name) => serviceParts[name])

/** Every command that the park takes, in the order of the stages. */
export const routes: readonly CommandRoute[] = parts.flatMap((part) => part.routes)

/** What follows from what, over all services. */
export const policies: readonly Policy[] = parts.flatMap((part) => part.policies)

/** What may follow later, over all services. */
export const processes: readonly ProcessManager[] = parts.flatMap((part) => part.processes ?? [])

/** How the commands of process managers are carried out. */
const processCommands: ProcessCommandHandlers = { ...transportCommands, ...disposalCommands, ...supervisionCommands }

/** Carries out what a process wanted to be done at that instant. */
export function performDue(
  runtime: Runtime,
  { effect, due }: DueDeadline,
  envelope: Envelope,
): Promise<Outcome<unknown>> {
  switch (effect.type) {
    case 'raise':
      return raiseFinding(runtime, effect.finding, due, envelope)
    case 'settle':
      return settleFinding(runtime, effect, due, envelope)
    case 'send':
      return send(runtime, effect.command, due, envelope)
  }
}

function send(runtime: Runtime, command: ProcessCommand, due: Moment, envelope: Envelope): Promise<Outcome<unknown>> {
  // The handler of a type takes commands of that type: the two are one row of `ProcessCommandHandlers`.
  const perform = processCommands[command.type] as (
    runtime: Runtime,
    command: ProcessCommand,
    due: Moment,
    envelope: Envelope,
  ) => Promise<Outcome<unknown>>
  return perform(runtime, command, due, envelope)
}

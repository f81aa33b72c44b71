import type { Runtime } from '../../infra/commanding/execute.ts'
import { useCasesOf } from '../../infra/http/use-cases.ts'
import { policies, routes } from '../../services/park/process/parts.ts'
import { testRuntime } from '../support/runtime.ts'
import { NOW } from '../support/transfers.ts'

export { routes as parkRoutes } from '../../services/park/process/parts.ts'

/** All services over the model store; without a moment, on the evening of the small park's transfer. */
export const parkRuntime = (now: string = NOW): Runtime => testRuntime({ policies, now, useCases: useCasesOf(routes) })

import type { ProcessCommandHandlers } from '../../infra/commanding/deadlines.ts'
import { holdTerms } from '../../schemas/processes/hold-terms.ts'
import { manifestTerms } from '../../schemas/processes/manifest-terms.ts'
import type { ProcessManager } from '../../schemas/processes/process.ts'
import { expireHold } from './holds.ts'

/** Process managers whose deadlines this service carries out. */
export const processes: readonly ProcessManager[] = [manifestTerms, holdTerms]

export const processCommands: Pick<ProcessCommandHandlers, 'expire-hold'> = {
  'expire-hold': (runtime, { hold }, due, envelope) => expireHold(runtime, hold, due, envelope),
}

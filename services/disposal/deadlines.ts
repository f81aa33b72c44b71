import type { ProcessCommandHandlers } from '../../infra/commanding/deadlines.ts'
import { execute } from '../../infra/commanding/execute.ts'
import type { ProcessManager } from '../../schemas/processes/process.ts'
import { unrecordedTreatments } from '../../schemas/processes/unrecorded-treatments.ts'
import { treatmentStream } from '../../schemas/values/identifiers.ts'
import { abandonTreatment } from './decide/treatment.ts'
import { release } from './record.ts'

/** Process managers whose deadlines this service carries out. */
export const processes: readonly ProcessManager[] = [unrecordedTreatments]

export const processCommands: Pick<ProcessCommandHandlers, 'abandon-treatment' | 'end-set-aside'> = {
  'abandon-treatment': (runtime, { treatment }, occurredAt, envelope) =>
    execute(
      runtime,
      {
        decider: abandonTreatment,
        stream: treatmentStream(treatment),
        command: { occurredAt },
        context: () => Promise.resolve(undefined),
      },
      envelope,
    ),

  'end-set-aside': (runtime, command, occurredAt, envelope) => release(runtime, command, occurredAt, () => envelope),
}

import { contextOf, preliminary } from '../../infra/commanding/context.ts'
import type { ProcessCommandHandlers } from '../../infra/commanding/deadlines.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import { manifestOf } from '../../infra/commanding/stocks.ts'
import type { ProcessManager } from '../../schemas/processes/process.ts'
import { unfiledReservations } from '../../schemas/processes/unfiled-reservations.ts'
import { lotStream, manifestStream } from '../../schemas/values/identifiers.ts'
import type { Moment } from '../../schemas/values/time.ts'
import { releaseReservation } from './decide/lots.ts'
import { abandon } from './decide/road.ts'

/** Process managers whose deadlines this service carries out. */
export const processes: readonly ProcessManager[] = [unfiledReservations]

export const processCommands: Pick<ProcessCommandHandlers, 'abandon-filing' | 'release-reservation'> = {
  async 'abandon-filing'(runtime, { manifest, reserved }, occurredAt, envelope) {
    const outcome = await execute(
      runtime,
      {
        decider: abandon,
        stream: manifestStream(manifest),
        command: { occurredAt },
        context: () => Promise.resolve(contextOf(runtime, envelope)),
      },
      envelope,
    )
    if (outcome.status !== 'refused') return outcome
    // It was filed after all: what another filing of the same id reserved for itself belongs to no document.
    const { lines } = await manifestOf(runtime, manifest, 0)
    const filed = ({ lot, line }: { readonly lot: string; readonly line: number }): boolean =>
      lines.some((one) => one.line === line && one.lots.some((part) => part.lot === lot))
    let last: Outcome<unknown> | undefined
    for (const part of reserved.filter((one) => !filed(one))) {
      const own = preliminary(envelope, runtime.ids.derive('deadline-part', envelope.commandId, part.lot, part.line))
      last = await release(runtime, { manifest, ...part }, occurredAt, own)
      if (last.status !== 'done') return last
    }
    return last ?? { status: 'done', ...NOTHING_TO_DO, stream: manifestStream(manifest) }
  },

  'release-reservation': (runtime, command, occurredAt, envelope) => release(runtime, command, occurredAt, envelope),
}

const NOTHING_TO_DO = { revision: 0, position: 0, findings: [], events: 0, replayed: false, state: undefined } as const

function release(
  runtime: Runtime,
  { manifest, line, lot }: { readonly manifest: string; readonly line: number; readonly lot: string },
  occurredAt: Moment,
  envelope: Envelope,
): Promise<Outcome<unknown>> {
  return execute(
    runtime,
    {
      decider: releaseReservation,
      stream: lotStream(lot),
      command: { manifest, line, reason: 'never-filed', occurredAt },
      context: () => Promise.resolve(undefined),
    },
    envelope,
  )
}

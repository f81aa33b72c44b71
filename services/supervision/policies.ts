import type { Policy } from '../../infra/commanding/policies.ts'
import { evolveCorrection, noCorrection } from '../../schemas/correction/events.ts'
import { lotStream } from '../../schemas/values/identifiers.ts'
import { correctLot } from './corrections.ts'
import { performReleased } from './holds.ts'

const fold = { initial: noCorrection, evolve: evolveCorrection }

/** A correction that everyone agreed to becomes an event of the lot, which is then what its corrected history makes it. */
const correctLots: Policy = {
  name: 'correct-lots',
  on: ['CorrectionApplied'],
  async react({ stream, event }, runtime) {
    if (event.type !== 'CorrectionApplied') return []
    // Nothing happens to a correction after it was applied, so it does not matter how much later it is read.
    const { state } = await runtime.states.load(fold, stream, 0)
    if (state.status === 'none') return []
    const id = stream.slice('correction-'.length)
    return [
      {
        key: 'correct',
        stream: lotStream(state.lot),
        perform: (running, envelope) => correctLot(running, id, state, event.occurredAt, envelope),
      },
    ]
  },
}

/** A released command is carried out, and the hold notes what came of it. */
const carryOutReleased: Policy = {
  name: 'carry-out-released',
  on: ['HoldReleased'],
  react: ({ id, stream }) => [
    { key: 'carry-out', stream, perform: (running, envelope) => performReleased(running, stream, envelope, id) },
  ],
}

export const policies: readonly Policy[] = [correctLots, carryOutReleased]

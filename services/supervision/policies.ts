import type { Policy } from '../../infra/commanding/policies.ts'
import { evolveCorrection, noCorrection } from '../../schemas/correction/events.ts'
import { lotStream } from '../../schemas/values/identifiers.ts'
import { correctLot } from './corrections.ts'

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

export const policies: readonly Policy[] = [correctLots]

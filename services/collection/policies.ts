import type { Policy } from '../../infra/commanding/policies.ts'
import { evolveLot, noLot } from '../../schemas/lot/state.ts'
import { lotStream } from '../../schemas/values/identifiers.ts'
import { openChildLot } from './commands.ts'

const lotFold = { initial: noLot, evolve: evolveLot }

/** A split appends to the lot that it takes from; the lot that comes out of it gets its own first event here. */
const openWhatWasSplitOff: Policy = {
  name: 'open-what-was-split-off',
  on: ['LotSplit'],
  async react({ stream, event }, runtime) {
    if (event.type !== 'LotSplit') return []
    // Origin and age of a lot never change once it exists, so it does not matter how much later the policy reads them.
    const { state: parent } = await runtime.states.load(lotFold, stream, Number.POSITIVE_INFINITY)
    const command = { lot: stream.slice('lot-'.length), parent, split: event }
    return [
      {
        key: 'open',
        stream: lotStream(event.data.child),
        perform: (running, envelope) => openChildLot(running, command, envelope),
      },
    ]
  },
}

export const policies: readonly Policy[] = [openWhatWasSplitOff]

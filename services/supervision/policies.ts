import type { Policy } from '../../infra/commanding/policies.ts'
import { manifestIdOf } from '../../infra/commanding/stocks.ts'
import { evolveCorrection, noCorrection } from '../../schemas/correction/events.ts'
import { lotStream, manifestStream } from '../../schemas/values/identifiers.ts'
import { correctLot, correctManifest, followManifest, lotsToFollow } from './applied-corrections.ts'
import { lotsOn, manifestHistory } from './correction-context.ts'
import { performReleased } from './holds.ts'

const fold = { initial: noCorrection, evolve: evolveCorrection }

/** A correction that everyone agreed to becomes an event of its lot or manifest, which is then what its corrected history makes it. */
const applyCorrections: Policy = {
  name: 'correct-lots',
  on: ['CorrectionApplied'],
  async react({ stream, event }, runtime) {
    if (event.type !== 'CorrectionApplied') return []
    // Nothing happens to a correction after it was applied, so it does not matter how much later it is read.
    const { state } = await runtime.states.load(fold, stream, 0)
    if (state.status === 'none') return []
    const { lot, manifest } = state
    const applied = { ...state, id: stream.slice('correction-'.length) }
    const { occurredAt } = event
    if (manifest !== undefined)
      return [
        {
          key: 'correct',
          stream: manifestStream(manifest),
          perform: (running, envelope) => correctManifest(running, manifest, applied, occurredAt, envelope),
        },
      ]
    if (lot === undefined) return []
    return [
      {
        key: 'correct',
        stream: lotStream(lot),
        perform: (running, envelope) => correctLot(running, lot, applied, occurredAt, envelope),
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

/** Mass moves in the streams of lots: they follow what their manifest says now. */
const followCorrectedManifests: Policy = {
  name: 'follow-corrected-manifests',
  on: ['ManifestCorrected'],
  unordered: true,
  async react({ stream, event }, runtime) {
    const manifest = manifestIdOf(stream)
    if (event.type !== 'ManifestCorrected' || manifest === undefined) return []
    const { correction: id, reason, agreed } = event.data
    const lots = await lotsToFollow(runtime, manifest, lotsOn(await manifestHistory(runtime, manifest)))
    return lots.map((lot) => ({
      key: lot,
      stream: lotStream(lot),
      perform: (running, envelope) =>
        followManifest(running, { manifest, lot }, { id, reason, agreed }, event.occurredAt, envelope),
    }))
  },
}

export const policies: readonly Policy[] = [applyCorrections, followCorrectedManifests, carryOutReleased]

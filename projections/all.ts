import { casesProjection } from './cases/projection.ts'
import { holdsProjection } from './holds/projection.ts'
import { correctionsProjection } from './corrections/projection.ts'
import { eventPlacesProjection } from './event-places/projection.ts'
import { findingsProjection } from './findings/projection.ts'
import { journal } from './journal/projection.ts'
import { lotsProjection } from './lots/projection.ts'
import { manifestsProjection } from './manifests/projection.ts'
import { processesProjection } from './processes/projection.ts'
import type { Projection } from './projection.ts'
import { registryProjection } from './registry/projection.ts'

/** Every read model of the park: what the runner folds and a rebuild replays. */
export const allProjections: readonly Projection[] = [
  journal,
  lotsProjection,
  manifestsProjection,
  registryProjection,
  findingsProjection,
  casesProjection,
  correctionsProjection,
  holdsProjection,
  eventPlacesProjection,
  processesProjection,
]

import { findingsProjection } from '../../projections/findings/projection.ts'
import { journal } from '../../projections/journal/projection.ts'
import { lotsProjection } from '../../projections/lots/projection.ts'
import { manifestsProjection } from '../../projections/manifests/projection.ts'
import type { Projection } from '../../projections/projection.ts'
import { registryProjection } from '../../projections/registry/projection.ts'

/** Every read model of the park. */
export const projections: readonly Projection[] = [journal, manifestsProjection, lotsProjection, registryProjection, findingsProjection]

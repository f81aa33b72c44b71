import { accept } from '../../../schemas/decision.ts'
import type { ManifestEventOf } from '../../../schemas/manifest/events.ts'
import { manifestDecider } from './manifest.ts'

type LineTreated = ManifestEventOf<'LineTreated'>

export interface NoteTreatment {
  readonly occurredAt: string
  readonly lines: readonly LineTreated['data'][]
}

/** What a treatment did to lines of a manifest, as follows from its event: the mass was decided there, and the document only says it. */
export const noteTreatment = manifestDecider<NoteTreatment, never>(({ occurredAt, lines }) =>
  accept(lines.map((data) => ({ type: 'LineTreated', occurredAt, data }))),
)

/** What left a line without being treated, as follows from the event of its lot. */
export const notePassedOn = manifestDecider<ManifestEventOf<'LinePassedOn'>, never>((event) => accept([event]))

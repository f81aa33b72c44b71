import type { Policy, Watch } from '../../infra/commanding/policies.ts'
import { policies as classification } from '../classification/policies.ts'
import { policies as collection } from '../collection/policies.ts'
import { policies as disposal } from '../disposal/policies.ts'
import { policies as generation } from '../generation/policies.ts'
import { policies as registry } from '../registry/policies.ts'
import { policies as transport, watches as transportWatches } from '../transport/policies.ts'

/** What follows from what, over all services. */
export const policies: readonly Policy[] = [
  ...registry,
  ...generation,
  ...classification,
  ...collection,
  ...transport,
  ...disposal,
]

/** What must follow within a time, over all services. */
export const watches: readonly Watch[] = [...transportWatches]

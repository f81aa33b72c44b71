import type { Policy } from '../../infra/commanding/policies.ts'

/** None: a lot's code and label are stated in its own stream, and nobody else has to act on them. */
export const policies: readonly Policy[] = []

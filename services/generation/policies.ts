import type { Policy } from '../../infra/commanding/policies.ts'

/** None: that waste comes to be asks nothing of the system by itself; who generated it classifies and stores it. */
export const policies: readonly Policy[] = []

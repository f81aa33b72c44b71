import type { Policy } from '../../infra/commanding/policies.ts'

/** None: what a unit registers moves no mass, and whoever decides by it reads the unit's own state. */
export const policies: readonly Policy[] = []

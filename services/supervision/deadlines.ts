import { manifestTerms } from '../../schemas/processes/manifest-terms.ts'
import type { ProcessManager } from '../../schemas/processes/process.ts'

/** Process managers whose deadlines this service carries out. */
export const processes: readonly ProcessManager[] = [manifestTerms]

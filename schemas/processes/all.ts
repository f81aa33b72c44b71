import { manifestTerms } from './manifest-terms.ts'
import type { ProcessManager } from './process.ts'
import { unfiledReservations } from './unfiled-reservations.ts'

/** Every process manager of the park, by its name; the leader of its service carries out what is due. */
export const processManagers: readonly ProcessManager[] = [unfiledReservations, manifestTerms]

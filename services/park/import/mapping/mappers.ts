import { generalMappers } from './general.ts'
import { hazardousMappers } from './hazardous.ts'
import { manifestMappers } from './manifests.ts'
import type { Mappers } from './mapper.ts'
import { masterDataMappers } from './master-data.ts'
import { treatmentMappers } from './treatment.ts'
import { tripMappers } from './trips.ts'

/** How each form's rows are read. Lines are read with their manifest. */
export const mappers: Mappers = {
  ...masterDataMappers,
  ...hazardousMappers,
  ...generalMappers,
  ...manifestMappers,
  ...treatmentMappers,
  ...tripMappers,
}

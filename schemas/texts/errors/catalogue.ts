import { borderErrors } from './border.ts'
import { commonErrors } from './common.ts'
import { correctionErrors } from './correction.ts'
import { graphqlErrors } from './graphql.ts'
import { holdErrors } from './hold.ts'
import { importErrors } from './import.ts'
import { lotErrors } from './lot.ts'
import { manifestErrors } from './manifest.ts'
import { registryErrors } from './registry.ts'
import { supervisionErrors } from './supervision.ts'
import type { ErrorRow } from './row.ts'

/** Every error that a user can meet: feeds REST problems (RFC 9457), GraphQL extensions, import reports and the docs. */
export const errorCatalogue: Readonly<Record<string, ErrorRow>> = {
  ...commonErrors,
  ...borderErrors,
  ...lotErrors,
  ...manifestErrors,
  ...registryErrors,
  ...supervisionErrors,
  ...correctionErrors,
  ...holdErrors,
  ...importErrors,
  ...graphqlErrors,
}

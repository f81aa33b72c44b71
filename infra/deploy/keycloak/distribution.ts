import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { javaMissing } from '../../process/java.ts'

/** Folder of the project with the distribution of Keycloak, as `fetch.sh` fills it. */
export const projectDistribution = fileURLToPath(new URL('../../../.cache/keycloak', import.meta.url))

/** Why no Keycloak can be started on this machine and what helps; undefined where one can. */
export function missingForKeycloak(distribution: string): string | undefined {
  if (!existsSync(join(distribution, 'bin/kc.sh')))
    return `no Keycloak in ${distribution}: run infra/deploy/keycloak/fetch.sh (Java 17 and Maven)`
  return javaMissing()
}

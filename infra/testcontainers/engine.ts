import { readFileSync } from 'node:fs'
import { GenericContainer, getContainerRuntimeClient } from 'testcontainers'
import { parse } from 'yaml'

/** Why nothing can be started in a container here; said once by each file that would. */
export async function engineMissing(what: string): Promise<string | undefined> {
  try {
    await getContainerRuntimeClient()
    return undefined
  } catch (fault) {
    const missing = fault instanceof Error ? fault.message : String(fault)
    process.stdout.write(`skipped: ${what} in a container needs an engine (${missing})\n`)
    return missing
  }
}

const services = (
  parse(readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8'), { merge: true }) as {
    services: Readonly<Record<string, { readonly image: string }>>
  }
).services

/** A container of the image that the compose file names for a service. */
export function containerOf(service: string): GenericContainer {
  const image = services[service]?.image
  if (image === undefined) throw new Error(`docker-compose.yml has no service ${service}`)
  return new GenericContainer(image)
}

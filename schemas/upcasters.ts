import { versionOf, type DomainEvent } from './event.ts'

/**
 * Steps from one schema version of an event to the next, `<type>@<version>` to its data as of version + 1: pure and total. Old events
 * stay as they were written; they are led up whenever they are read.
 */
export const upcasters: Readonly<Record<string, (data: unknown) => unknown>> = {}

/** The data of an event led up, version by version, to the newest schema. */
export function newestData({
  type,
  schemaVersion,
  data,
}: {
  readonly type: string
  readonly schemaVersion: number
  readonly data: unknown
}): unknown {
  const newest = versionOf(type as DomainEvent['type'])
  if (schemaVersion > newest)
    throw new Error(`${type} version ${schemaVersion} is newer than version ${newest}, the newest that this code knows`)
  let current = data
  for (let version = schemaVersion; version < newest; version++) {
    const step = upcasters[`${type}@${version}`]
    if (!step) throw new Error(`no upcaster leads from ${type} version ${version} on`)
    current = step(current)
  }
  return current
}

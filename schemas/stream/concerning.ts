import type { WasteStream } from '../values/waste.ts'

/** Units and streams of waste that an event names. */
export interface Named {
  readonly units: readonly (string | undefined)[]
  /** What the thing is from this event on; without it, what it was. */
  readonly streams?: readonly WasteStream[]
}

/**
 * Whom an event concerns beside those whom its stream concerned before. `begins`: the stream comes to be with it, and one that never began
 * concerns no unit. `joins`: the units take part from here on. `no new unit`: it names none. `ends`: the stream concerns no unit from here on.
 */
export type Concerning<Data> =
  | { readonly begins: (data: Data) => Named }
  | { readonly joins: (data: Data) => Named }
  | 'no new unit'
  | 'ends'

/** The units and streams that an event names; undefined where it names none. */
export function namedBy<Data>(concerns: Concerning<Data>, data: Data): Named | undefined {
  if (typeof concerns === 'string') return undefined
  return 'begins' in concerns ? concerns.begins(data) : concerns.joins(data)
}

/** Units that the id of a stream names by their credit code: `<code>` or `<code>-<year>`. */
export const unitsNamed = (id: string): readonly string[] => {
  const [, unit] = /^([0-9A-Z]{18})(?:-\d{4})?$/.exec(id) ?? []
  return unit === undefined ? [] : [unit]
}

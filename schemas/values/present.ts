type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The same record without the fields that are undefined: an event says nothing about what nobody said. */
export function present<T extends object>(fields: T): Present<T> {
  const said: Record<string, unknown> = {}
  for (const name of Object.keys(fields)) {
    const value: unknown = fields[name as keyof T]
    if (value !== undefined) said[name] = value
  }
  return said as Present<T>
}

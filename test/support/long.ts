/** Whether this is `npm run test:long`, which runs in full what `npm test` runs a slice of. */
export const LONG = process.env['LONG'] === '1'

/** How often something is tried: a slice in `npm test`, all of it in `npm run test:long`, any number by a variable of its own. */
export const rounds = (variable: string, { slice, long }: { readonly slice: number; readonly long: number }): number =>
  Number(process.env[variable] ?? (LONG ? long : slice))

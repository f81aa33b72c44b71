/** The npm script that this process is, where npm started it. */
export const npmScript = (): string | undefined => process.env['npm_lifecycle_event']

/** Why something failed, in one line: what each fault says, and then what stands behind it. */
export function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault)
  // Of several addresses of one host each has its own fault, and their sum says nothing.
  const causes: readonly unknown[] =
    fault instanceof AggregateError ? fault.errors : fault.cause === undefined ? [] : [fault.cause]
  const said = [fault.message, causes.map(reasonOf).join(', ')].filter((text) => text !== '')
  return said.join(': ') || fault.name
}

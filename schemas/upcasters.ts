/**
 * Steps from one schema version of an event to the next, `<type>@<version>` to its data as of version + 1: pure and total. Old events
 * stay as they were written; they are led up whenever they are read.
 */
export const upcasters: Readonly<Record<string, (data: unknown) => unknown>> = {}

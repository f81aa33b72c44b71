const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(Z|[+-]\d\d:\d\d)$/

/**
 * A moment in UTC with microseconds, `2025-12-06T00:52:00.000000Z`: such texts compare as the moments do. Finer digits are cut off, never
 * rounded up, so that a moment does not move past an event that was recorded after it.
 * @throws TypeError where the text is no RFC 3339 moment with an offset, or the day does not exist.
 */
export function utcMicros(moment: string): string {
  const whole = new Date(momentMs(moment)).toISOString().slice(0, 19)
  const fraction = RFC3339.exec(moment)?.[5] ?? ''
  return `${whole}.${fraction.padEnd(6, '0').slice(0, 6)}Z`
}

/** The same moment in whole seconds, as milliseconds since 1970; throws as above. */
export function momentMs(moment: string): number {
  const [, year, month, day, time, , offset] = RFC3339.exec(moment) ?? []
  if (day === undefined) throw new TypeError(`not an RFC 3339 moment with offset: ${JSON.stringify(moment)}`)
  const milliseconds = Date.parse(`${year}-${month}-${day}T${time}${offset}`)
  // Date.parse takes the 30th of February for the 2nd of March. Every month has 28 days.
  const exists = Number(day) <= 28 || Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  if (Number.isNaN(milliseconds) || !exists) throw new TypeError(`no such moment: ${JSON.stringify(moment)}`)
  return milliseconds
}

const HOST = '[\\w.-]+(?::\\d{1,5})?'
const URL = new RegExp(`^esdb(?:\\+discover)?://(?:[^\\s:@/?]+:[^\\s:@/?]+@)?${HOST}(?:,${HOST})*/?(?:\\?(.+))?$`)

const flag = /^(true|false)$/
const whole = /^-?\d{1,9}$/
const word = /^[^\s?]+$/
/** Options that the client of EventStoreDB knows, in lower case: it takes them in any. Certificates that are not verified it knows, but does not do. */
const OPTIONS: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    tls: flag,
    tlsverifycert: /^true$/,
    tlscafile: word,
    usercertfile: word,
    userkeyfile: word,
    dnsdiscover: flag,
    nodepreference: /^(leader|follower|random|read_only_replica)$/i,
    connectionname: word,
    throwonappendfailure: flag,
    defaultdeadline: whole,
    discoveryinterval: whole,
    gossiptimeout: whole,
    keepaliveinterval: whole,
    keepalivetimeout: whole,
    maxdiscoverattempts: whole,
  }),
)

/**
 * Whether the client of EventStoreDB understands all of a connection string. It has to be asked before the client is, which prints the whole of it,
 * password and all, where it meets something that it does not know.
 */
export function isEventStoreUrl(text: string): boolean {
  const found = URL.exec(text)
  if (!found) return false
  const options = found[1]?.split('&') ?? []
  return options.every((option) => {
    const at = option.indexOf('=')
    return OPTIONS.get(option.slice(0, at).toLowerCase())?.test(option.slice(at + 1)) ?? false
  })
}

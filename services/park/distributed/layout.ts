import { SERVICE_NAMES, copiesVariable } from '../../../infra/configuration/services.ts'

/** One process of the park as it is to be started: what `npm run service --` is followed by, and its environment. */
export interface ProcessPlan {
  /** `transport 2`: for people who read logs. */
  readonly label: string
  readonly command: readonly string[]
  readonly url: string
  readonly environment: Readonly<Record<string, string>>
}

export interface LayoutOptions {
  readonly databaseUrl: string
  /** Origin of the front, by which the world reaches the gateways. */
  readonly origin: string
  /** Issuer of tokens; the gateways are it where there is no other. */
  readonly issuer: string | undefined
  /** Whether the log is told to Kafka: then a relay is among the processes. */
  readonly relayed: boolean
  readonly copies: number
  /** First of as many ports as there are processes. */
  readonly firstPort: number
}

const HOST = '127.0.0.1'

/** The journal is the largest read model and folds by itself; the small ones keep each other company. */
const PROJECTION_GROUPS = [
  ['journal'],
  ['lots', 'manifests', 'registry', 'findings', 'cases', 'corrections', 'holds', 'event-places', 'processes'],
] as const

const kindsOf = (relayed: boolean): readonly (readonly string[])[] => [
  ...SERVICE_NAMES.map((name) => [name]),
  ...(relayed ? [['relay']] : []),
  ...PROJECTION_GROUPS.map((group) => ['projections', ...group]),
  ['gateway'],
]

export const processCount = ({ copies, relayed }: Pick<LayoutOptions, 'copies' | 'relayed'>): number =>
  kindsOf(relayed).length * copies

/** Every process of a distributed park on this machine, the gateways last. */
export function layoutOf({
  databaseUrl,
  origin,
  issuer,
  relayed,
  copies,
  firstPort,
}: LayoutOptions): readonly ProcessPlan[] {
  const placed = kindsOf(relayed).flatMap((command, kind) =>
    Array.from({ length: copies }, (_, copy) => ({ command, copy: copy + 1, port: firstPort + kind * copies + copy })),
  )
  const urlOf = (port: number): string => `http://${HOST}:${port}`
  const copiesOf = Object.fromEntries(
    SERVICE_NAMES.map((name) => [
      copiesVariable(name),
      placed
        .filter(({ command }) => command[0] === name)
        .map(({ port }) => urlOf(port))
        .join(','),
    ]),
  )
  return placed.map(({ command, copy, port }) => {
    const [name = ''] = command
    const own =
      name === 'gateway'
        ? { ...copiesOf, PUBLIC_URL: origin, ...(issuer === undefined ? {} : { OIDC_ISSUER: issuer }) }
        : { OIDC_ISSUER: issuer ?? `${origin}/oidc` }
    return {
      label: `${command.join(' ')} ${copy}`,
      command,
      url: urlOf(port),
      environment: { DATABASE_URL: databaseUrl, HOST, PORT: String(port), OTEL_SERVICE_NAME: `wufei-${name}`, ...own },
    }
  })
}

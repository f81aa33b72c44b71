import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

export interface ComposeService {
  readonly image: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly env_file?: readonly string[]
  readonly secrets?: readonly string[]
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly networks?:
    | readonly string[]
    | Readonly<Record<string, { readonly ipv4_address?: string; readonly aliases?: readonly string[] } | null>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly deploy?: { readonly replicas: number }
  readonly user?: string
  readonly read_only?: boolean
  readonly init?: boolean
  readonly tmpfs?: readonly string[]
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
}

export interface ComposeFile {
  readonly name: string
  readonly services: Readonly<Record<string, ComposeService>>
  readonly volumes: Readonly<Record<string, null>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
}

export const root = new URL('../../', import.meta.url)
export const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

/** The file as compose reads it, with its anchors merged in. */
export const composeFile = (): ComposeFile => parse(read('docker-compose.yml'), { merge: true }) as ComposeFile

/** The services that run our own image, by name. */
export const processesOf = ({ services }: ComposeFile): readonly (readonly [string, ComposeService])[] =>
  Object.entries(services).filter(([, { image }]) => image.startsWith('wufei:'))

/** `host:port` of a list of addresses, whatever surrounds them. */
export const hostsIn = (text: string): readonly (readonly [host: string, port: number])[] =>
  [...text.matchAll(/([a-z][a-z0-9.-]*):(\d{2,5})\b/g)].map(([, host = '', port]) => [host, Number(port)])

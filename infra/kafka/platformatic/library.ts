import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigurationError } from '../../configuration/configuration.ts'
import type { Library } from './surface.ts'

const NAME = '@platformatic/kafka'
const VERSION = '1.35.0'
/** Folder below the project's root that the package is installed into. */
const PREFIX = '.cache/platformatic-kafka'
/** The command that installs it; run from the project's root. */
export const INSTALL = `npm install --prefix ${PREFIX} ${NAME}@${VERSION}`

/**
 * File to import the package from, out of the project's node_modules or out of `.cache/platformatic-kafka`; undefined
 * where it is in neither. It is no dependency, because two parts of it ask for Node 22.19 or newer (dynamic-buffer
 * 0.3.1 and wasm-utils 0.2.1, which pass the contract on 20.20 as well), so that `npm ci` would warn on Node 20. No
 * other version is taken: 1.22, the last one without these parts, stops sending when a leader dies.
 */
export function findPlatformatic(root: string = projectRoot()): string | undefined {
  const manifest = [root, join(root, PREFIX)]
    .map((folder) => join(folder, 'node_modules', NAME, 'package.json'))
    .find((file) => existsSync(file) && versionIn(file) === VERSION)
  return manifest === undefined ? undefined : createRequire(manifest).resolve(NAME)
}

/** @throws ConfigurationError with the command that installs the package, where it is missing. */
export function requirePlatformatic(root?: string): string {
  const file = findPlatformatic(root)
  if (file === undefined)
    throw new ConfigurationError([`KAFKA_CLIENT: platformatic needs a package that is not installed; run: ${INSTALL}`])
  return file
}

/** @throws ConfigurationError where the package is missing. */
export const loadPlatformatic = async (): Promise<Library> =>
  (await import(pathToFileURL(requirePlatformatic()).href)) as Library

const versionIn = (manifest: string): unknown =>
  (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: unknown }).version

/** Nearest folder with the lock of npm: this file may be a compiled copy below node_modules, deeper than the source. */
function projectRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package-lock.json'))) {
    const parent = dirname(folder)
    if (parent === folder) return process.cwd()
    folder = parent
  }
  return folder
}

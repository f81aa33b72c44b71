// First module of an import thread. Loaders of the main thread do not reach into other threads on every version of Node that we run on, so it
// has sources read by tsx itself; messages wait in the port meanwhile.
import { register } from 'tsx/esm/api'

register()
await import('./worker.ts')

import { expect, test } from 'vitest'
import { copiesVariable, SERVICE_NAMES } from '../../infra/configuration/services.ts'
import { variables } from '../../infra/configuration/variables.ts'
import { sources } from './sources.ts'

const readers = sources().filter(({ path }) => !path.startsWith('infra/configuration/'))

test('every variable that the README promises is read by something', () => {
  // The gateway reads one variable a service, by the list of services.
  const ofServices: ReadonlySet<string> = new Set(SERVICE_NAMES.map(copiesVariable))
  const idle = Object.keys(variables).filter(
    (name) => !ofServices.has(name) && !readers.some(({ text }) => new RegExp(`\\b${name}\\b`).test(text)),
  )
  expect(idle).toEqual([])
})

test('the environment is read through the configuration and nowhere else', () => {
  // What starts a process may look at what was given, not only at what holds.
  const own = /^infra\/(configuration|house)\/|^test\/|\/main\.ts$/
  const others = readers.filter(({ path, text }) => !own.test(path) && text.includes('process.env'))
  expect(others.map(({ path }) => path)).toEqual([])
})

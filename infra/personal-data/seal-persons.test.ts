import { expect, test } from 'vitest'
import type { z } from 'zod'
import { Person } from '../../schemas/values/person.ts'
import { routes } from '../../services/park/process/parts.ts'
import { sealPersons } from './seal-persons.ts'

const people = { seal: ({ name }: { name: string }) => Promise.resolve({ id: name.length.toString(), sealed: 'x' }) }

/** Paths at which a schema has a person, lists and options seen through. */
function personsIn(schema: z.core.$ZodType, at = ''): readonly string[] {
  if (schema === Person) return [at]
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'object')
    return Object.entries(def.shape).flatMap(([name, field]) => personsIn(field, `${at}/${name}`))
  if (def.type === 'array') return personsIn(def.element, `${at}/*`)
  if (def.type === 'pipe') return [...personsIn(def.in, at), ...personsIn(def.out, at)]
  if (def.type === 'union') return def.options.flatMap((option) => personsIn(option, at))
  return 'innerType' in def ? personsIn(def.innerType, at) : []
}

function valueAt(path: string): unknown {
  const [, first, ...rest] = path.split('/')
  if (first === undefined) return { name: '示例甲', phone: '13800000003' }
  const inner = valueAt(rest.length === 0 ? '' : `/${rest.join('/')}`)
  return first === '*' ? [inner] : { [first]: inner }
}

test('every person that a command of the park can name is sealed, wherever they stand', async () => {
  const found = routes.flatMap(({ path, command }) => personsIn(command).map((person) => ({ path, command, person })))
  expect(found.length).toBeGreaterThan(8)
  expect(found.some(({ person }) => person.includes('*'))).toBe(true)
  for (const { path, command, person } of found) {
    const sealed = await sealPersons(people, command, valueAt(person))
    expect(JSON.stringify(sealed), `${path} ${person}`).not.toMatch(/示例甲|13800000003/)
    expect(await sealPersons(people, command, sealed)).toEqual(sealed)
  }
})

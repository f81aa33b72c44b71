import type { SealedPerson } from '../../../../schemas/values/person.ts'
import { recordedActor } from '../../../../infra/identity/actor.ts'
import { builder } from '../builder.ts'
import type { GatewayContext } from '../context.ts'

/** A sealed person with the unit whose own they are, and the stream of the thing that names them. */
export interface PersonView extends SealedPerson {
  readonly holder: string
  readonly about: string
}

interface Known {
  readonly name: string
  readonly phone: string | null
  readonly erased: boolean
}
const MASKED: Known = { name: '***', phone: null, erased: false }

/** One look a person, thing and query, however many of its fields were asked for. */
const looks = new WeakMap<GatewayContext, Map<string, Promise<Known>>>()

/**
 * A unit sees the names of its own drivers, and that it looked is recorded. To everybody else they are masked: an official asks for them by
 * REST with a reason (`POST /api/v1/person-looks`).
 */
function known(person: PersonView, context: GatewayContext): Promise<Known> {
  if (!context.reveal || context.actor.unit !== person.holder) return Promise.resolve(MASKED)
  const taken = looks.get(context) ?? new Map<string, Promise<Known>>()
  looks.set(context, taken)
  const key = `${person.id} ${person.about}`
  const look = taken.get(key) ?? revealed(person, context)
  taken.set(key, look)
  return look
}

async function revealed({ id, sealed, about }: PersonView, { actor, reveal }: GatewayContext): Promise<Known> {
  const look = { actor: recordedActor(actor), about, reason: 'own-driver' }
  const [person] = (await reveal?.([{ id, sealed }], look)) ?? []
  return person ? { name: person.name, phone: person.phone || null, erased: false } : { ...MASKED, erased: true }
}

export const Person = builder.objectRef<PersonView>('Person')
Person.implement({
  description:
    '人员。 A person, by an opaque id; name and phone show to the unit whose driver they are, and each look is recorded.',
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.string({
      description: '姓名；无权查看或已删除时为 ***。 Masked where the reader may not know it, and once erased.',
      resolve: async (person, _args, context) => (await known(person, context)).name,
    }),
    phone: t.string({
      nullable: true,
      description: '电话。',
      resolve: async (person, _args, context) => (await known(person, context)).phone,
    }),
    erased: t.boolean({
      description: '已删除。 Erased: nobody can read the name any more. Known only where the name would show.',
      resolve: async (person, _args, context) => (await known(person, context)).erased,
    }),
  }),
})

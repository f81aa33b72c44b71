import type { Actor as ActorView } from '../../../../schemas/actor.ts'
import { builder } from '../builder.ts'
import { mayKnowInside } from '../context.ts'
import { WasteStream } from '../enums.ts'
import { Unit } from './unit.ts'

/** Who acted, or who asks. Persons stand here by their opaque subject only, and that only for their own unit and for officials. */
export const Actor = builder.objectRef<
  ActorView & { readonly competence?: readonly (typeof WasteStream.$inferType)[] }
>('Actor')
Actor.implement({
  description: 'Who acted, and in whose name.',
  fields: (t) => ({
    subject: t.string({
      nullable: true,
      description: 'Opaque id of the person or program; null for people of other units.',
      resolve: ({ subject, unit }, _args, context) =>
        subject === context.actor.subject ||
        (unit === undefined ? context.visibility.all : mayKnowInside(context, unit))
          ? subject
          : null,
    }),
    unitCode: t.exposeID('unit', { nullable: true }),
    unit: t.field({ type: Unit, nullable: true, resolve: ({ unit }) => unit ?? null }),
    roles: t.stringList({ resolve: ({ roles }) => [...roles] }),
    competence: t.field({
      type: [WasteStream],
      description: 'Streams within the competence of an official.',
      resolve: ({ competence = [] }) => [...competence],
    }),
  }),
})

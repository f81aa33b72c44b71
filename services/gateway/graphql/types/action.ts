import type { AvailableAction as AvailableActionView } from '../../../../schemas/manifest/actions.ts'
import { renderRefusal } from '../../../../schemas/texts/render.ts'
import { builder } from '../builder.ts'

/** What the reader may do next with a thing, from the same guards that the deciders ask. */
export const AvailableAction = builder.objectRef<AvailableActionView>('AvailableAction')
AvailableAction.implement({
  fields: (t) => ({
    action: t.exposeString('action'),
    allowed: t.exposeBoolean('allowed'),
    code: t.string({ nullable: true, description: 'Why not.', resolve: ({ refusal }) => refusal?.code ?? null }),
    rule: t.string({ nullable: true, resolve: ({ refusal }) => refusal?.rule ?? null }),
    text: t.string({
      nullable: true,
      resolve: ({ refusal }, _args, { language }) => (refusal ? renderRefusal(refusal)[language] : null),
    }),
  }),
})

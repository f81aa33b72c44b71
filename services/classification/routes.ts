import { commandRoute, type CommandRoute } from '../../infra/http/command-route-types.ts'
import { ClassifyLot, LabelLot } from '../../schemas/commands/classification.ts'
import { lotActions } from '../../schemas/lot/actions.ts'
import { classifyLot, labelLot } from './commands.ts'

const aboutLot = {
  method: 'POST',
  tag: 'classification',
  params: ['lot'],
  id: (_: unknown, stream: string) => stream.slice('lot-'.length),
  actions: lotActions,
} as const

export const routes: readonly CommandRoute[] = [
  commandRoute({
    ...aboutLot,
    path: '/lots/:lot/classification',
    summary: { zh: '固体废物分类定码', en: 'Classify a lot' },
    command: ClassifyLot,
    perform: classifyLot,
  }),
  commandRoute({
    ...aboutLot,
    path: '/lots/:lot/label',
    summary: { zh: '粘贴危险废物标签', en: 'Put a label on a lot' },
    command: LabelLot,
    perform: labelLot,
  }),
]

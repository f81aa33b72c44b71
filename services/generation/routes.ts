import { commandRoute, type CommandRoute } from '../../infra/http/command-route-types.ts'
import { GenerateIntoPool, GenerateLot, OpenLot } from '../../schemas/commands/generation.ts'
import { lotActions } from '../../schemas/lot/actions.ts'
import { generateLot, openLot, generateIntoPool } from './commands.ts'

const aboutLot = {
  method: 'POST',
  tag: 'generation',
  id: (_: unknown, stream: string) => stream.slice('lot-'.length),
  actions: lotActions,
} as const

export const routes: readonly CommandRoute[] = [
  commandRoute({
    ...aboutLot,
    path: '/lots',
    summary: { zh: '记录固体废物产生', en: 'Record that a lot of waste was generated' },
    command: GenerateLot,
    perform: generateLot,
  }),
  commandRoute({
    ...aboutLot,
    path: '/lots/pool',
    summary: { zh: '记录一般工业固废产生（附表4）', en: 'Record general industrial waste into the pool of its code' },
    command: GenerateIntoPool,
    perform: generateIntoPool,
  }),
  commandRoute({
    ...aboutLot,
    path: '/lots/opening',
    summary: { zh: '登记往年贮存', en: 'Open the books with a lot of an earlier year' },
    command: OpenLot,
    perform: openLot,
  }),
]

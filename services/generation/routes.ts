import type { Naming } from '../../infra/commanding/naming.ts'
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

const lotNamed = async <C extends { readonly lot?: string | undefined; readonly unit: string }>(
  command: C,
  naming: Naming,
): Promise<C> =>
  command.lot === undefined ? command : { ...command, lot: await naming.newLot(command.lot, command.unit, '/lot') }

export const routes: readonly CommandRoute[] = [
  commandRoute({
    ...aboutLot,
    path: '/lots',
    summary: { zh: '记录固体废物产生', en: 'Record that a lot of waste was generated' },
    command: GenerateLot,
    named: lotNamed,
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
    named: lotNamed,
    perform: openLot,
  }),
]

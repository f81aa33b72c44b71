import { commandRoute, type CommandRoute } from '../../infra/http/command-route-types.ts'
import { RecordTrip, SortLot, SplitLot, StoreLot, TakeOutLot, TakeStock } from '../../schemas/commands/collection.ts'
import { lotActions } from '../../schemas/lot/actions.ts'
import { recordTrip, sortLot, splitLot, storeLot, takeOutLot, takeStock } from './commands.ts'

const aboutLot = {
  method: 'POST',
  tag: 'collection',
  id: (_: unknown, stream: string) => stream.slice('lot-'.length),
  actions: lotActions,
} as const
const ofLot = { ...aboutLot, params: ['lot'] } as const

export const routes: readonly CommandRoute[] = [
  commandRoute({
    ...ofLot,
    path: '/lots/:lot/storage-in',
    summary: { zh: '入库', en: 'Put a lot into store' },
    command: StoreLot,
    perform: storeLot,
  }),
  commandRoute({
    ...ofLot,
    path: '/lots/:lot/storage-out',
    summary: { zh: '出库', en: 'Take a lot out of store for its pickup' },
    command: TakeOutLot,
    perform: takeOutLot,
  }),
  commandRoute({
    ...ofLot,
    path: '/lots/:lot/split',
    summary: { zh: '拆分', en: 'Split a part off a lot' },
    command: SplitLot,
    async named(command, naming) {
      const lot = await naming.lot(command.lot)
      if (command.child === undefined) return { ...command, lot }
      return { ...command, lot, child: await naming.newLot(command.child, await naming.ownerOfLot(lot), '/child') }
    },
    perform: splitLot,
  }),
  commandRoute({
    ...ofLot,
    path: '/lots/:lot/sorting',
    summary: { zh: '分拣', en: 'Sort a lot into fractions' },
    command: SortLot,
    async named(command, naming) {
      const lot = await naming.lot(command.lot)
      const fractions = await Promise.all(
        command.fractions.map(async (fraction, i) =>
          fraction.child === undefined
            ? fraction
            : { ...fraction, child: await naming.newLot(fraction.child, naming.sender, `/fractions/${i}/child`) },
        ),
      )
      return { ...command, lot, fractions }
    },
    perform: sortLot,
  }),
  commandRoute({
    ...ofLot,
    path: '/lots/:lot/stock-take',
    summary: { zh: '盘点', en: 'Record what was counted of a lot' },
    command: TakeStock,
    perform: takeStock,
  }),
  commandRoute({
    ...aboutLot,
    path: '/collections',
    summary: { zh: '登记收运过磅单', en: 'Record a weighed collection trip' },
    command: RecordTrip,
    perform: recordTrip,
  }),
]

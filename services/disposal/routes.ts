import { manifestIdOf } from '../../infra/commanding/stocks.ts'
import { commandRoute, type CommandRoute } from '../../infra/http/command-route-types.ts'
import { AcceptManifest, RefuseManifest, ReturnRefused, TreatLine, WeighLoad } from '../../schemas/commands/disposal.ts'
import { manifestActions } from '../../schemas/manifest/actions.ts'
import { acceptManifest, refuseManifest, returnRefused, treatLine, weighLoad } from './commands.ts'

const aboutManifest = {
  method: 'POST',
  tag: 'disposal',
  id: (_: unknown, stream: string) => manifestIdOf(stream) ?? stream,
  actions: manifestActions,
} as const
const ofManifest = { ...aboutManifest, params: ['manifest'] } as const

export const routes: readonly CommandRoute[] = [
  commandRoute({
    ...ofManifest,
    path: '/manifests/:manifest/weighing',
    summary: { zh: '过磅', en: 'Weigh the load at the gate' },
    command: WeighLoad,
    perform: weighLoad,
  }),
  commandRoute({
    ...ofManifest,
    path: '/manifests/:manifest/acceptance',
    summary: { zh: '接受、部分接受或拒收各行', en: 'Accept, partly accept or refuse line by line' },
    command: AcceptManifest,
    perform: acceptManifest,
  }),
  commandRoute({
    ...ofManifest,
    path: '/manifests/:manifest/refusal',
    summary: { zh: '整单拒收', en: 'Refuse the whole load' },
    command: RefuseManifest,
    perform: refuseManifest,
  }),
  commandRoute({
    ...ofManifest,
    path: '/manifests/:manifest/return',
    summary: { zh: '拒收废物退回移出人', en: 'Refused waste is back with the consignor' },
    command: ReturnRefused,
    perform: returnRefused,
  }),
  commandRoute({
    ...aboutManifest,
    path: '/treatments',
    summary: { zh: '记录利用处置', en: 'Record a treatment' },
    command: TreatLine,
    async named(command, naming) {
      const manifest = await naming.manifest(command.manifest)
      const receiver = await naming.receiverOf(manifest)
      const residues = await Promise.all(
        command.residues.map(async (residue, i) =>
          residue.lot === undefined
            ? residue
            : { ...residue, lot: await naming.newLot(residue.lot, receiver, `/residues/${i}/lot`) },
        ),
      )
      return { ...command, manifest, residues }
    },
    perform: treatLine,
  }),
]

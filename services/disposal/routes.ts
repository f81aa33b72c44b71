import { manifestIdOf } from '../../infra/commanding/stocks.ts'
import type { Naming } from '../../infra/commanding/naming.ts'
import { commandRoute, type CommandRoute } from '../../infra/http/command-route-types.ts'
import {
  AcceptManifest,
  RecordMixture,
  RecordTreatment,
  RefuseManifest,
  ReturnRefused,
  WeighLoad,
} from '../../schemas/commands/disposal.ts'
import { manifestActions } from '../../schemas/manifest/actions.ts'
import { treatmentOf } from '../../schemas/values/identifiers.ts'
import { acceptManifest, refuseManifest, returnRefused, weighLoad } from './commands.ts'
import { recordMixture } from './mixture.ts'
import { recordTreatment } from './treatment.ts'

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
    method: 'POST',
    tag: 'disposal',
    path: '/treatments',
    summary: { zh: '记录利用处置', en: 'Record a treatment' },
    command: RecordTreatment,
    named: namedInPark,
    perform: recordTreatment,
    id: (_, stream) => manifestIdOf(stream) ?? treatmentOf(stream),
    // A run over many inputs is done once it is recorded.
    actions: (state, actor) => ('lines' in state ? manifestActions(state, actor) : []),
  }),
  commandRoute({
    method: 'POST',
    tag: 'disposal',
    path: '/mixtures',
    summary: { zh: '混合多个批次', en: 'Mix lots that lie in one place' },
    command: RecordMixture,
    async named(command, naming) {
      const inputs = await Promise.all(
        command.inputs.map(async (input) => ({ ...input, lot: await naming.lot(input.lot) })),
      )
      if (command.lot === undefined) return { ...command, inputs }
      return { ...command, inputs, lot: await naming.newLot(command.lot, command.unit ?? naming.sender, '/lot') }
    },
    perform: recordMixture,
    // What is worked with from here on is the lot.
    id: (state, stream) => (state.status === 'recorded' ? state.lot : undefined) ?? treatmentOf(stream),
    actions: () => [],
  }),
]

/** Residues are named among the lots of who treats. */
async function namedInPark(command: RecordTreatment, naming: Naming): Promise<RecordTreatment> {
  const manifest = command.manifest === undefined ? undefined : await naming.manifest(command.manifest)
  const inputs = await Promise.all(
    (command.inputs ?? []).map(async (input) => ({
      ...input,
      ...(input.manifest === undefined ? {} : { manifest: await naming.manifest(input.manifest) }),
      ...(input.lot === undefined ? {} : { lot: await naming.lot(input.lot) }),
    })),
  )
  const first = manifest ?? inputs[0]?.manifest
  const treater = command.unit ?? (first === undefined ? undefined : await naming.receiverOf(first)) ?? naming.sender
  const residues = await Promise.all(
    command.residues.map(async (residue, i) =>
      residue.lot === undefined
        ? residue
        : { ...residue, lot: await naming.newLot(residue.lot, treater, `/residues/${i}/lot`) },
    ),
  )
  return {
    ...command,
    ...(manifest === undefined ? {} : { manifest }),
    ...(command.inputs === undefined ? {} : { inputs }),
    residues,
  }
}

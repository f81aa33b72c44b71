import type { Naming } from '../../infra/commanding/naming.ts'
import { commandRoute, type CommandRoute } from '../../infra/http/command-route-types.ts'
import { manifestIdOf } from '../../infra/commanding/stocks.ts'
import {
  Arrive,
  AttachNumber,
  CancelManifest,
  Depart,
  FileManifest,
  HandOverLeg,
  PickUp,
  RecordOutShipment,
} from '../../schemas/commands/transport.ts'
import { manifestActions } from '../../schemas/manifest/actions.ts'
import {
  arrive,
  attachNumber,
  cancelManifest,
  depart,
  fileManifest,
  handOverLeg,
  pickUp,
  recordOutShipment,
} from './commands.ts'

const aboutManifest = {
  method: 'POST',
  tag: 'transport',
  id: (_: unknown, stream: string) => manifestIdOf(stream) ?? stream,
  actions: manifestActions,
} as const
const ofManifest = { ...aboutManifest, params: ['manifest'] } as const

/** A filing names its manifest, and lots of its consignor. */
async function filingNamed(command: FileManifest, naming: Naming): Promise<FileManifest> {
  const { consignor, manifest } = command
  const lines = await Promise.all(
    command.lines.map(async (line) => ({
      ...line,
      lots: await Promise.all(
        line.lots.map(async (named) => ({ ...named, lot: await naming.lot(named.lot, consignor.unit) })),
      ),
    })),
  )
  return manifest === undefined
    ? { ...command, lines }
    : { ...command, lines, manifest: await naming.newManifest(manifest, consignor.unit, '/manifest') }
}

export const routes: readonly CommandRoute[] = [
  commandRoute({
    ...aboutManifest,
    path: '/manifests',
    summary: { zh: '填报转移联单', en: 'File a transfer manifest' },
    command: FileManifest,
    named: filingNamed,
    perform: fileManifest,
  }),
  commandRoute({
    ...aboutManifest,
    path: '/manifests/out-records',
    summary: { zh: '记录一般工业固废出厂（附表3）', en: 'Record that general industrial waste left' },
    command: RecordOutShipment,
    named: async (command, naming) => ({
      ...command,
      ...(command.lot === undefined ? {} : { lot: await naming.lot(command.lot, command.unit) }),
      ...(command.manifest === undefined
        ? {}
        : { manifest: await naming.newManifest(command.manifest, command.unit, '/manifest') }),
    }),
    perform: recordOutShipment,
  }),
  commandRoute({
    ...ofManifest,
    path: '/manifests/:manifest/filing',
    summary: { zh: '以自选标识填报转移联单', en: 'File a transfer manifest under an id of your own' },
    command: FileManifest,
    named: filingNamed,
    perform: fileManifest,
  }),
  commandRoute({
    ...ofManifest,
    path: '/manifests/:manifest/number',
    summary: { zh: '登记联单编号', en: 'Attach the official number' },
    command: AttachNumber,
    perform: attachNumber,
  }),
  commandRoute({
    ...ofManifest,
    path: '/manifests/:manifest/pickup',
    summary: { zh: '交付装运', en: 'Pick up: labels scanned, masses weighed' },
    command: PickUp,
    perform: pickUp,
  }),
  commandRoute({
    ...ofManifest,
    path: '/manifests/:manifest/departure',
    summary: { zh: '起运', en: 'Depart' },
    command: Depart,
    perform: depart,
  }),
  commandRoute({
    ...ofManifest,
    params: ['manifest', 'leg'],
    path: '/manifests/:manifest/legs/:leg/handover',
    summary: { zh: '承运人交接', en: 'Hand over to the next carrier' },
    command: HandOverLeg,
    perform: handOverLeg,
  }),
  commandRoute({
    ...ofManifest,
    path: '/manifests/:manifest/arrival',
    summary: { zh: '到达', en: 'Arrive at the receiver' },
    command: Arrive,
    perform: arrive,
  }),
  commandRoute({
    ...ofManifest,
    path: '/manifests/:manifest/cancellation',
    summary: { zh: '作废联单', en: 'Cancel before departure' },
    command: CancelManifest,
    perform: cancelManifest,
  }),
]

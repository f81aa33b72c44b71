import { because, contextOf, unitOn } from '../../infra/commanding/context.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import type { AcceptManifest, RefuseManifest, ReturnRefused, WeighLoad } from '../../schemas/commands/disposal.ts'
import type { Manifest } from '../../schemas/manifest/state.ts'
import { manifestStream } from '../../schemas/values/identifiers.ts'
import { businessDay, type Moment } from '../../schemas/values/time.ts'
import {
  acceptManifest as acceptDecider,
  refuseManifest as refuseDecider,
  weighLoad as weighDecider,
} from './decide/receipt.ts'
import { returnRefused as returnDecider } from './decide/return.ts'

/** 过磅: the receiver weighs the vehicle. */
export const weighLoad = (runtime: Runtime, command: WeighLoad, envelope: Envelope): Promise<Outcome<Manifest>> =>
  execute(
    runtime,
    {
      decider: weighDecider,
      stream: manifestStream(command.manifest),
      command,
      context: () => Promise.resolve(contextOf(runtime, envelope)),
    },
    because(envelope, command),
  )

const receiverContext =
  (runtime: Runtime, { occurredAt }: { readonly occurredAt: Moment }, envelope: Envelope) =>
  async (manifest: Manifest) => ({
    ...contextOf(runtime, envelope),
    receiver: await unitOn(runtime, manifest.receiver, businessDay(occurredAt)),
  })

/** The receiver's decision line by line; accepted mass is the receiver's from here. */
export const acceptManifest = (
  runtime: Runtime,
  command: AcceptManifest,
  envelope: Envelope,
): Promise<Outcome<Manifest>> =>
  execute(
    runtime,
    {
      decider: acceptDecider,
      stream: manifestStream(command.manifest),
      command,
      context: receiverContext(runtime, command, envelope),
    },
    because(envelope, command),
  )

/** All that is not decided yet is refused and stays with the carrier. */
export const refuseManifest = (
  runtime: Runtime,
  command: RefuseManifest,
  envelope: Envelope,
): Promise<Outcome<Manifest>> =>
  execute(
    runtime,
    {
      decider: refuseDecider,
      stream: manifestStream(command.manifest),
      command,
      context: receiverContext(runtime, command, envelope),
    },
    because(envelope, command),
  )

/** Refused mass is back with the consignor. */
export async function returnRefused(
  runtime: Runtime,
  command: ReturnRefused,
  envelope: Envelope,
): Promise<Outcome<Manifest>> {
  const context = async (manifest: Manifest) => ({
    ...contextOf(runtime, envelope),
    consignor: await unitOn(runtime, manifest.consignor, businessDay(command.occurredAt)),
  })
  return execute(
    runtime,
    { decider: returnDecider, stream: manifestStream(command.manifest), command, context },
    because(envelope, command),
  )
}

import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { renamingOf, type Renaming } from '../../schemas/commands/public-names.ts'
import { renderRefusal } from '../../schemas/texts/render.ts'
import { inWords } from '../commanding/in-words.ts'
import { outOfBounds } from '../commanding/bounded.ts'
import type { Envelope, Outcome, Runtime } from '../commanding/execute.ts'
import { answerOfHold, isHeldCommand } from '../commanding/holding.ts'
import { NameRefused, namingFor, type Naming } from '../commanding/naming.ts'
import { canonicalJson } from '../event-store/canonical-json.ts'
import { recordedActor, type AuthenticatedActor } from '../identity/actor.ts'
import { requireActor } from './actor.ts'
import { answerTo } from './command-answer.ts'
import { idempotencyKeyOf, provenanceOf, revisionOf } from './command-headers.ts'
import { createsThing, fieldsOf, type CommandRoute } from './command-route-types.ts'
import { malformedFields, read } from './malformed.ts'
import { commandDocumentation } from './openapi.ts'
import { RequestRefused, sendProblem, type Trouble } from './problem.ts'

export interface CommandRoutesOptions {
  readonly routes: readonly CommandRoute[]
  readonly runtime: Runtime
}

/** The doors of the commands, one for each row of `routes`, relative to the prefix that the plugin is registered under. */
export async function commandRoutes(app: FastifyInstance, { routes, runtime }: CommandRoutesOptions): Promise<void> {
  // The schemas of these routes are zod schemas and document them. The whole command, path parameters and all, is read by the handler,
  // and answers are made by typed code: fastify has nothing to validate or to serialise by schema.
  app.setValidatorCompiler(() => (value) => ({ value }))
  app.setSerializerCompiler(() => JSON.stringify)
  // Behind the rate limit, so that a flood without a token is limited too, and before the body is read.
  app.addHook('preParsing', (request, _reply, _payload, done) => {
    requireActor(request)
    done()
  })
  for (const route of routes) {
    const renaming = renamingOf(route.command)
    app.route({
      method: route.method,
      url: route.path,
      schema: commandDocumentation(route),
      handler: (request, reply) => perform({ route, renaming, runtime }, request, reply),
    })
  }
}

interface Door {
  readonly route: CommandRoute
  readonly renaming: Renaming | undefined
  readonly runtime: Runtime
}

/** The story of a command at the border: who asks, what they ask, how often they asked it before, and what came of it. */
async function perform(
  { route, renaming, runtime }: Door,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const actor = requireActor(request)
  const key = idempotencyKeyOf(request)
  const sent = contentOf(route, request)
  // The command's own names from here on, so that a repeat by other names is the same command; the answer speaks the sender's.
  const given = renaming ? renaming.inward(sent) : sent
  const told = (trouble: Trouble): Trouble => (renaming ? inNamesOf(renaming, sent, trouble) : trouble)
  const command = read(route.command, given)
  if (!command.success) return sendProblem(request, reply, told(malformedFields(command.error.issues, route.command)))

  const { envelope, spent, hold } = await knownByKey(
    runtime,
    envelopeOf(request, key, given, command.data, actor, runtime),
    key,
  )
  const outcome = spent
    ? ({ status: 'reused' } as const)
    : hold === undefined
      ? await outcomeOf(route, runtime, command.data, envelope)
      : await answerOfHold(runtime, hold, envelope)
  if (outcome.status === 'refused') runtime.refused?.(outcome.refusals)
  const answered = answerTo(route, await toldInWords(runtime, actor, command.data, outcome), actor)
  if (!answered.done) return sendProblem(request, reply, told(answered.trouble))
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...(answered.replayed ? { 'idempotency-replayed': 'true' } : {}),
  }
  if (answered.done === 'held')
    return reply
      .code(202)
      .headers({ ...headers, location: `/api/v1/holds/${answered.answer.hold}` })
      .send(answered.answer)
  return reply
    .code(createsThing(route) ? 201 : 200)
    .headers({ ...headers, etag: `"${answered.answer.revision}"`, 'wufei-events': String(answered.events) })
    .send(answered.answer)
}

/** The outcome with the names that this actor may know beside the codes of its refusals and findings. */
async function toldInWords(
  runtime: Runtime,
  actor: AuthenticatedActor,
  command: unknown,
  outcome: Outcome<unknown>,
): Promise<Outcome<unknown>> {
  if (outcome.status === 'refused')
    return { ...outcome, refusals: await inWords(runtime, actor, command, outcome.refusals) }
  return (outcome.status === 'done' || outcome.status === 'held') && outcome.findings.length > 0
    ? { ...outcome, findings: await inWords(runtime, actor, command, outcome.findings) }
    : outcome
}

async function outcomeOf(
  route: CommandRoute,
  runtime: Runtime,
  command: unknown,
  envelope: Envelope,
): Promise<Outcome<unknown>> {
  const refusals = await outOfBounds(runtime, route.command, command, envelope)
  return refusals.length > 0 ? { status: 'refused', refusals } : performNamed(route, runtime, command, envelope)
}

/** A problem with pointers into what was sent: by the public names, unless the sender used the older ones. */
function inNamesOf({ inward, outward }: Renaming, sent: object, { errors, ...trouble }: Trouble): Trouble {
  if (!errors) return trouble
  const older = isDeepStrictEqual(inward(sent), sent) && errors.every(({ pointer }) => at(sent, pointer))
  return { ...trouble, errors: older ? errors : errors.map((error) => ({ ...error, pointer: outward(error.pointer) })) }
}

/** Whether what was sent has something where a pointer points to. */
function at(sent: unknown, pointer: string): boolean {
  let value = sent
  for (const part of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return false
    value = (value as Readonly<Record<string, unknown>>)[part]
  }
  return true
}

/**
 * Performs a command under ids of the park. Another unit may take a name between the look and the append: what was refused is named once more,
 * and where it then stands for something else, that was what its sender meant.
 */
async function performNamed(
  route: CommandRoute,
  runtime: Runtime,
  command: unknown,
  envelope: Envelope,
): Promise<Outcome<unknown>> {
  const naming = namingFor(runtime, envelope)
  try {
    const named = await nameIds(route, command, naming)
    const outcome = await route.perform(runtime, named, askedFor(route, named, envelope))
    if (outcome.status !== 'refused') return outcome
    const again = await nameIds(route, command, naming)
    return isDeepStrictEqual(again, named)
      ? outcome
      : await route.perform(runtime, again, askedFor(route, again, envelope))
  } catch (error) {
    if (error instanceof NameRefused) return { status: 'refused', refusals: [error.refusal] }
    throw error
  }
}

const askedFor = ({ path, command: schema }: CommandRoute, command: unknown, envelope: Envelope): Envelope => ({
  ...envelope,
  asked: { route: path, schema, command: command as object },
})

async function nameIds(route: CommandRoute, command: unknown, naming: Naming): Promise<unknown> {
  if (route.named) return route.named(command, naming)
  const { params = [] } = route
  const content = command as Readonly<Record<string, unknown>>
  const { lot, manifest } = content
  if (params.includes('lot') && typeof lot === 'string') return { ...content, lot: await naming.lot(lot) }
  if (params.includes('manifest') && typeof manifest === 'string')
    return { ...content, manifest: await naming.manifest(manifest) }
  return command
}

/**
 * The command under the id derived from its sender's key, the stream of its hold where it was held, and whether the key is spent on something
 * else already. The append would find that too, but what goes before it under ids of its own (claims of names, reservations of mass) would have been written by then.
 */
async function knownByKey(
  { store, ids }: Runtime,
  envelope: Envelope,
  key: string,
): Promise<{ readonly envelope: Envelope; readonly spent: boolean; readonly hold?: string }> {
  const { commandId, digest } = envelope
  // Where ids had no secret once, keys were ids of commands. What this sender asked then, to the letter, is a repeat of it.
  const receipts = await store.receipts(ids.keyed ? [commandId] : [commandId, key])
  const receipt = receipts.get(commandId)
  const first = receipt?.digest
  // Only a decision about the hold changes what becomes of a held command.
  if (receipt !== undefined && first === digest && isHeldCommand(receipt))
    return { envelope, spent: false, hold: receipt.stream }
  if (first === undefined && receipts.get(key)?.digest === digest)
    return { envelope: { ...envelope, commandId: key }, spent: false }
  return { envelope, spent: first !== undefined && first !== digest }
}

/** The body with what the path says merged in. What the path says, the body may not say again: one of the two would be ignored. */
function contentOf(route: CommandRoute, { body, params: path }: FastifyRequest): Readonly<Record<string, unknown>> {
  const { params = [] } = route
  const named = path as Readonly<Record<string, string>>
  if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body)))
    throw malformed('body-not-an-object', '')
  const content = (body ?? {}) as Readonly<Record<string, unknown>>
  const twice = params.find((param) => Object.hasOwn(content, param))
  if (twice !== undefined) throw malformed('path-names-field', `/${twice}`)
  const fields = fieldsOf(route)
  return {
    ...content,
    ...Object.fromEntries(params.map((param) => [param, fromPath(named[param] ?? '', fields[param])])),
  }
}

/** Paths are text; where the command knows the field as a number, digits without leading zeros are one. */
const fromPath = (text: string, schema: z.core.$ZodType | undefined): string | number =>
  schema?._zod.def.type === 'number' && /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text

const malformed = (code: string, pointer: string) =>
  new RequestRefused({ code: 'malformed', errors: [renderRefusal({ code, pointer, facts: {} })] })

function envelopeOf(
  request: FastifyRequest,
  key: string,
  given: object,
  command: unknown,
  actor: AuthenticatedActor,
  runtime: Runtime,
): Envelope {
  const provenance = provenanceOf(request, actor)
  const ifMatch = revisionOf(request)
  const reason = reasonIn(command)
  return {
    commandId: provenance === 'book' ? runtime.ids.ofBookCommand(key) : runtime.ids.ofSender(actor, key),
    actor: recordedActor(actor),
    provenance,
    digest: digestOf(request, given, actor),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(reason === undefined ? {} : { reason }),
    ...(actor.competence === undefined ? {} : { competence: actor.competence }),
    ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
  }
}

/** What was asked, of which thing, by whose program: the same for a repeat however its JSON was laid out (RFC 8785), another for anything else. */
function digestOf(
  { method, routeOptions }: FastifyRequest,
  given: object,
  { unit, subject }: AuthenticatedActor,
): string {
  const asked = canonicalJson({ method, route: routeOptions.url, given, by: unit ?? subject }) ?? ''
  return hash('sha256', asked, 'hex')
}

const reasonIn = (command: unknown): string | undefined =>
  typeof command === 'object' && command !== null && 'reason' in command && typeof command.reason === 'string'
    ? command.reason
    : undefined

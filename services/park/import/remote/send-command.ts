import { z } from 'zod'
import type { CommandRoute } from '../../../../infra/http/command-route-types.ts'
import type { Answer as HttpAnswer } from '../../../gateway/forwarding/forwarder.ts'
import type { Answer, SaidFinding, SaidRefusal } from '../import-park.ts'
import type { Operation } from '../plans.ts'
import { USE_CASES } from '../use-cases.ts'

/** Posts a command, under its key, until a copy of the service that owns the route has answered. */
export type PostCommand = (
  route: CommandRoute,
  path: string,
  body: object,
  headers: Readonly<Record<string, string>>,
) => Promise<HttpAnswer>

/** A command's answer from afar; of one that was done, how many events stand under its id. */
export type RemoteAnswer = Answer & { readonly events: number; readonly position: number }

/** A service answered with what no command is answered with: nothing is known about the command. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

const RuleId = z.templateLiteral(['R', z.number()])
const rendered = { pointer: z.string(), zh: z.string(), en: z.string() }
const Done = z.looseObject({
  position: z.string().regex(/^\d{1,15}$/),
  findings: z.array(z.looseObject({ rule: RuleId, severity: z.enum(['BLOCK', 'HOLD', 'WARN']), ...rendered })),
})
const Problem = z.looseObject({
  code: z.string(),
  errors: z.array(z.looseObject({ code: z.string(), rule: RuleId.optional(), ...rendered })).min(1),
})

const FAULT = 500
const UNAUTHORISED = 401
const HELD = 202

/** Sends an import's commands by the doors that everybody uses, as the book-keeper, and reads what came of them. */
export function commandSender(
  routes: readonly CommandRoute[],
  post: PostCommand,
): (operation: Operation, commandId: string) => Promise<RemoteAnswer> {
  // The use case behind an operation is the one behind its route; where two routes lead to it, the first names nothing in its path.
  const routeOf = (operation: Operation): CommandRoute => {
    const route = routes.find(({ perform }) => perform === USE_CASES[operation.useCase].perform)
    if (!route) throw new Error(`${operation.step} has no route: it cannot be sent to a service elsewhere`)
    return route
  }

  return async (operation, commandId) => {
    const route = routeOf(operation)
    const { params = [] } = route
    const content = Object.entries(operation.command)
    const named = new Map(content.filter(([field]) => params.includes(field)))
    const path = route.path.replace(/:(\w+)/g, (_, field: string) => encodeURIComponent(String(named.get(field))))
    const body = Object.fromEntries(content.filter(([field]) => !params.includes(field)))
    const answer = await post(route, `/api/v1${path}`, body, {
      'idempotency-key': commandId,
      'wufei-provenance': 'book',
    })
    return read(answer, operation.step)
  }
}

function read({ status, headers, body }: HttpAnswer, step: string): RemoteAnswer {
  if (status >= FAULT || status === UNAUTHORISED)
    throw new NoAnswer(`${step} was answered with ${status}: ${body.toString().slice(0, 500)}`)
  const answer: unknown = JSON.parse(body.toString())
  if (status === HELD) {
    const { position, findings } = Done.parse(answer)
    return {
      status: 'held',
      replayed: headers['idempotency-replayed'] === 'true',
      findings: findings.map(found),
      events: 0,
      position: Number(position),
    }
  }
  if (status < 300) {
    const { position, findings } = Done.parse(answer)
    return {
      status: 'done',
      replayed: headers['idempotency-replayed'] === 'true',
      findings: findings.map(found),
      events: Number(headers['wufei-events'] ?? 0),
      position: Number(position),
    }
  }
  const { errors } = Problem.parse(answer)
  return { status: 'refused', refusals: errors.map(refused), events: 0, position: 0 }
}

const found = ({ rule, severity, pointer, zh, en }: z.infer<typeof Done>['findings'][number]): SaidFinding => ({
  rule,
  severity,
  pointer,
  facts: {},
  texts: { zh, en },
})

const refused = ({ code, rule, pointer, zh, en }: z.infer<typeof Problem>['errors'][number]): SaidRefusal => ({
  code,
  ...(rule === undefined ? {} : { rule }),
  pointer,
  facts: {},
  texts: { zh, en },
})

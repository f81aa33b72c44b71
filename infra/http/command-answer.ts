import type { Actor } from '../../schemas/actor.ts'
import { hasRole } from '../../schemas/actor.ts'
import { holdActions } from '../../schemas/hold/actions.ts'
import type { AvailableAction } from '../../schemas/manifest/actions.ts'
import {
  renderFinding,
  renderRefusal,
  statusOf,
  type RenderedFinding,
  type RenderedRefusal,
} from '../../schemas/texts/render.ts'
import type { Outcome } from '../commanding/execute.ts'
import type { CommandRoute } from './command-route-types.ts'
import { troubleOf, type Trouble } from './problem.ts'

export interface RenderedAction {
  readonly action: string
  readonly allowed: boolean
  readonly refusal?: RenderedRefusal
}

/** What a command that was done answers, the first time and every time after. */
export interface CommandAnswer {
  readonly id: string
  readonly revision: number
  /** Place in the log, digits: a query may ask for at least this much. */
  readonly position: string
  readonly findings: readonly RenderedFinding[]
  readonly availableActions: readonly RenderedAction[]
}

/** What a command answers that waits for an official (202), as often as it is sent until that is decided. */
export interface HeldAnswer {
  /** Id of the hold: `GET /holds/{id}`. */
  readonly hold: string
  readonly revision: number
  readonly position: string
  readonly findings: readonly RenderedFinding[]
  readonly availableActions: readonly RenderedAction[]
}

export type Answered =
  | { readonly done: true; readonly replayed: boolean; readonly events: number; readonly answer: CommandAnswer }
  | { readonly done: 'held'; readonly replayed: boolean; readonly answer: HeldAnswer }
  | { readonly done: false; readonly trouble: Trouble }

/** An outcome as this actor may know it. `stream` names the thing where the outcome itself does not. */
export function answerTo<S>(route: CommandRoute<unknown, S>, outcome: Outcome<S>, actor: Actor): Answered {
  switch (outcome.status) {
    case 'done': {
      const { state, stream, revision, position, findings, events, replayed } = outcome
      const answer = {
        id: route.id(state, stream),
        revision,
        position: String(position),
        findings: findings.map(renderFinding),
        availableActions: route.actions(state, actor).map(rendered),
      }
      return { done: true, replayed, events, answer }
    }
    case 'held': {
      const { hold, revision, position, findings, replayed, state } = outcome
      const answer = {
        hold,
        revision,
        position: String(position),
        findings: findings.map(renderFinding),
        availableActions: holdActions(state, actor).map(rendered),
      }
      return { done: 'held', replayed, answer }
    }
    case 'refused':
      return { done: false, trouble: troubleOf(outcome.refusals) }
    case 'reused':
      return { done: false, trouble: { code: 'idempotency-key-reused' } }
    case 'conflict':
      return { done: false, trouble: lostRace(route.actions(outcome.state, actor), outcome, actor) }
  }
}

/**
 * A race is told to those who have a part in the thing, with where it stands now. To anyone else it does not exist: that someone
 * guessed a revision must not tell them more than a refusal would.
 */
function lostRace<S>(
  actions: readonly AvailableAction[],
  { revision, state }: { readonly revision: number; readonly state: S },
  actor: Actor,
): Trouble {
  if (!hasPart(actions, actor, state)) return { code: 'not-found' }
  return {
    code: 'revision-conflict',
    facts: { revision },
    headers: { etag: `"${revision}"` },
    members: { current: { revision, ...statusIn(state), availableActions: actions.map(rendered) } },
  }
}

/** Deciders refuse with a 404 whatever is nothing to an actor; master data waits for no action, and is its own unit's. */
const hasPart = (actions: readonly AvailableAction[], actor: Actor, state: unknown): boolean =>
  hasRole(actor, 'admin', 'bureau') ||
  actions.some(({ allowed, refusal }) => allowed || (refusal !== undefined && statusOf(refusal.code) !== 404)) ||
  (actor.unit !== undefined && unitIn(state) === actor.unit)

const unitIn = (state: unknown): unknown =>
  typeof state === 'object' && state !== null && 'unit' in state ? state.unit : undefined
const statusIn = (state: unknown): { readonly status?: string } =>
  typeof state === 'object' && state !== null && 'status' in state && typeof state.status === 'string'
    ? { status: state.status }
    : {}

export const rendered = ({ action, allowed, refusal }: AvailableAction): RenderedAction => ({
  action,
  allowed,
  ...(refusal ? { refusal: renderRefusal(refusal) } : {}),
})

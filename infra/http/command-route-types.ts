import { z } from 'zod'
import type { Actor } from '../../schemas/actor.ts'
import type { AvailableAction } from '../../schemas/manifest/actions.ts'
import type { Envelope, Outcome, Runtime } from '../commanding/execute.ts'
import type { Naming } from '../commanding/naming.ts'

/**
 * One command as it stands at the HTTP border: data, from which the routes and the OpenAPI document are made. The members that take
 * a command or a state are methods on purpose, so that routes of different commands fit into one list.
 */
export interface CommandRoute<C = unknown, S = unknown> {
  readonly method: 'POST'
  /** Below `/api/v1`, path parameters as fastify writes them: `/lots/:lot/label`. */
  readonly path: string
  /** The service, as the OpenAPI document groups by it. */
  readonly tag: string
  readonly summary: { readonly zh: string; readonly en: string }
  /** The whole command: the body with the path parameters merged in under their own names. */
  readonly command: z.ZodType<C>
  /** Fields of the command that come from the path and not from the body. */
  readonly params?: readonly string[]
  /**
   * The command with the ids in it that a sender may have chosen brought to the park's own. Where a route has none, ids in its path are.
   * @throws NameRefused
   */
  named?(command: C, naming: Naming): Promise<C>
  perform(runtime: Runtime, command: C, envelope: Envelope): Promise<Outcome<S>>
  /** The id that the answer names, of the thing that the command was about. */
  id(state: S, stream: string): string
  /** What this actor may do next with it. */
  actions(state: S, actor: Actor): readonly AvailableAction[]
}

/** Infers command and state from one another, then forgets them, so that a service's routes are one list. */
export const commandRoute = <C, S>(route: CommandRoute<C, S>): CommandRoute => route

/** A post to a collection makes a thing of it; a post below a thing changes that thing. Known before the outcome, so a repeat answers the same. */
export const createsThing = ({ params = [] }: CommandRoute): boolean => params.length === 0

/** The schemas of a command's fields. Commands are objects; one that were not would have no fields to document or to take from a path. */
export const fieldsOf = ({ command }: CommandRoute): Readonly<Record<string, z.core.$ZodType>> =>
  command instanceof z.ZodObject ? command.shape : {}

import { builtinCatalogues } from '../../../../schemas/catalogues/builtin.ts'
import { defaultBounds, type Bounds } from '../../../../schemas/commands/bounds.ts'
import { attempt } from '../attempt.ts'
import type { Answer, ImportPark, KnownUnit } from '../import-park.ts'
import type { Operation } from '../plans.ts'
import type { commandSender } from './send-command.ts'

/** What an import asks a park that is elsewhere, beside sending commands. */
export interface RemoteQuestions {
  holdsAnything(): Promise<boolean>
  /** Those of these commands that were recorded. */
  recorded(keys: readonly string[]): Promise<readonly string[]>
  unit(code: string): Promise<KnownUnit>
  /** Position that the park's figures hold. */
  shown(): Promise<number>
  /** The lot that bears a label, as known at this position or later. */
  lotOfLabel(label: string, position: number): Promise<string | undefined>
}

// As many as the copies of a few services work at; more would only wait in the gateway.
const WINDOW = 64

/**
 * The services behind a gateway: each command goes the way that everybody's goes and is recorded as soon as it is accepted. A row that asks
 * for several and is refused half way therefore keeps what came before; sent again when it is mended, it goes on from there.
 */
export function remotePark(
  send: ReturnType<typeof commandSender>,
  questions: RemoteQuestions,
  { booksFrom }: Pick<Bounds, 'booksFrom'> = defaultBounds,
): ImportPark {
  const before = new Set<string>()
  let events = 0
  let position = 0
  return {
    catalogues: builtinCatalogues,
    booksFrom,
    window: WINDOW,
    holdsAnything: () => questions.holdsAnything(),
    // Keys and names go as they are: the park itself makes ids of them.
    commandId: (key) => key,
    idOf: (name) => name,
    async recorded(keys) {
      const found = await questions.recorded(keys)
      for (const key of found) before.add(key)
      return new Map(found.map((key) => [key, undefined]))
    },
    unit: (code) => questions.unit(code),
    lotOfLabel: (label) => questions.lotOfLabel(label, position),
    attempt({ operations }, ids, options) {
      const fresh = new Set<string>()
      const sendOne = async (operation: Operation, commandId: string): Promise<Answer> => {
        const answer = await send(operation, commandId)
        position = Math.max(position, answer.position)
        if (answer.status !== 'done') return answer
        // A repeat of what was not there when the import began is our own: an answer was lost on its way, and the command sent again.
        const own = !before.has(commandId)
        if (own && answer.events > 0) {
          fresh.add(commandId)
          events += answer.events
        }
        return { ...answer, replayed: answer.replayed && !own }
      }
      return attempt({
        ...options,
        presumes: false,
        steps: operations.map((operation, at) => ({
          vital: operation.vital,
          send: operation.malformed.length > 0 ? undefined : () => sendOne(operation, ids[at] as string),
        })),
        commit(took) {
          for (const id of fresh) took.add(id)
          return Promise.resolve(true)
        },
      })
    },
    events: () => events,
    // Newest place that an answer named; where none did, all of it was recorded before.
    position: async () => (position > 0 ? position : questions.shown()),
  }
}

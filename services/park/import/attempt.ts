import type { Answer, Attempted, AttemptOptions } from './import-park.ts'

/** One command of a plan. Without `send` its row could not be read as a command. */
export interface Step {
  readonly vital: boolean
  readonly send: (() => Promise<Answer>) | undefined
}

export interface Attempting extends AttemptOptions {
  readonly steps: readonly Step[]
  /** Whether refusals may rest on what was only presumed. */
  readonly presumes: boolean
  /** Records what the steps decided and notes in `took` the commands of which something was new; false where another writer was first. */
  readonly commit: (took: Set<string>) => Promise<boolean>
}

/** Decides the commands of one plan, one upon the other, and records them together if the plan can be done. */
export async function attempt({ steps, presumes, fresh, deferrable, commit }: Attempting): Promise<Attempted> {
  const answers: (Answer | undefined)[] = []
  let aborted = false
  for (const { vital, send } of steps) {
    const answer = await send?.()
    answers.push(answer)
    // What comes before a command that waits for an official is recorded with its hold; what comes after it is not sent.
    const isHeld = answer?.status === 'held'
    aborted = vital && answer?.status !== 'done' && !isHeld
    if (aborted || (vital && isHeld)) break
  }
  const took = new Set<string>()
  if (presumes && !fresh && answers.some((answer) => answer && answer.status !== 'done'))
    return { status: 'raced', answers, took: [] }
  if (deferrable && answers.some(lacksStock)) return { status: 'deferred', answers, took: [] }
  if (aborted) return { status: 'aborted', answers, took: [] }
  const whole = await commit(took)
  return { status: whole ? 'recorded' : 'raced', answers, took: [...took] }
}

/** R28 of what lies there now; by business time it was asked before (`ahead`). */
const lacksStock = (answer: Answer | undefined): boolean =>
  answer?.status === 'refused' &&
  answer.refusals.some(({ rule, facts }) => rule === 'R28' && facts['ahead'] === undefined)

import { ConfigurationError } from '../configuration/configuration.ts'
import { end, isEnding } from './at-end.ts'
import { reasonOf } from './reason.ts'
import { plainly } from './start.ts'
import { codeOf, onStop } from './stop.ts'

/** Used wrongly: an argument that does not exist, a folder that is none. Ends a command with 2. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}

export interface Answers {
  /** With `--json` the document, else the text; once. */
  answer(document: object, text: string): void
  /** Aborted when the command is asked to end. */
  readonly signal: AbortSignal
  /** For a command that stays up: from here on being asked to end is no interruption; settles when that comes. */
  untilStopped(): Promise<void>
}

/** Whether `--json` was asked for, readable before the arguments are found to be right. */
export const wantsJson = (words: readonly string[] = process.argv.slice(2)): boolean =>
  words.slice(0, words.includes('--') ? words.indexOf('--') : undefined).includes('--json')

/**
 * Runs a command that ends with its answer: `work` answers its exit code. Stdout gets exactly one JSON document with `--json`, on every way out:
 * `{error: {code, message}}` where there is no answer (`wrong-use`, `configuration`, `failed`, `interrupted`), with the same words on stderr.
 * Asked to end by a signal, it exits with 128 and the signal's number. Whatever the process started ends before it does.
 */
export async function runCommand(
  work: (answers: Answers) => Promise<number>,
  { json = wantsJson() }: { readonly json?: boolean } = {},
): Promise<never> {
  const abort = new AbortController()
  let answered = false
  let failing = false
  let stopped: (() => void) | undefined

  const failed = (code: string, message: string, said: string, exit: number): Promise<never> => {
    // The first fault is the reason; what breaks because of it, and because of the end itself, is not.
    if (failing || isEnding()) return new Promise(() => undefined)
    failing = true
    abort.abort()
    process.stderr.write(`${said}\n`)
    if (json && !answered) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`)
    answered = true
    return end(exit)
  }
  const fault = (thrown: unknown): Promise<never> => {
    const message = reasonOf(thrown)
    if (thrown instanceof WrongUse) return failed('wrong-use', message, message, 2)
    if (thrown instanceof ConfigurationError) return failed('configuration', message, message, 2)
    return failed('failed', message, plainly(thrown), 1)
  }

  process.on('uncaughtException', (thrown) => void fault(thrown))
  onStop((signal) => {
    if (stopped) stopped()
    else void failed('interrupted', `ended by ${signal}`, `ended by ${signal}`, codeOf(signal))
  })
  try {
    const code = await work({
      signal: abort.signal,
      untilStopped: () =>
        new Promise((done) => {
          stopped = done
        }),
      answer(document, text) {
        if (answered) return
        answered = true
        process.stdout.write(json ? `${JSON.stringify(document)}\n` : text)
      },
    })
    // Asked to end in the meantime: that way out is under way.
    if (failing) return await new Promise<never>(() => undefined)
    return await end(code)
  } catch (thrown) {
    return fault(thrown)
  }
}

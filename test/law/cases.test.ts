import { describe, expect, test } from 'vitest'
import type { Finding } from '../../schemas/decision.ts'
import { rules } from '../../schemas/rules/catalogue.ts'
import type { Question } from '../../schemas/rules/questions.ts'
import { patched } from './patched.ts'
import { asked, questions, scenes, type Scene } from './scenes.ts'

interface Changes {
  readonly command?: object
  readonly given?: Readonly<Record<string, unknown>>
}

const commandOf = (question: string) => question.split(':')[0] ?? ''

/** Runs the command of a scene with what a case changes: of what is asked, of the context, and of the thing that it is about. */
function run(scene: Scene, { command, given: { context, ...state } = {} }: Changes = {}) {
  return scene.decide(
    patched(scene.command, command) as never,
    patched(scene.state, Object.values(state)[0]) as never,
    patched(scene.context, context) as never,
  )
}

/** The same, once an official has released these findings. */
const runReleased = (scene: Scene, { given, ...changes }: Changes, released: readonly Finding[]) =>
  run({ ...scene, context: { ...scene.context, released } }, { ...changes, ...(given ? { given } : {}) })

const cases = rules.flatMap(({ id, cases: of }) =>
  Object.entries(of).flatMap(([question, list]) => list.map((one) => [id, question, one.name.en, one] as const)),
)
const isAskedAlone = (question: string): question is Question => question in questions

test('every question of every rule has a scene, so that no case is left out', () => {
  expect(
    cases.map(([, question]) => question).filter((one) => !isAskedAlone(one) && !(commandOf(one) in scenes)),
  ).toEqual([])
})

test.each(Object.entries(scenes))('%s is lawful as it stands', (_, scene) => {
  expect(run(scene)).toMatchObject({ accepted: true, findings: [] })
})

describe('what the rules do to their commands', () => {
  test.each(cases.filter(([, question]) => !isAskedAlone(question)))('%s, %s: %s', (id, question, _name, one) => {
    const scene = scenes[commandOf(question)]
    if (!scene) throw new Error(`no scene for ${question}`)
    const decision = run(scene, one)
    if (one.expect === 'WARN')
      expect(decision).toMatchObject({
        accepted: true,
        findings: expect.arrayContaining([expect.objectContaining({ rule: id, severity: 'WARN' })]),
      })
    else if (one.expect === 'HOLD') {
      const found = expect.objectContaining({ rule: id, severity: 'HOLD' })
      expect(decision).toMatchObject({ accepted: false, held: { findings: expect.arrayContaining([found]) } })
      // Exactly what was found is released, and then the act is accepted with it.
      const findings = decision.accepted ? [] : (decision.held?.findings ?? [])
      const released = runReleased(scene, one, findings)
      expect(released).toMatchObject({
        accepted: true,
        findings: expect.arrayContaining([expect.objectContaining({ rule: id, severity: 'HOLD', released: true })]),
      })
      expect(
        runReleased(
          scene,
          one as Changes,
          findings.map((other) => ({ ...other, facts: { other: 1 } })),
        ),
      ).toMatchObject({
        accepted: false,
      })
    } else {
      expect(decision).toMatchObject({ accepted: false })
      const codes = decision.accepted ? [] : decision.refusals.flatMap(({ rule, code }) => (rule === id ? [code] : []))
      expect(codes.some((code) => code !== 'rule-held')).toBe(true)
    }
  })
})

describe('what the law says where no single command asks', () => {
  test.each(cases.filter(([, question]) => isAskedAlone(question)))('%s, %s: %s', (id, question, _name, one) => {
    const facts = questions[question as Question] ?? {}
    expect(asked(question as Question, patched(facts, one.command) as object)).toMatchObject([
      { rule: id, severity: one.expect },
    ])
    // A number that was lost to another manifest is only asked about once it is lost.
    if (question !== 'FileManifest:number') expect(asked(question as Question, facts)).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
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
    else {
      expect(decision).toMatchObject({ accepted: false })
      const codes = decision.accepted ? [] : decision.refusals.flatMap(({ rule, code }) => (rule === id ? [code] : []))
      expect(codes.map((code) => (code === 'rule-held' ? 'HOLD' : 'BLOCK'))).toContain(one.expect)
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

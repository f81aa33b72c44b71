import { afterAll, describe, expect, test } from 'vitest'
import { bugs, type Bug } from './bugs.ts'
import { breachesOf, checks } from './history.ts'
import { runScenario } from './scenario.ts'
import { openSpecimen } from './specimen.ts'

const STORIES = 40
const caught: Record<string, string>[] = []

/** Tells stories until the check that names the bug finds it; answers every check that found something up to there. */
async function hunt(
  bug: Pick<Bug, 'specimen' | 'events'>,
  caughtBy: string,
): Promise<{ stories: number; found: ReadonlySet<string> }> {
  const specimen = await openSpecimen(bug.specimen)
  const found = new Set<string>()
  try {
    let stories = 0
    while (stories < STORIES && !found.has(caughtBy)) {
      const history = await runScenario(specimen, ++stories, { events: bug.events ?? 3, deadline: 700 })
      for (const { check } of breachesOf(history)) found.add(check)
    }
    return { stories, found }
  } finally {
    await specimen.close()
  }
}

describe('every bug that is seeded is caught by the checks that pass on our store', () => {
  test.each(bugs.map((bug) => [bug.name, bug] as const))('%s', { timeout: 120_000 }, async (_, bug) => {
    expect(Object.keys(checks)).toContain(bug.caughtBy)
    const { stories, found } = await hunt(bug, bug.caughtBy)
    caught.push({
      bug: bug.name,
      'caught by': bug.caughtBy,
      stories: String(stories),
      'and by': [...found].filter((check) => check !== bug.caughtBy).join('; '),
    })
    expect([...found]).toContain(bug.caughtBy)
  })

  afterAll(() => console.table(caught))
})

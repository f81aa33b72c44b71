import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { builtinCatalogues } from '../catalogues/builtin.ts'
import { codeOnItsPath } from './code-paths.ts'
import { namedCodeFindings } from './codes.ts'
import { generalCodeListed } from './general-codes.ts'
import { hazardousCategoryExists, hazardousCodeListed, identifiedByReport, natureAsListed } from './hazardous-codes.ts'
import { judge as judgeBy } from './row.ts'
import type { WasteStream } from '../values/waste.ts'

type Named = Parameters<typeof hazardousCodeListed.check>[0]
const wasteCodeFindings = (waste: Named['waste'], day: string, pointer: string, catalogues: Named['catalogues']) => {
  const facts = { waste, day, pointer, catalogues, row: catalogues.hazardous(waste.code, day) }
  return [
    ...judgeBy(codeOnItsPath, facts, day),
    ...judgeBy(hazardousCategoryExists, facts, day),
    ...judgeBy(hazardousCodeListed, facts, day),
    ...judgeBy(generalCodeListed, facts, day),
  ]
}
const identificationFindings = (code: string, report: string | undefined, day: string, pointer: string) =>
  judgeBy(identifiedByReport, { code, report, pointer, day }, day)
type Nature = Omit<Parameters<typeof natureAsListed.check>[0], 'pointer'>
const hazardFindings = (nature: Nature, day: string, pointer: string) =>
  judgeBy(natureAsListed, { ...nature, pointer }, day)

const ON = '2025-12-01'
const judged = (stream: WasteStream, code: string, day = ON, category?: string) =>
  wasteCodeFindings({ stream, code, category }, day, '/waste/code', builtinCatalogues)
const verdicts = (...of: Parameters<typeof judged>) => judged(...of).map(({ rule, severity }) => `${rule} ${severity}`)

describe('R02: a hazardous code stands in the list of the day', () => {
  test.each(['900-404-06', '398-004-22', '841-001-01', '900-041-49'])('%s does', (code) => {
    expect(judged('hazardous', code)).toEqual([])
  })

  test('an unknown code is refused, with the day whose list was asked', () => {
    expect(judged('hazardous', '851-001-01')).toEqual([
      {
        rule: 'R02',
        severity: 'BLOCK',
        pointer: '/waste/code',
        facts: { code: '851-001-01', category: 'HW01', day: ON, near: '841-001-01, 251-001-08, 451-001-11' },
        day: ON,
      },
    ])
  })

  test.each(['900-404-6', '90040406', '900-404-06 ', 'HW06', '９００-404-06', ''])(
    '%j has not the form of a code',
    (code) => {
      expect(verdicts('hazardous', code)).toEqual(['R02 BLOCK'])
    },
  )

  test('the edition changes with the year: 锡冶炼 came, 261-100-11 went', () => {
    expect(verdicts('hazardous', '321-035-48', '2024-12-31')).toEqual(['R02 BLOCK'])
    expect(verdicts('hazardous', '321-035-48', '2025-01-01')).toEqual([])
    expect(verdicts('hazardous', '261-100-11', '2024-12-31')).toEqual([])
    expect(verdicts('hazardous', '261-100-11', '2025-01-01')).toEqual(['R02 BLOCK'])
  })

  test('a category that is not the one of the last two digits is refused', () => {
    expect(verdicts('hazardous', '900-404-06', ON, 'HW06')).toEqual([])
    expect(verdicts('hazardous', '900-404-06', ON, 'HW08')).toEqual(['R02 BLOCK'])
  })

  test('waste found hazardous by identification has a code of its category that no row describes', () => {
    expect(verdicts('hazardous', '900-000-17')).toEqual([])
    expect(verdicts('hazardous', '900-000-41')).toEqual(['R03 BLOCK'])
  })

  test('stock, plans and contracts may name a row of either edition, but no other', () => {
    const named = (code: string) =>
      namedCodeFindings({ stream: 'hazardous', code }, ON, '/code', builtinCatalogues).map(({ rule }) => rule)
    expect([named('261-100-11'), named('321-035-48'), named('851-001-01')]).toEqual([[], [], ['R02']])
  })
})

describe('R03: the category exists', () => {
  test.each(['HW41', 'HW42', 'HW43', 'HW44', 'HW51', 'HW99', 'HW00'])('%s does not', (category) => {
    expect(judged('hazardous', `900-001-${category.slice(2)}`)).toMatchObject([
      { rule: 'R03', severity: 'BLOCK', facts: { category } },
    ])
  })
})

test('R04: waste found hazardous by identification waits for an official unless its report is named', () => {
  const judge = (code: string, report?: string) => identificationFindings(code, report, ON, '/report')
  expect(judge('900-000-17')).toEqual([
    { rule: 'R04', severity: 'HOLD', pointer: '/report', facts: { code: '900-000-17' }, day: ON },
  ])
  expect(judge('900-000-17', 'JB-2025-1')).toEqual([])
  expect(judge('900-404-06')).toEqual([])
})

describe('R05: a general code is one of the 目录 of 2024', () => {
  test.each([
    ['industrial', '900-003-S17'],
    ['industrial', '900-001-S92'],
    ['municipal', '900-001-S61'],
    ['construction', '900-001-S74'],
    ['sludge', '462-001-S90'],
  ] as const)('%s %s is', (stream, code) => {
    expect(judged(stream, code)).toEqual([])
  })

  test('a code that our part of the list lacks, of a class that there is, warns', () => {
    expect(judged('industrial', '900-098-S17')).toEqual([
      {
        rule: 'R05',
        severity: 'WARN',
        pointer: '/waste/code',
        facts: { code: '900-098-S17', stream: 'industrial', match: 'class-known-code-not-loaded' },
        day: ON,
      },
    ])
  })

  test.each(['900-001-S08', '900-001-S18', '900-001-S99', '90-001-S17', '900-001-17S', '900-003-S17 ', ''])(
    '%j is refused',
    (code) => {
      expect(verdicts('industrial', code)).toEqual(['R05 BLOCK'])
    },
  )

  test('a class of another stream warns', () => {
    expect(judged('industrial', '900-001-S61')).toMatchObject([
      { rule: 'R05', severity: 'WARN', facts: { match: 'class-of-another-stream' } },
    ])
  })
})

describe('R06: hazardous and other waste keep to their paths', () => {
  test('a general code cannot be hazardous waste', () => {
    expect(verdicts('hazardous', '900-003-S17')).toEqual(['R06 BLOCK'])
  })

  test.each(['industrial', 'municipal', 'construction', 'sludge'] as const)(
    'a hazardous code cannot be %s waste',
    (stream) => {
      expect(verdicts(stream, '900-404-06')).toEqual(['R06 BLOCK'])
    },
  )

  test('it goes by the shape of the code, whether or not there is such a code', () => {
    expect(verdicts('industrial', '999-999-99')).toEqual(['R06 BLOCK'])
    expect(verdicts('hazardous', '999-999-S99')).toEqual(['R06 BLOCK'])
  })
})

test('whatever the code, there is at most one verdict, and none but for codes that are listed', () => {
  const streams = fc.constantFrom<WasteStream>('industrial', 'hazardous', 'municipal', 'construction', 'sludge')
  const code = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.stringMatching(/^\d{3}-\d{3}-\d{2}$/),
    fc.stringMatching(/^\d{3}-\d{3}-S\d{2}$/),
  )
  fc.assert(
    fc.property(streams, code, (stream, text) => {
      const findings = judged(stream, text)
      expect(findings.length).toBeLessThanOrEqual(1)
      if (findings.length === 0 && stream === 'hazardous')
        expect(builtinCatalogues.hazardous(text, ON) !== undefined || text.startsWith('900-000-')).toBe(true)
      if (findings.length === 0 && stream !== 'hazardous') expect(builtinCatalogues.general(text).known).toBe('listed')
    }),
    { numRuns: 500 },
  )
})

describe('R53: form and hazards', () => {
  const entry = builtinCatalogues.hazardous('900-404-06', ON)
  const nature = (hazards: readonly string[] | undefined, form?: string, report?: string) =>
    hazardFindings({ hazards, form, entry, report }, ON, '/lines/0').map(({ severity, pointer, facts }) => [
      severity,
      pointer,
      facts['value'],
      facts['listed'],
    ])

  test('the set of the list, in any order, is right', () => {
    expect(nature(['R', 'T', 'I'], 'L')).toEqual([])
  })

  test('what nobody said is not judged', () => {
    expect(nature(undefined)).toEqual([])
  })

  test('a form that there is not is refused', () => {
    expect(nature(undefined, 'X')).toEqual([['BLOCK', '/lines/0/form', 'X', 'S/SS/L/G']])
  })

  test('a hazard that there is not is refused, and the set is then not also compared', () => {
    expect(nature(['T', 'Q', 'In2'])).toEqual([['BLOCK', '/lines/0/hazards', 'Q/In2', 'T/C/I/R/In']])
  })

  const listed = (list: string, ...hazards: readonly string[]) =>
    hazardFindings({ hazards, entry: entry && { ...entry, hazards: list } }, ON, '').length

  test('of a comma list the first must be there, the others may be', () => {
    expect(nature(['T'])).toEqual([])
    expect(nature(['I', 'R'])).toEqual([['WARN', '/lines/0/hazards', 'I/R', 'T,I,R']])
    expect(nature([])).toEqual([['WARN', '/lines/0/hazards', '', 'T,I,R']])
    expect([listed('C,T', 'C'), listed('C,T', 'T'), listed('C,T', 'T', 'C')]).toEqual([0, 1, 0])
  })

  test('of a slash list one is enough, and none of them warns', () => {
    expect([listed('T/I/R', 'T'), listed('T/I/R', 'R'), listed('T/I/R', 'I', 'T')]).toEqual([0, 0, 0])
    expect([listed('T/I/R', 'C'), listed('T/I/R')]).toEqual([1, 1])
  })

  test('more hazards than listed are no breach', () => {
    expect(nature(['T', 'C'])).toEqual([])
    expect(listed('T/In', 'T', 'R')).toBe(0)
  })

  test('a report may have found other hazards than the list names, but some', () => {
    expect(nature(['I'], 'L', 'JB-2025-1')).toEqual([])
    expect(nature([], 'L', 'JB-2025-1')).toHaveLength(1)
  })

  test('the lists of both editions keep their commas and slashes', () => {
    const lists = (day: string) =>
      ['900-404-06', '261-039-19', '900-041-49'].map((code) => builtinCatalogues.hazardous(code, day)?.hazards)
    expect(
      lists('2024-06-01')
        .concat(lists(ON))
        .filter((list) => list?.match(/[,/]/)).length,
    ).toBeGreaterThanOrEqual(4)
  })

  test('without a row of the list only the letters are judged', () => {
    expect(hazardFindings({ hazards: ['T'], form: 'SS' }, ON, '')).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import { builtinCatalogues } from './builtin.ts'
import { editionOn } from './hazardous-waste.ts'
import { landfillMethods, methods, recoveryMethods } from './methods.ts'
import { generalGroup, groupFitsStream } from './solid-waste.ts'

const { hazardous, hazardousAnyEdition, hasCategory, general, method } = builtinCatalogues

describe('国家危险废物名录', () => {
  test.each([
    ['2021-01-01', '2021', 467],
    ['2024-12-31', '2021', 467],
    ['2025-01-01', '2025', 470],
    ['2026-11-22', '2025', 470],
  ])('on %s the edition %s with %i kinds in 46 categories is in force', (day, edition, kinds) => {
    const list = editionOn(day)
    expect([list.edition, list.entries.size, list.categories.size]).toEqual([edition, kinds, 46])
  })

  test('days before the oldest edition are read by it', () => {
    expect(editionOn('2015-06-01').edition).toBe('2021')
  })

  test.each(['2021-06-01', '2025-06-01'])(
    'every row of the edition of %s belongs to a category of that edition and bears known hazards',
    (day) => {
      const { entries, categories } = editionOn(day)
      const odd = [...entries.values()].filter(
        ({ code, category, hazardSet, description }) =>
          !/^\d{3}-\d{3}-\d{2}$/.test(code) ||
          !categories.has(category) ||
          description === '' ||
          !hazardSet.every((hazard) => /^(T|C|I|R|In)$/.test(hazard)),
      )
      expect(odd).toEqual([])
      expect(
        [...categories].filter((category) => ![...entries.values()].some((row) => row.category === category)),
      ).toEqual([])
    },
  )

  test('a row says category, hazards and what it is', () => {
    expect(hazardous('398-004-22', '2025-12-01')).toEqual({
      code: '398-004-22',
      category: 'HW22',
      hazards: 'T',
      hazardSet: ['T'],
      description: '线路板生产过程中产生的废蚀铜液',
    })
    expect(hazardous('900-404-06', '2025-12-01')).toMatchObject({
      category: 'HW06',
      hazards: 'T,I,R',
      hazardSet: ['T', 'I', 'R'],
    })
    expect(hazardous('900-041-49', '2025-12-01')).toMatchObject({ hazards: 'T/In', hazardSet: ['T', 'In'] })
  })

  test('a kind that came with the edition of 2025 is unknown the day before', () => {
    expect(hazardous('321-035-48', '2024-12-31')).toBeUndefined()
    expect(hazardous('321-035-48', '2025-01-01')).toMatchObject({ category: 'HW48' })
  })

  test('a kind that went with the edition of 2021 is known to stock and contracts only', () => {
    expect(hazardous('261-100-11', '2024-12-31')).toBeDefined()
    expect(hazardous('261-100-11', '2025-01-01')).toBeUndefined()
    expect(hazardousAnyEdition('261-100-11')).toMatchObject({ category: 'HW11' })
    expect(hazardousAnyEdition('851-001-01')).toBeUndefined()
  })

  test('between HW40 and HW45 and after HW50 there is no category', () => {
    const missing = Array.from({ length: 99 }, (_, i) => `HW${String(i + 1).padStart(2, '0')}`).filter(
      (category) => !hasCategory(category, '2025-12-01'),
    )
    expect(missing.slice(0, 5)).toEqual(['HW41', 'HW42', 'HW43', 'HW44', 'HW51'])
  })
})

describe('固体废物分类与代码目录', () => {
  test.each([
    ['900-003-S17', { known: 'listed', zh: '废塑料' }],
    ['900-098-S17', { known: 'class-only', zh: '可再生类废物' }],
    ['900-001-S08', { known: 'unknown' }],
    ['900-001-S99', { known: 'unknown' }],
    ['900-404-06', { known: 'unknown' }],
    ['900-003-s17', { known: 'unknown' }],
    ['', { known: 'unknown' }],
  ])('%s', (code, expected) => {
    expect(general(code)).toEqual(expected)
  })

  test('a first level fits the streams that have such waste', () => {
    expect(generalGroup('900-001-S61')).toBe('municipal')
    expect(generalGroup('462-001-S90')).toBe('other')
    expect(groupFitsStream('other', 'sludge')).toBe(true)
    expect(groupFitsStream('municipal', 'industrial')).toBe(false)
    expect(generalGroup('900-001-S08')).toBeUndefined()
  })
})

describe('利用处置方式', () => {
  test.each(['R10', 'R11', 'R12', 'R13', 'R14', 'D2', 'D5', 'D8', 'D11', 'D15', 'R0', 'GR', ''])(
    '%s is in no Chinese list',
    (code) => {
      expect(method(code)).toBeUndefined()
    },
  )

  test('the 27 codes of HJ 1033 附录F, two transfer codes and our eleven of general waste', () => {
    const own = methods.filter(({ code }) => /^(G[RDSC]-|S\d)/.test(code))
    expect([methods.length - own.length, own.length]).toEqual([27, 13])
    expect(new Set(methods.map(({ code }) => code)).size).toBe(40)
  })

  test('利用 is R1-R9, R15, C2, C3, two ways with chromium residue, and GR-*', () => {
    expect(recoveryMethods()).toEqual([
      'R1',
      'R2',
      'R3',
      'R4',
      'R5',
      'R6',
      'R7',
      'R8',
      'R9',
      'R15',
      'C2',
      'C3',
      'G23',
      'G24',
      'GR-MAT',
      'GR-BLD',
      'GR-ENE',
      'GR-ORG',
      'GR-REP',
      'GR-OTH',
    ])
  })

  test('填埋 is D1 and GD-LF; collection and storage are neither 利用 nor 处置', () => {
    expect(landfillMethods()).toEqual(['D1', 'GD-LF'])
    expect(method('C1')?.kind).toBe('disposal')
    expect(method('Y10')?.kind).toBe('disposal')
    expect(['S1', 'S2', 'GS-STO', 'GC-COL'].map((code) => method(code)?.kind)).toEqual([
      'transfer',
      'transfer',
      'transfer',
      'transfer',
    ])
  })
})

import { expect, test } from 'vitest'
import { ConcludeContract } from './registry.ts'
import { renamingOf } from './public-names.ts'
import { FileManifest, RecordOutShipment } from './transport.ts'
import { GenerateLot } from './generation.ts'

const contract = renamingOf(ConcludeContract)
const manifest = renamingOf(FileManifest)

test('a command is taken by the names of the documents, and by the older ones', () => {
  const own = { code: '900-404-06', from: '2025-01-01', to: '2025-12-31', number: 'H1' }
  const known = { wasteCode: '900-404-06', validFrom: '2025-01-01', validTo: '2025-12-31', number: 'H1' }
  expect(contract?.inward(known)).toEqual(own)
  expect(contract?.inward(own)).toEqual(own)
  expect(manifest?.inward({ lines: [{ wasteCode: 'a', lots: [{ lot: 'l' }] }, { code: 'b' }] })).toEqual({
    lines: [{ code: 'a', lots: [{ lot: 'l' }] }, { code: 'b' }],
  })
  expect(renamingOf(RecordOutShipment)?.inward({ consignor: 'u', wasteCode: 'c' })).toEqual({ unit: 'u', code: 'c' })
})

test('a field that was sent by both names is not quietly dropped', () => {
  expect(contract?.inward({ code: 'a', wasteCode: 'b' })).toEqual({ code: 'a', wasteCode: 'b' })
})

test('pointers lead to the fields by their public names', () => {
  expect(manifest?.outward('/lines/0/code')).toBe('/lines/0/wasteCode')
  expect(manifest?.outward('/lines/0/lots/1/lot')).toBe('/lines/0/lots/1/lot')
  expect(contract?.outward('/from')).toBe('/validFrom')
  expect(contract?.outward('')).toBe('')
})

test('whatever is sent instead of an object passes through to the schema, and commands without such names cost nothing', () => {
  for (const value of [{ lines: 'x' }, { lines: [null, 1, ['a']] }, {}]) expect(manifest?.inward(value)).toEqual(value)
  expect(renamingOf(GenerateLot)).toBeUndefined()
})

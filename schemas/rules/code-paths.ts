import { rule, type Breaches } from './row.ts'
import { acrossTheCode, hazardousDuties } from './sources.ts'

import { type CodeFacts, FIRST_LAW, misplaced, onAPath } from './coded-waste.ts'

/** A change of code without the report of an identification. */
interface Reclassified {
  readonly from: string
  readonly to: string
}

export const codeOnItsPath = rule('R06', {
  title: {
    zh: '危险废物与其他废物各按其路径登记，改类须有鉴别报告',
    en: 'Hazardous and other waste keep to their paths; a change of class needs a report',
  },
  text: {
    zh: '代码 {code} 不能按“{stream}”登记：危险废物与其他固体废物不得混同，改类须有鉴别报告',
    en: 'Code {code} cannot be recorded as {stream}: hazardous and other waste are kept apart; a change of class needs an identification report',
    more: [
      {
        zh: '由 {from} 改为 {to} 须有鉴别报告：请在 report 中填写报告编号，或保留原代码',
        en: 'A change from {from} to {to} needs an identification: give the number of its report in the field report, or keep the code',
      },
    ],
  },
  editions: acrossTheCode({
    from: FIRST_LAW,
    severity: 'BLOCK',
    source: ['固废法 第81条第二款', '生态环境法典 第528条、第535条第二款'],
    penalty: hazardousDuties,
  }),
  books: 'same',
  asks: {
    ...onAPath,
    'ClassifyLot:report': ({ command, lot }) => [{ from: lot.waste?.code ?? '', to: command.waste?.code ?? '' }],
  },
  check(facts: CodeFacts | Reclassified): Breaches {
    if ('from' in facts) return { pointer: '/report', facts: { from: facts.from, to: facts.to } }
    const { code, stream } = facts.waste
    return misplaced(facts) ? { pointer: facts.pointer, facts: { code, stream } } : undefined
  },
  cases: {
    GenerateLot: [
      {
        name: { zh: '危险废物代码按一般工业固体废物登记', en: 'a hazardous code as general waste' },
        command: { waste: { stream: 'industrial' } },
        expect: 'BLOCK',
      },
    ],
    OpenLot: [
      {
        name: { zh: '往年贮存', en: 'stock of an earlier year' },
        command: { waste: { stream: 'industrial' } },
        expect: 'BLOCK',
      },
    ],
    GenerateIntoPool: [
      {
        name: { zh: '危险废物混入一般固体废物', en: 'hazardous waste goes into a pool of general waste' },
        command: { waste: { stream: 'industrial', code: '900-404-06' } },
        expect: 'BLOCK',
      },
    ],
    ClassifyLot: [
      {
        name: { zh: '一般代码按危险废物归类', en: 'a general code as hazardous' },
        command: { waste: { stream: 'hazardous', code: '900-003-S17' }, report: 'JB-2025-1' },
        expect: 'BLOCK',
      },
    ],
    'ClassifyLot:report': [
      {
        name: { zh: '改代码而无鉴别报告', en: 'another code without a report' },
        command: { waste: { stream: 'hazardous', code: '900-249-08' } },
        expect: 'BLOCK',
      },
    ],
    RecordTrip: [
      {
        name: { zh: '危险废物按污泥运输', en: 'hazardous waste travels as sludge' },
        command: { code: '900-404-06' },
        expect: 'BLOCK',
      },
    ],
    FileManifest: [
      {
        name: { zh: '一般固体废物填危险废物转移联单', en: 'general waste on a manifest of hazardous waste' },
        command: { lines: { 0: { code: '900-003-S17' } } },
        given: { context: { lots: { '*': { waste: { code: '900-003-S17' } } } } },
        expect: 'BLOCK',
      },
    ],
    RecordOutShipment: [
      {
        name: { zh: '危险废物按一般固体废物出厂', en: 'hazardous waste leaves as general waste' },
        given: { context: { pool: { waste: { code: '900-404-06' } } } },
        expect: 'BLOCK',
      },
    ],
    CorrectLot: [
      {
        name: { zh: '更正为危险废物代码', en: 'a correction gives it a code of hazardous waste' },
        command: { coded: { waste: { stream: 'industrial', code: '772-003-18' } } },
        expect: 'BLOCK',
      },
    ],
    RecordTreatment: [
      {
        name: { zh: '残渣', en: 'a residue' },
        command: { residues: { 0: { stream: 'industrial', code: '772-003-18' } } },
        expect: 'BLOCK',
      },
    ],
    SortLot: [
      {
        name: { zh: '分拣出的废物', en: 'a fraction' },
        command: { fractions: { 0: { stream: 'industrial', code: '772-003-18' } } },
        expect: 'BLOCK',
      },
    ],
    MixLots: [
      {
        name: { zh: '混合后废物', en: 'a mixture' },
        command: { stream: 'industrial', code: '772-003-18' },
        expect: 'BLOCK',
      },
    ],
  },
})

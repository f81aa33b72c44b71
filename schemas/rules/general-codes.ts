import { generalGroup, groupFitsStream, isGeneralForm } from '../catalogues/solid-waste.ts'
import { rule, type Breaches } from './row.ts'
import { acrossTheCode, ALWAYS } from './sources.ts'

import { type CodeFacts, HAZARDOUS_FORM, FIRST_LAW, inThePlan, general } from './coded-waste.ts'

export const generalCodeListed = rule('R05', {
  title: { zh: '一般固体废物代码在分类与代码目录中', en: 'A general code stands in the classification catalogue' },
  text: {
    zh: '{stream}代码 {code}：{match}（《固体废物分类与代码目录》）',
    en: 'Code {code} for {stream}: {match} (Solid Waste Classification and Code Catalogue)',
  },
  editions: [
    { from: ALWAYS, to: '1996-03-31', source: '代码形式（本项目约定；首部固废法以前）', severity: 'BLOCK' },
    ...acrossTheCode({
      from: FIRST_LAW,
      severity: 'BLOCK',
      source: [
        '固体废物分类与代码目录（公告2024年第4号）；固废法 第36条',
        '固体废物分类与代码目录（公告2024年第4号）；生态环境法典 第489条',
      ],
    }),
  ],
  books: 'same',
  asks: general,
  check(facts: CodeFacts): Breaches {
    const { waste, pointer, day, catalogues } = facts
    const { code, stream } = waste
    if (stream === 'hazardous' || (isGeneralForm(code) && day < FIRST_LAW)) return undefined
    if (HAZARDOUS_FORM.test(code)) return undefined
    const { known } = catalogues.general(code)
    if (known === 'unknown') return { pointer, facts: { code, stream, match: 'no-such-class' } }
    const group = generalGroup(code)
    if (group !== undefined && !groupFitsStream(group, stream))
      return { pointer, severity: 'WARN', facts: { code, stream, match: 'class-of-another-stream' } }
    return known === 'listed'
      ? undefined
      : { pointer, severity: 'WARN', facts: { code, stream, match: 'class-known-code-not-loaded' } }
  },
  cases: {
    GenerateLot: [
      {
        name: { zh: '没有S08类', en: 'there is no class S08' },
        command: { waste: { stream: 'industrial', code: '900-003-S08' } },
        expect: 'BLOCK',
      },
    ],
    OpenLot: [
      {
        name: { zh: '往年贮存', en: 'stock of an earlier year' },
        command: { waste: { stream: 'industrial', code: '900-003-S08' } },
        expect: 'BLOCK',
      },
    ],
    GenerateIntoPool: [
      {
        name: { zh: '没有S08类', en: 'there is no class S08' },
        command: { waste: { code: '900-003-S08' } },
        expect: 'BLOCK',
      },
      {
        name: { zh: '类别存在而代码尚未载入', en: 'a class that exists, a code that is not loaded' },
        command: { waste: { code: '900-998-S17' } },
        expect: 'WARN',
      },
    ],
    ClassifyLot: [
      {
        name: { zh: '经鉴别改为不存在的类', en: 'an identification names a class that does not exist' },
        command: { waste: { stream: 'industrial', code: '900-003-S08' }, report: 'JB-2025-1' },
        given: { lot: { label: null } },
        expect: 'BLOCK',
      },
    ],
    RecordTrip: [
      {
        name: { zh: '污泥填了生活垃圾的类别', en: 'sludge under a class of municipal waste' },
        command: { code: '900-001-S61' },
        expect: 'WARN',
      },
    ],
    RecordOutShipment: [
      {
        name: { zh: '代码没有这一类', en: 'a code of no class' },
        command: { code: '900-003-S08' },
        given: { context: { pool: { waste: { code: '900-003-S08' } } } },
        expect: 'BLOCK',
      },
    ],
    CorrectLot: [
      {
        name: { zh: '更正的代码', en: 'a correction names such a code' },
        command: { coded: { waste: { stream: 'industrial', code: '900-003-S08' } } },
        expect: 'BLOCK',
      },
    ],
    RecordTreatment: [
      {
        name: { zh: '残渣的代码', en: 'of a residue' },
        command: { residues: { 0: { stream: 'industrial', code: '900-003-S08' } } },
        expect: 'BLOCK',
      },
    ],
    SortLot: [
      {
        name: { zh: '分拣出的代码', en: 'of a fraction' },
        command: { fractions: { 0: { stream: 'industrial', code: '900-003-S08' } } },
        expect: 'BLOCK',
      },
    ],
    MixLots: [
      {
        name: { zh: '混合后代码', en: 'of a mixture' },
        command: { stream: 'industrial', code: '900-003-S08' },
        expect: 'BLOCK',
      },
    ],
    ConcludeContract: [
      { name: { zh: '合同', en: 'in a contract' }, command: { code: '900-003-S08' }, expect: 'BLOCK' },
    ],
    FilePlan: [{ name: inThePlan, command: { lines: { 0: { code: '900-003-S08' } } }, expect: 'BLOCK' }],
  },
})

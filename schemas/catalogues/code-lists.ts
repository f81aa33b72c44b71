import { DifferenceKind } from '../manifest/shapes.ts'
import { errorCatalogue } from '../texts/errors/catalogue.ts'
import { glossary } from '../texts/glossary.ts'
import { UnitRole } from '../unit/shapes.ts'
import { STAGES, WASTE_STREAMS } from '../values/waste.ts'
import type { CodeEntry, CodeList, CodeListEdition } from './code-list.ts'
import calendar2024 from './data/calendar-2024.json' with { type: 'json' }
import calendar2025 from './data/calendar-2025.json' with { type: 'json' }
import calendar2026 from './data/calendar-2026.json' with { type: 'json' }
import divisions2023 from './data/divisions-2023.json' with { type: 'json' }
import exemptions2025 from './data/exemptions-2025.json' with { type: 'json' }
import forms from './data/forms-of-matter.json' with { type: 'json' }
import hazardous2021 from './data/hazardous-waste-2021.json' with { type: 'json' }
import hazardous2025 from './data/hazardous-waste-2025.json' with { type: 'json' }
import hazards from './data/hazards.json' with { type: 'json' }
import packaging from './data/packaging.json' with { type: 'json' }
import solidWaste2024 from './data/solid-waste-2024.json' with { type: 'json' }
import methods from './data/treatment-methods.json' with { type: 'json' }
import units from './data/units-of-measure.json' with { type: 'json' }
import sources from './data/waste-sources.json' with { type: 'json' }
import { categoryOf } from './hazardous-waste.ts'

type Head = Omit<CodeListEdition, 'entries' | 'complete'>
type HazardousFile = Head & {
  readonly categories: readonly { readonly code: string; readonly zh: string }[]
  readonly entries: readonly { readonly code: string; readonly hazards: string; readonly description: string }[]
}

/** The head of a data file with its rows, as they stand there or as they are given. */
function edition(file: Head & { readonly complete?: boolean }, entries: readonly CodeEntry[]): CodeListEdition {
  const { edition: name, from, to, source, complete = true } = file
  return { edition: name, from, ...(to === undefined ? {} : { to }), source, complete, entries }
}

/** 名录: what the list prints as its description is the name of the waste. */
const kindsOf = (file: HazardousFile): CodeListEdition =>
  edition(
    file,
    file.entries.map(({ code, hazards: letters, description }) => ({
      code,
      zh: description,
      category: categoryOf(code),
      categoryZh: file.categories.find((category) => category.code === categoryOf(code))?.zh,
      hazards: letters,
    })),
  )

const OURS = { edition: '1', from: '2000-01-01' }

/** Words of the project's own language, as the glossary explains them. */
const ofWords = (source: string, words: readonly string[]): CodeListEdition =>
  edition(
    { ...OURS, source },
    words.map((code) => ({ code, zh: code, en: code, ...glossary[code] })),
  )

const errorCodes = edition(
  { ...OURS, source: 'schemas/texts/errors; 问题 (RFC 9457) 的 code' },
  Object.entries(errorCatalogue)
    .map(([code, { status, zh, en }]) => ({ code, zh, en, status }))
    .sort((a, b) => (a.code < b.code ? -1 : 1)),
)

/** Every code list that programs outside may read, by REST and by GraphQL. */
export const codeLists: readonly CodeList[] = [
  { name: 'methods', zh: '利用处置方式', en: 'Treatment methods', editions: [edition(methods, methods.methods)] },
  {
    name: 'hazardous',
    zh: '国家危险废物名录',
    en: 'National catalogue of hazardous waste',
    editions: [kindsOf(hazardous2021), kindsOf(hazardous2025)],
  },
  {
    name: 'hazardous-categories',
    zh: '危险废物类别',
    en: 'Categories of hazardous waste',
    editions: [edition(hazardous2021, hazardous2021.categories), edition(hazardous2025, hazardous2025.categories)],
  },
  {
    name: 'solid-waste',
    zh: '固体废物分类与代码目录',
    en: 'Catalogue of solid waste and its codes',
    editions: [edition(solidWaste2024, solidWaste2024.entries)],
  },
  {
    name: 'solid-waste-classes',
    zh: '固体废物类别',
    en: 'Classes of solid waste',
    editions: [edition(solidWaste2024, solidWaste2024.classes)],
  },
  { name: 'packaging', zh: '包装形式', en: 'Kinds of package', editions: [edition(packaging, packaging.entries)] },
  { name: 'forms-of-matter', zh: '废物形态', en: 'Forms of matter', editions: [edition(forms, forms.entries)] },
  { name: 'hazards', zh: '危险特性', en: 'Hazards', editions: [edition(hazards, hazards.entries)] },
  {
    name: 'exemptions',
    zh: '危险废物豁免管理清单',
    en: 'Exemptions of hazardous waste',
    editions: [edition(exemptions2025, exemptions2025.entries)],
  },
  {
    name: 'divisions',
    zh: '行政区划',
    en: 'Administrative divisions',
    editions: [edition(divisions2023, divisions2023.entries)],
  },
  {
    name: 'calendar',
    zh: '放假与调休',
    en: 'Days off and working days instead; of days past the last edition nothing is known',
    editions: [calendar2024, calendar2025, calendar2026].map((file) => edition(file, file.entries)) as [
      CodeListEdition,
      ...CodeListEdition[],
    ],
  },
  { name: 'waste-sources', zh: '产生来源', en: 'Sources of waste', editions: [edition(sources, sources.entries)] },
  { name: 'units-of-measure', zh: '计量单位', en: 'Units of measure', editions: [edition(units, units.entries)] },
  { name: 'stages', zh: '环节', en: 'Stages', editions: [ofWords('五横；按公开材料推定', STAGES)] },
  { name: 'streams', zh: '类别', en: 'Streams of waste', editions: [ofWords('五纵；按公开材料推定', WASTE_STREAMS)] },
  { name: 'roles', zh: '单位类型', en: 'Roles of units', editions: [ofWords('HJ 1259-2022', UnitRole.options)] },
  {
    name: 'difference-kinds',
    zh: '重大差异类型',
    en: 'Kinds of difference at reception',
    editions: [ofWords('令第23号 第三部分', DifferenceKind.options)],
  },
  { name: 'error-codes', zh: '错误代码', en: 'Error codes', editions: [errorCodes] },
]

const byName = new Map(codeLists.map((list) => [list.name, list]))

export const codeListNamed = (name: string): CodeList | undefined => byName.get(name)

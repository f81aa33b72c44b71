import edition2024 from './data/solid-waste-2024.json' with { type: 'json' }
import type { WasteStream } from '../values/waste.ts'
import type { Catalogues } from './catalogue.ts'

/** First level of the 固体废物分类与代码目录: 工业 S01-S59, 生活 S60-S69, 建筑 S70-S79, 农业 S80-S89, 其他 S90-S99. */
export type GeneralGroup = 'industrial' | 'municipal' | 'construction' | 'agricultural' | 'other'

const FORM = /^\d{3}-\d{3}-(S\d{2})$/
const names = new Map(edition2024.entries.map(({ code, zh }) => [code, zh]))
const classes = new Map(edition2024.classes.map((row) => [row.code, row]))

/** Whether a code is written as the 目录 writes them, `NNN-NNN-Snn`. */
export const isGeneralForm = (code: string): boolean => FORM.test(code)

/**
 * What the list says about a code. Our copy holds only a part of the official one (`complete: false` in its file), so a code of a
 * known class that it lacks is told apart from a code of no class at all (readings R05).
 */
export const generalCode: Catalogues['general'] = (code) => {
  const zh = names.get(code)
  if (zh !== undefined) return { known: 'listed', zh }
  const of = classes.get(FORM.exec(code)?.[1] ?? '')
  return of ? { known: 'class-only', zh: of.zh } : { known: 'unknown' }
}

/** The first level that a code's class belongs to. */
export const generalGroup = (code: string): GeneralGroup | undefined =>
  classes.get(FORM.exec(code)?.[1] ?? '')?.group as GeneralGroup | undefined

// The 目录 has no first level for sewage sludge: it stands under 其他固体废物 (S90), beside dredged sludge and laboratory waste (S92),
// which an industrial unit has as well.
const GROUPS: Readonly<Record<WasteStream, readonly GeneralGroup[]>> = {
  industrial: ['industrial', 'other'],
  hazardous: [],
  municipal: ['municipal'],
  construction: ['construction'],
  sludge: ['other'],
}

/** Whether a code of that first level is at home in that stream. */
export const groupFitsStream = (group: GeneralGroup, stream: WasteStream): boolean => GROUPS[stream].includes(group)

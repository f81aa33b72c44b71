/** One row of the 国家危险废物名录 in one edition. */
export interface HazardousEntry {
  readonly code: string
  /** HW01..HW50 */
  readonly category: string
  readonly description: string
  /** 危险特性 as the list prints it, such as `T/I/R`. */
  readonly hazards: string
  readonly hazardSet: readonly string[]
}

export interface Method {
  readonly code: string
  /** 利用 or 处置 (or neither, for transfer and storage); edition of this reading: 1. */
  readonly kind: 'recovery' | 'disposal' | 'transfer'
  /** All treated mass stays in a landfill. */
  readonly landfill: boolean
  readonly zh: string
  readonly en: string
}

/** Code lists with their editions: what a decision may ask. Data, loaded once; pure. */
export interface Catalogues {
  /** The row in the edition in force on that day (2021 to 2024-12-31, then 2025), readings R02. */
  hazardous(code: string, day: string): HazardousEntry | undefined
  /** The row in any edition: what stock, plans and contracts may name. */
  hazardousAnyEdition(code: string): HazardousEntry | undefined
  /** Whether a category (HW06) stands in the edition of that day. */
  hasCategory(category: string, day: string): boolean
  /** 固体废物分类与代码目录: listed, of a known class that our part of the list lacks (readings R05), or unknown. */
  general(code: string): { readonly known: 'listed' | 'class-only' | 'unknown'; readonly zh?: string }
  /** A method of HJ 1033 附录F, of medical or general waste; undefined for codes that are in no Chinese list (R10, D2, ...). */
  method(code: string): Method | undefined
}

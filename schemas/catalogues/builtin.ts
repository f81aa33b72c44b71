import type { Catalogues } from './catalogue.ts'
import { editionOn, entryInAnyEdition } from './hazardous-waste.ts'
import { methodOf } from './methods.ts'
import { generalCode } from './solid-waste.ts'

/** The code lists that the project carries in `data/`, every one with its edition, its days in force and its source. */
export const builtinCatalogues: Catalogues = {
  hazardous: (code, day) => editionOn(day).entries.get(code),
  hazardousAnyEdition: entryInAnyEdition,
  hasCategory: (category, day) => editionOn(day).categories.has(category),
  general: generalCode,
  method: methodOf,
}

import { generalGroup, isGeneralForm } from '../../../schemas/catalogues/solid-waste.ts'
import type { Waste } from '../../../schemas/values/waste.ts'

/** Plans and contracts name a waste by its code alone: the form of the code says by which list it is meant. */
export function wasteOfCode(code: string): Waste {
  if (!isGeneralForm(code)) return { stream: 'hazardous', code }
  const group = generalGroup(code)
  return { stream: group === 'municipal' || group === 'construction' ? group : 'industrial', code }
}

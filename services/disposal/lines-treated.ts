import type { ManifestEventOf } from '../../schemas/manifest/events.ts'
import type { TreatedLot } from '../../schemas/manifest/shapes.ts'
import type { TreatedInput, TreatmentEventOf } from '../../schemas/treatment/events.ts'
import { grouped } from '../../schemas/values/grouped.ts'
import { grams } from '../../schemas/values/mass.ts'
import { lineOf } from '../../schemas/values/place.ts'
import { present } from '../../schemas/values/present.ts'

type Recorded = TreatmentEventOf<'TreatmentRecorded'>['data']
type LineTreated = ManifestEventOf<'LineTreated'>['data']

/** What a treatment did to each line under which its inputs lay, by manifest. What lay under none is on no document. */
export function linesTreated(run: string, recorded: Recorded): ReadonlyMap<string, readonly LineTreated[]> {
  const documents = grouped(
    recorded.inputs.filter(({ from }) => lineOf(from)),
    ({ from }) => from.document,
  )
  const manifests = new Map<string, LineTreated[]>()
  for (const inputs of documents.values()) {
    const under = inputs[0] && lineOf(inputs[0].from)
    if (!under) continue
    const lines = manifests.get(under.manifest) ?? []
    lines.push(lineTreated(under.line, inputs, run, recorded))
    manifests.set(under.manifest, lines)
  }
  return manifests
}

function lineTreated(
  line: number,
  inputs: readonly TreatedInput[],
  run: string,
  { treatment, facility, method, productName, residues }: Recorded,
): LineTreated {
  const sum = (of: (input: TreatedInput) => number) => grams(inputs.reduce((total, input) => total + of(input), 0))
  const residueOf = (lot: string) => (input: TreatedInput) =>
    input.residues.reduce((total, part) => (part.lot === lot ? total + part.grams : total), 0)
  return present({
    line,
    treatment,
    run,
    facility,
    method,
    treated: sum((input) => input.grams),
    product: sum((input) => input.product),
    productName,
    loss: sum((input) => input.loss),
    landfilled: sum((input) => input.landfilled),
    residues: residues.flatMap(({ lot, waste }) => {
      const mass = sum(residueOf(lot))
      return mass > 0 ? [{ lot, waste, grams: mass }] : []
    }),
    lots: perLot(inputs),
  })
}

/** A line names a lot once, wherever on the treater's ground its parts lay. */
const perLot = (inputs: readonly TreatedInput[]): TreatedLot[] =>
  [...grouped(inputs, ({ lot }) => lot)].map(([lot, parts]) => {
    const sum = (of: (input: TreatedInput) => number) => grams(parts.reduce((total, input) => total + of(input), 0))
    const residues = grouped(
      parts.flatMap((part) => part.residues),
      (residue) => residue.lot,
    )
    return {
      lot,
      grams: sum((input) => input.grams),
      product: sum((input) => input.product),
      loss: sum((input) => input.loss),
      landfilled: sum((input) => input.landfilled),
      residues: [...residues].map(([name, shares]) => ({
        lot: name,
        grams: grams(shares.reduce((total, share) => total + share.grams, 0)),
      })),
    }
  })

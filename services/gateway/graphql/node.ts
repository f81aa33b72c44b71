import { builder } from './builder.ts'
import type { GatewayContext } from './context.ts'

const UNIT = /^[0-9A-Z]{18}$/

/** Ids are the things' own: credit codes for units, UUIDs and pool names for the others. What is foreign is null, like what never was. */
async function nodeOf(id: string, { readSide, visibility }: GatewayContext) {
  if (UNIT.test(id)) {
    const [unit] = await readSide.unitsByCode([id], visibility)
    if (unit) return { typename: 'Unit', value: unit }
  }
  const [[lot], manifests] = await Promise.all([
    readSide.lotsById([id], visibility),
    readSide.manifestsByName([id], visibility),
  ])
  if (lot) return { typename: 'Lot', value: lot }
  const manifest = manifests.find((found) => found.id === id)
  return manifest ? { typename: 'Manifest', value: manifest } : undefined
}

builder.queryField('node', (t) =>
  t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, context) => {
      const found = await nodeOf(id, context)
      return found ? { ...found.value, __typename: found.typename } : null
    },
  }),
)

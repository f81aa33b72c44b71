import { z } from 'zod'
import type { Bounds } from '../../../../schemas/commands/bounds.ts'
import { routes } from '../../process/parts.ts'
import { GatewayRefused, type GatewayClient } from './gateway-client.ts'
import type { ImportPark } from '../import-park.ts'
import { remotePark } from './remote-park.ts'
import { commandSender } from './send-command.ts'

const Recorded = z.object({ recorded: z.array(z.string()) })
const Custody = z.object({
  custody: z.object({ root: z.string(), nodes: z.array(z.object({ id: z.string(), lotId: z.string().nullable() })) }),
})

// Custody of what a label names begins with the lot that bears it.
const LOT_OF_LABEL =
  'query LotOfLabel($label: ID!, $position: Position!) { custody(of: $label, depth: 1, minPosition: $position) { root nodes { id lotId } } }'

const Units = z.object({ units: z.object({ edges: z.array(z.unknown()) }) })
const UnitAnswer = z.object({ unit: z.object({ facilities: z.array(z.object({ code: z.string() })) }).nullable() })
const UNIT = 'query Unit($code: ID!) { unit(code: $code) { facilities { code } } }'

const Ledger = z.object({ ledger: z.object({ position: z.string() }) })
const LEDGER = '{ ledger(from: "2025-01-01", to: "2025-01-01") { position } }'

/** Position that the figures of the park hold. */
export const shownBy = async (client: GatewayClient): Promise<number> =>
  Number(Ledger.parse(await client.query(LEDGER, {})).ledger.position)

/** Most ids that one question may hold. */
const QUESTION = 2_000

/** A park that is reached by its gateway alone; its books begin on the day that this process is configured with. */
export function gatewayPark(client: GatewayClient, bounds?: Pick<Bounds, 'booksFrom'>): ImportPark {
  return remotePark(
    commandSender(routes, (_, path, body, headers) => client.post(path, body, headers)),
    {
      holdsAnything: async () =>
        Units.parse(await client.query('{ units(first: 1) { edges { cursor } } }', {})).units.edges.length > 0,
      async recorded(keys) {
        const found: string[] = []
        for (let from = 0; from < keys.length; from += QUESTION) {
          const { status, body } = await client.post('/api/v1/imports/recorded', {
            commands: keys.slice(from, from + QUESTION),
          })
          if (status !== 200)
            throw new GatewayRefused(
              `asked which commands were recorded, the gateway answered ${status}: ${body.toString().slice(0, 200)}`,
            )
          found.push(...Recorded.parse(JSON.parse(body.toString())).recorded)
        }
        return found
      },
      shown: () => shownBy(client),
      async unit(code) {
        const { unit } = UnitAnswer.parse(await client.query(UNIT, { code }))
        return {
          exists: unit !== null,
          facilities: Object.fromEntries((unit?.facilities ?? []).map((facility) => [facility.code, true])),
        }
      },
      async lotOfLabel(label, position) {
        try {
          const { custody } = Custody.parse(await client.query(LOT_OF_LABEL, { label, position: String(position) }))
          return custody.nodes.find(({ id }) => id === custody.root)?.lotId ?? undefined
        } catch (error) {
          // No lot bears it.
          if (error instanceof GatewayRefused && error.code === 'not-found') return undefined
          throw error
        }
      },
    },
    bounds,
  )
}

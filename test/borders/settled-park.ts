import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { chosenId } from '../support/ids.ts'
import { grams } from '../../schemas/values/mass.ts'
import {
  accepting,
  at,
  CARRIER,
  CONSIGNOR,
  filing,
  furnish,
  LICENCE,
  MANIFEST,
  NEXT_CARRIER,
  NUMBER,
  OLD,
  OUTSIDER,
  pickingUp,
  PLASTIC,
  PLATE,
  POOL,
  RECEIVER,
  SOLVENT,
  YOUNG,
} from '../support/transfers.ts'
import type { Border } from './harness.ts'

const GENERATED = chosenId('settled', 'generated')
const CLASSIFIED = chosenId('settled', 'classified')
const STORED = chosenId('settled', 'stored')

export interface Settled {
  readonly admin: string
  readonly producer: string
  /** An Idempotency-Key that both of them used. */
  readonly spentKey: string
}

/** A park in which something stands at every stage, so that a command that is well made meets something to act on. */
export async function settle(border: Pick<Border, 'runtime' | 'token' | 'post'>): Promise<Settled> {
  await furnish(border.runtime.store)
  const admin = await border.token({ sub: 'books', roles: ['admin'] })
  const producer = await border.token({ sub: 'clerk', unit: CONSIGNOR, roles: ['producer'] })
  const spentKey = randomUUID()
  const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await border.post(admin, path, body, headers)
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.body}`)
  }

  for (const [serial, lot] of [GENERATED, CLASSIFIED, STORED].entries()) {
    await post(
      '/lots',
      {
        lot,
        unit: CONSIGNOR,
        waste: { stream: 'hazardous', code: SOLVENT },
        name: '废清洗溶剂',
        grams: 54_000,
        batch: `HWCS20251205${901 + serial}`,
        facility: 'MF0001',
        occurredAt: at(1),
      },
      lot === GENERATED ? { 'idempotency-key': spentKey } : {},
    )
  }
  const own = { unit: CONSIGNOR, waste: { stream: 'hazardous', code: SOLVENT }, grams: 1_000, occurredAt: at(1) }
  const spent = await border.post(producer, '/lots', own, { 'idempotency-key': spentKey })
  if (spent.statusCode !== 201) throw new Error(spent.body)
  for (const lot of [CLASSIFIED, STORED])
    await post(`/lots/${lot}/classification`, {
      category: 'HW06',
      hazards: ['T', 'I', 'R'],
      form: 'L',
      occurredAt: at(2),
    })
  await post(`/lots/${STORED}/label`, { occurredAt: at(3) })
  await post(`/lots/${STORED}/storage-in`, {
    store: 'TS001',
    grams: 54_000,
    batch: 'HWRK20251206901',
    occurredAt: at(4),
  })

  const { manifest: _, ...pickup } = pickingUp()
  const { manifest: __, ...acceptance } = accepting({
    decision: 'partly-accepted',
    accepted: grams(400_000),
    refused: grams(100_000),
    difference: 'quantity',
    note: '短少',
  })
  await post('/manifests', filing())
  await post(`/manifests/${MANIFEST}/pickup`, pickup)
  await post(`/manifests/${MANIFEST}/departure`, { occurredAt: at(10) })
  await post(`/manifests/${MANIFEST}/arrival`, { occurredAt: at(11) })
  await post(`/manifests/${MANIFEST}/weighing`, { grossKg: 10_500, tareKg: 10_000, occurredAt: at(12) })
  await post(`/manifests/${MANIFEST}/acceptance`, acceptance)
  return { admin, producer, spentKey }
}

const units = fc.constantFrom(CONSIGNOR, RECEIVER, CARRIER, NEXT_CARRIER, OUTSIDER, '91350100M000100Y43')
const waste = fc.constantFrom(
  { stream: 'hazardous', code: SOLVENT },
  { stream: 'industrial', code: PLASTIC },
  { stream: 'municipal', code: '900-001-S61' },
  { stream: 'sludge', code: '900-001-S90' },
  { stream: 'hazardous', code: '999-999-99' },
)

/** What fields of commands may mean in this park. */
export const knownThings = {
  unit: units,
  receiver: units,
  carrier: units,
  source: units,
  shipper: units,
  consignor: units,
  lot: fc.constantFrom(GENERATED, CLASSIFIED, STORED, OLD.lot, YOUNG.lot, POOL),
  manifest: fc.constantFrom(MANIFEST, MANIFEST, chosenId('settled', 'no manifest')),
  waste,
  code: fc.constantFrom(SOLVENT, PLASTIC, '900-001-S61', '999-999-99'),
  plate: fc.constant(PLATE),
  store: fc.constant('TS001'),
  facility: fc.constantFrom('MF0001', 'TS001'),
  method: fc.constantFrom('R2', 'D10', 'C1', 'X9'),
  licence: fc.constant(LICENCE),
  line: fc.constantFrom(1, 1, 1, 2),
  labels: fc.constant([OLD.label]),
  number: fc.constantFrom(NUMBER, LICENCE, '20253205000002'),
} satisfies Readonly<Record<string, fc.Arbitrary<unknown>>>

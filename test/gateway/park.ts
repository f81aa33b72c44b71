import type { EventStore } from '../../infra/event-store/port.ts'
import type { DomainEvent } from '../../schemas/streams.ts'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { poolId } from '../../schemas/values/identifiers.ts'
import { grams } from '../../schemas/values/mass.ts'
import { lineDocument, type Place } from '../../schemas/values/place.ts'

/** A park of five units in which P has a load of solvents taken to T by C, and F, which P has nothing to do with, does the same with its oil. */
export const P = '913205942CL12TH3BX'
export const F = '9132059461TJ3Y7LLY'
export const C = '9132059491C099L727'
export const T = '913205946W28Y0L2R7'
/** A unit of which nobody else knows. */
export const LONELY = '913205942K3F16Q947'

export const LOT = derivedId('lot', 'P')
export const FOREIGN_LOT = derivedId('lot', 'F')
export const RESIDUE = derivedId('lot', 'residue')
export const MUNICIPAL = derivedId('lot', 'municipal')
export const POOL = poolId(P, '900-003-S17')
export const FOREIGN_POOL = poolId(F, '900-003-S17')
export const MANIFEST = derivedId('manifest', 'P')
export const FOREIGN_MANIFEST = derivedId('manifest', 'F')
export const NUMBER = '20253205000001'
export const FOREIGN_NUMBER = '20253205000002'
export const LABEL = `${P}9004040620251201001`

interface Told {
  readonly stream: string
  readonly event: DomainEvent
  readonly finding?: string
}

const at = (day: number, hour: number): string =>
  `2025-12-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00+08:00`
const solvent = { stream: 'hazardous', code: '900-404-06' } as const
const oil = { stream: 'hazardous', code: '900-249-08' } as const
const slag = { stream: 'hazardous', code: '772-003-18' } as const
const plastic = { stream: 'industrial', code: '900-003-S17' } as const
const rubbish = { stream: 'municipal', code: '900-001-S61' } as const

function units(): readonly Told[] {
  const unit = (code: string, name: string, roles: ('producer' | 'carrier' | 'disposer')[]): Told => ({
    stream: `unit-${code}`,
    event: {
      type: 'UnitRegistered',
      occurredAt: at(1, 8),
      data: {
        unit: code,
        name,
        roles,
        inside: true,
        address: `${name} 1号`,
        managementClass: 'key',
        contact: { id: `contact-${code}`, sealed: 'c2VhbGVk' },
      },
    },
  })
  return [
    unit(P, '甲厂', ['producer']),
    unit(F, '乙厂', ['producer']),
    unit(C, '丙运输', ['carrier']),
    unit(T, '丁处置', ['disposer']),
    unit(LONELY, '戊厂', ['producer']),
    {
      stream: `unit-${P}`,
      event: {
        type: 'FacilityAdded',
        occurredAt: at(1, 8),
        data: { facility: 'TS001', name: '危废库', kind: 'warehouse', capacity: grams(500_000_000) },
      },
    },
    {
      stream: `unit-${T}`,
      event: {
        type: 'LicenceGranted',
        occurredAt: at(1, 8),
        data: {
          number: 'JSSZ0001',
          kind: 'comprehensive',
          covers: ['HW06'],
          methods: ['R2'],
          annual: grams(12_000_000_000),
          from: '2024-01-01',
          to: '2028-12-31',
        },
      },
    },
    {
      stream: `unit-${C}`,
      event: {
        type: 'VehicleRegistered',
        occurredAt: at(1, 8),
        data: { plate: '苏E1A100', permit: '3205', validTo: '2028-12-31', dangerousGoods: true },
      },
    },
    {
      stream: `unit-${C}`,
      event: {
        type: 'DriverRegistered',
        occurredAt: at(1, 8),
        data: {
          driver: { id: 'driver-1', sealed: 'c2VhbGVk' },
          permit: 'D1',
          validTo: '2028-12-31',
          dangerousGoods: true,
        },
      },
    },
    {
      stream: `unit-${P}`,
      event: {
        type: 'ContractConcluded',
        occurredAt: at(1, 8),
        data: { number: 'HT1', receiver: T, code: solvent.code, from: '2025-01-01', to: '2026-12-31' },
      },
    },
    {
      stream: `plan-${P}-2025`,
      event: {
        type: 'PlanLineFiled',
        occurredAt: at(1, 8),
        data: {
          unit: P,
          year: 2025,
          code: solvent.code,
          receiver: T,
          method: 'R2',
          planned: grams(3_000_000_000),
          destination: 'in-province',
        },
      },
    },
  ]
}

/** One package from its generation to the receiver's decision: 54 kg planned and shipped, 53 kg arrived, of which `refused` grams stay on the road. */
function journey(
  owner: string,
  lot: string,
  manifest: string,
  number: string,
  waste: typeof solvent | typeof oil,
  refused: number,
): readonly Told[] {
  const mass = grams(54_000)
  const line: Place = { at: 'generation', holder: owner, place: 'MF0001' }
  const sorted: Place = { at: 'classification', holder: owner, place: 'MF0001' }
  const store: Place = { at: 'collection', holder: owner, place: 'TS001' }
  const staged: Place = { ...store, document: 'HWCK20251206001' }
  const document = lineDocument(manifest, 1)
  const road: Place = { at: 'transport', holder: C, place: '苏E1A100', document }
  const stream = `lot-${lot}`
  const papers = `manifest-${manifest}`
  const under = { manifest, line: 1 }
  const legs = [{ carrier: C, plate: '苏E1A100', driver: { id: 'driver-1', sealed: 'c2VhbGVk' } }]
  const lots = [{ lot, from: staged, grams: mass, bornOn: '2025-12-01', batch: 'HWCS20251201001' }]
  const accepted = grams(53_000 - refused)
  const handler = { id: `handler-${owner}`, sealed: 'c2VhbGVk' }
  return [
    {
      stream,
      event: {
        type: 'LotGenerated',
        occurredAt: at(1, 9),
        data: {
          waste,
          origin: { unit: owner, inside: true },
          to: line,
          grams: mass,
          pool: false,
          batch: 'HWCS20251201001',
          name: '废清洗溶剂',
          handler,
        },
      },
    },
    {
      stream,
      event: {
        type: 'LotClassified',
        occurredAt: at(1, 9),
        data: { waste, from: line, to: sorted, grams: mass, hazards: ['T', 'I'] },
      },
    },
    {
      stream,
      event: {
        type: 'LotLabelled',
        occurredAt: at(1, 9),
        data: { label: `${owner}${waste.code.replaceAll('-', '')}20251201001` },
      },
    },
    {
      stream,
      event: {
        type: 'LotStored',
        occurredAt: at(1, 10),
        data: { waste, from: sorted, to: store, grams: mass, whole: true, batch: 'HWRK20251201001' },
      },
      finding: 'R42',
    },
    {
      stream,
      event: {
        type: 'LotTakenOut',
        occurredAt: at(6, 8),
        data: { waste, from: store, to: staged, grams: mass, whole: true, batch: 'HWCK20251206001' },
      },
    },
    { stream, event: { type: 'LotReserved', occurredAt: at(6, 9), data: { ...under, from: staged, grams: mass } } },
    {
      stream: papers,
      event: {
        type: 'ManifestFiled',
        occurredAt: at(6, 9),
        data: {
          form: 'transfer-manifest',
          number,
          consignor: { unit: owner, emergencyPhone: '19900005921' },
          receiver: { unit: T, licence: 'JSSZ0001' },
          shipper: owner,
          legs,
          destination: 'in-province',
          lines: [
            { line: 1, waste, name: '废清洗溶剂', hazards: ['T', 'I'], form: 'L', planned: mass, method: 'R2', lots },
          ],
        },
      },
    },
    {
      stream: papers,
      event: {
        type: 'ManifestPickedUp',
        occurredAt: at(6, 10),
        data: {
          carrier: C,
          plate: '苏E1A100',
          lines: [{ line: 1, labels: [], shipped: mass, weighed: true, lots: [{ lot, from: staged, grams: mass }] }],
        },
      },
    },
    {
      stream,
      event: {
        type: 'LotPickedUp',
        occurredAt: at(6, 10),
        data: { ...under, waste, from: staged, to: road, grams: mass, whole: true },
      },
    },
    { stream: papers, event: { type: 'ManifestDeparted', occurredAt: at(6, 11), data: {} }, finding: 'R59' },
    { stream: papers, event: { type: 'ManifestArrived', occurredAt: at(6, 12), data: {} } },
    {
      stream: papers,
      event: {
        type: 'LoadWeighed',
        occurredAt: at(6, 13),
        data: { gross: grams(10_053_000), tare: grams(10_000_000), net: grams(53_000) },
      },
    },
    {
      stream: papers,
      event: {
        type: 'LineDecided',
        occurredAt: at(6, 14),
        data: {
          line: 1,
          decision: refused > 0 ? 'partly-accepted' : 'accepted',
          accepted,
          refused: grams(refused),
          variance: -1_000,
          difference: 'quantity',
          note: '过磅差异',
          method: 'R2',
          lots: [{ lot, shipped: mass, accepted, refused: grams(refused), variance: -1_000 }],
        },
      },
      finding: 'R72',
    },
    {
      stream,
      event: {
        type: 'LotAccepted',
        occurredAt: at(6, 14),
        data: {
          ...under,
          waste,
          from: road,
          to: { at: 'disposal', holder: T, place: 'received', document },
          refusedTo: { ...road, at: 'refused' },
          accepted,
          refused: grams(refused),
          variance: -1_000,
        },
      },
    },
    { stream: papers, event: { type: 'ManifestCompleted', occurredAt: at(6, 14), data: {} } },
  ]
}

function treatment(): readonly Told[] {
  const from: Place = { at: 'disposal', holder: T, place: 'received', document: lineDocument(MANIFEST, 1) }
  const to: Place = { at: 'generation', holder: T, place: 'TS001' }
  const origin = { unit: T, inside: true }
  const residue = { lot: RESIDUE, waste: slag, origin, to, grams: grams(5_000) }
  return [
    {
      stream: `lot-${LOT}`,
      event: {
        type: 'LotTreated',
        occurredAt: at(7, 10),
        data: {
          waste: solvent,
          from,
          grams: grams(30_000),
          method: 'R2',
          treatment: 'LC1',
          manifest: MANIFEST,
          line: 1,
          product: grams(20_000),
          loss: grams(5_000),
          landfilled: grams(0),
          residues: [residue],
        },
      },
    },
    {
      stream: `manifest-${MANIFEST}`,
      event: {
        type: 'LineTreated',
        occurredAt: at(7, 10),
        data: {
          line: 1,
          treatment: 'LC1',
          method: 'R2',
          treated: grams(30_000),
          product: grams(20_000),
          loss: grams(5_000),
          landfilled: grams(0),
          residues: [{ lot: RESIDUE, waste: slag, grams: grams(5_000) }],
          lots: [
            {
              lot: LOT,
              grams: grams(30_000),
              product: grams(20_000),
              loss: grams(5_000),
              landfilled: grams(0),
              residues: [{ lot: RESIDUE, grams: grams(5_000) }],
            },
          ],
        },
      },
    },
    {
      stream: `lot-${RESIDUE}`,
      event: {
        type: 'LotDerived',
        occurredAt: at(7, 10),
        data: {
          waste: slag,
          origin,
          to,
          grams: grams(5_000),
          kind: 'residue',
          sources: [{ lot: LOT, grams: grams(5_000) }],
          treatment: 'LC1',
          bornOn: '2025-12-07',
        },
      },
    },
  ]
}

function pooled(): readonly Told[] {
  const into = (unit: string, lot: string): readonly Told[] => {
    const line: Place = { at: 'generation', holder: unit, place: 'MF0001' }
    return [
      {
        stream: `lot-${lot}`,
        event: {
          type: 'LotGenerated',
          occurredAt: at(2, 9),
          data: {
            waste: plastic,
            origin: { unit, inside: true },
            to: line,
            grams: grams(1_343_000),
            pool: true,
            batch: 'CS20251202001',
          },
        },
      },
    ]
  }
  const bins: Place = { at: 'generation', holder: LONELY, place: 'MF0001' }
  return [
    ...into(P, POOL),
    ...into(F, FOREIGN_POOL),
    {
      stream: `lot-${MUNICIPAL}`,
      event: {
        type: 'LotGenerated',
        occurredAt: at(3, 9),
        data: {
          waste: rubbish,
          origin: { unit: LONELY, inside: true },
          to: bins,
          grams: grams(7_872_000),
          pool: false,
          batch: 'CZ20251203001',
        },
      },
    },
  ]
}

export const CORRECTION = derivedId('correction', 'P')
export const HOLD = derivedId('hold', 'P')
export const FOREIGN_HOLD = derivedId('hold', 'F')
export const FOREIGN_CORRECTION = derivedId('correction', 'F')

/** A command that waits and was released once in vain. */
const held = (unit: string, lot: string, id: string): readonly Told[] => [
  {
    stream: `hold-${id}`,
    event: {
      type: 'CommandHeld',
      occurredAt: at(20, 9),
      data: {
        route: '/lots/:lot/classification',
        command: { lot, occurredAt: at(20, 9) },
        sender: { subject: `of-${unit}`, unit, roles: ['producer'] },
        provenance: 'live',
        findings: [{ rule: 'R04', severity: 'HOLD', pointer: '/report', facts: { code: '900-000-06' } }],
        subject: `lot-${lot}`,
        units: [unit],
        streams: ['hazardous'],
      },
    },
  },
  {
    stream: `hold-${id}`,
    event: {
      type: 'HoldReleased',
      occurredAt: at(20, 10),
      data: {
        units: [unit],
        streams: ['hazardous'],
        findings: [{ rule: 'R04', severity: 'HOLD', pointer: '/report', facts: { code: '900-000-06' } }],
        reason: '报告补交',
      },
    },
  },
  {
    stream: `hold-${id}`,
    event: {
      type: 'HoldBlocked',
      occurredAt: at(20, 10),
      data: {
        units: [unit],
        streams: ['hazardous'],
        refusals: [{ code: 'nothing-to-classify', pointer: '', facts: {} }],
      },
    },
  },
]

/** An open correction of a lot that the receiver has, too: what was generated was less. */
const proposal = (unit: string, lot: string, id: string): Told => ({
  stream: `correction-${id}`,
  event: {
    type: 'CorrectionProposed',
    occurredAt: at(20, 9),
    data: {
      lot,
      units: [unit, T],
      streams: ['hazardous'],
      changes: [{ of: derivedId('event', lot), revision: 1, was: { grams: 54_000 }, is: { grams: 53_900 } }],
      reason: '抄错磅单',
      by: unit,
      mustAgree: [T],
    },
  },
})

/** Everything that happened, in the order of the log. */
export const parkHistory: readonly Told[] = [
  ...units(),
  ...journey(P, LOT, MANIFEST, NUMBER, solvent, 3_000),
  ...journey(F, FOREIGN_LOT, FOREIGN_MANIFEST, FOREIGN_NUMBER, oil, 0),
  ...treatment(),
  ...pooled(),
  ...held(P, LOT, HOLD),
  ...held(F, FOREIGN_LOT, FOREIGN_HOLD),
  proposal(P, LOT, CORRECTION),
  proposal(F, FOREIGN_LOT, FOREIGN_CORRECTION),
]

/** Writes the park's history into a store as the books would. Answers the last position. */
export async function tellPark(store: EventStore): Promise<number> {
  let position = 0
  for (const [i, { stream, event, finding }] of parkHistory.entries()) {
    const commandId = derivedId('command', i)
    const findings =
      finding === undefined
        ? {}
        : { findings: [{ rule: finding, severity: 'WARN' as const, pointer: '/lines/0', facts: { grams: 54_000 } }] }
    const result = await store.append({
      stream,
      expected: 'any',
      commandId,
      events: [
        {
          type: event.type,
          schemaVersion: 1,
          occurredAt: event.occurredAt,
          data: event.data,
          metadata: { commandId, actor: { subject: 'books', roles: ['admin'] }, provenance: 'book', ...findings },
        },
      ],
    })
    if (result.outcome !== 'appended') throw new Error(`the park could not be told: ${result.outcome}`)
    position = result.position
  }
  return position
}

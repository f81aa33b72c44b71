import type { LotEvent } from '../../schemas/lot/events.ts'
import { lineDocument, type Place, type PlaceKind } from '../../schemas/values/place.ts'
import type { Waste } from '../../schemas/values/waste.ts'

/** A made-up event with its place in the log. */
export interface SyntheticEvent {
  readonly position: number
  readonly stream: string
  readonly revision: number
  readonly type: LotEvent['type']
  readonly occurredAt: string
  readonly recordedAt: string
  readonly data: object
}

// A day of the park: some 2,700 events, so a million are a year. Packages of hazardous waste take a week or two from their generation to their
// treatment, loads of municipal and construction waste a day, pools of industrial waste are fed daily and emptied now and then.
const PACKAGES = 150
const LOADS = 150
const POOL_RECORDS = 100
const FIRST_DAY = Date.UTC(2025, 0, 1)
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

const unit = (role: string, n: number): string => `91320594${role}${String(n).padStart(8, '0')}X`
const PRODUCERS = Array.from({ length: 40 }, (_, n) => unit('P', n))
const CARRIERS = Array.from({ length: 5 }, (_, n) => unit('C', n))
const RECEIVERS = Array.from({ length: 6 }, (_, n) => unit('R', n))
const HAZARDOUS = ['900-404-06', '398-004-22', '900-052-31', '772-006-49', '900-249-08']
const INDUSTRIAL = ['900-003-S17', '900-099-S59', '900-099-S07']
const METHODS = ['R2', 'R4', 'R9', 'D10', 'D1']

/** Numbers by chance, the same for the same seed (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

const at = (kind: PlaceKind, holder: string, place: string, document?: string): Place => ({
  at: kind,
  holder,
  place,
  ...(document === undefined ? {} : { document }),
})
const manifestId = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const of = <T>(list: readonly T[], n: number): T => list[n % list.length] as T

type Happening = { readonly lot: string; readonly type: LotEvent['type']; readonly data: object }

/** A log of so many events: a park at work, day after day. The same seed gives the same log. */
export function* syntheticEvents(count: number, seed = 7): Generator<SyntheticEvent> {
  const random = chance(seed)
  const revisions = new Map<string, number>()
  const due = new Map<number, (() => readonly Happening[])[]>()
  const pools = new Map<string, number>()
  let serial = 0
  let position = 0

  const later = (day: number, happen: () => readonly Happening[]) =>
    void due.set(day, [...(due.get(day) ?? []), happen])
  const origin = (holder: string) => ({ unit: holder, inside: !holder.endsWith('7X') })

  function stored(lot: string, waste: Waste, holder: string, grams: number, pool: boolean): readonly Happening[] {
    const [generation, classification, store] = [
      at('generation', holder, 'MF0001'),
      at('classification', holder, 'MF0001'),
      at('collection', holder, 'TS001'),
    ]
    return [
      { lot, type: 'LotGenerated', data: { waste, origin: origin(holder), to: generation, grams, pool } },
      { lot, type: 'LotClassified', data: { waste, from: generation, to: classification, grams } },
      { lot, type: 'LotStored', data: { waste, from: classification, to: store, grams, whole: !pool } },
    ]
  }

  function shipped(
    lot: string,
    waste: Waste,
    holder: string,
    grams: number,
    whole: boolean,
  ): { readonly events: readonly Happening[]; readonly gate: Place; readonly accepted: number } {
    const manifest = manifestId(++serial)
    const document = lineDocument(manifest, 1)
    const [carrier, receiver] = [of(CARRIERS, random(5)), of(RECEIVERS, random(6))]
    const [store, road, gate] = [
      at('collection', holder, 'TS001'),
      at('transport', carrier, `苏E5D0${serial % 90}`, document),
      at('disposal', receiver, 'TS001', document),
    ]
    const variance = random(20) === 0 ? -Math.min(grams - 1, random(50)) : 0
    const refused = random(60) === 0 ? Math.floor((grams + variance) / 2) : 0
    const accepted = grams + variance - refused
    return {
      gate,
      accepted,
      events: [
        { lot, type: 'LotPickedUp', data: { waste, from: store, to: road, grams, whole, manifest, line: 1 } },
        {
          lot,
          type: 'LotAccepted',
          data: {
            waste,
            from: road,
            to: gate,
            refusedTo: { ...road, at: 'refused' },
            manifest,
            line: 1,
            accepted,
            refused,
            variance,
          },
        },
      ],
    }
  }

  function treated(lot: string, waste: Waste, from: Place, grams: number, method: string): readonly Happening[] {
    const treatment = `T${++serial}`
    const residue = waste.stream === 'hazardous' && random(2) === 0 ? Math.floor(grams / 5) : 0
    const product = method.startsWith('D') ? 0 : Math.floor(grams / 2)
    const born: Waste = { stream: 'hazardous', code: '772-003-18' }
    const to = at('generation', from.holder, 'MF0001')
    const residueLot = `r${serial}`
    const share = { lot: residueLot, waste: born, origin: origin(from.holder), to, grams: residue }
    const event: Happening = {
      lot,
      type: 'LotTreated',
      data: {
        waste,
        from,
        grams,
        method,
        treatment,
        product,
        loss: method === 'D1' ? 0 : grams - product - residue,
        landfilled: method === 'D1' ? grams - product - residue : 0,
        residues: residue > 0 ? [share] : [],
      },
    }
    if (residue === 0) return [event]
    const day = new Date(FIRST_DAY).toISOString().slice(0, 10)
    return [
      event,
      {
        lot: residueLot,
        type: 'LotDerived',
        data: {
          waste: born,
          origin: origin(from.holder),
          to,
          grams: residue,
          kind: 'residue',
          sources: [{ lot, grams: residue }],
          treatment,
          bornOn: day,
        },
      },
      {
        lot: residueLot,
        type: 'LotClassified',
        data: { waste: born, from: to, to: { ...to, at: 'classification' }, grams: residue },
      },
    ]
  }

  function packageOfDay(day: number): readonly Happening[] {
    const [holder, waste, grams, lot] = [
      of(PRODUCERS, random(40)),
      { stream: 'hazardous', code: of(HAZARDOUS, random(5)) } as const,
      1_000 + random(2_000_000),
      `p${++serial}`,
    ]
    const leaves = day + 3 + random(12)
    later(leaves, () => {
      const { events, gate, accepted } = shipped(lot, waste, holder, grams, true)
      if (accepted > 0) later(leaves + 1 + random(3), () => treated(lot, waste, gate, accepted, of(METHODS, random(5))))
      return events
    })
    return stored(lot, waste, holder, grams, false)
  }

  function loadOfDay(): readonly Happening[] {
    const lot = `w${++serial}`
    const waste: Waste =
      serial % 2 === 0 ? { stream: 'municipal', code: '900-001-S61' } : { stream: 'construction', code: '900-001-S74' }
    const [holder, grams] = [of(PRODUCERS, random(40)), 1_000 * (1_000 + random(9_000))]
    const { events, gate, accepted } = shipped(lot, waste, holder, grams, true)
    return [
      ...stored(lot, waste, holder, grams, false),
      ...events,
      ...(accepted > 0 ? treated(lot, waste, gate, accepted, serial % 3 === 0 ? 'GD-INC' : 'GR-BLD') : []),
    ]
  }

  function poolOfDay(): readonly Happening[] {
    const [holder, code, grams] = [of(PRODUCERS, random(40)), of(INDUSTRIAL, random(3)), 1_000 + random(500_000)]
    const waste: Waste = { stream: 'industrial', code }
    const lot = `pool-${holder}-${code}`
    const held = (pools.get(lot) ?? 0) + grams
    const gone = random(6) === 0 ? Math.floor(held / 2) : 0
    pools.set(lot, held - gone)
    if (gone === 0) return stored(lot, waste, holder, grams, true)
    const { events, gate, accepted } = shipped(lot, waste, holder, gone, false)
    return [
      ...stored(lot, waste, holder, grams, true),
      ...events,
      ...(accepted > 0 ? treated(lot, waste, gate, accepted, 'GR-MAT') : []),
    ]
  }

  for (let day = 0; ; day++) {
    const makers = [
      ...(due.get(day) ?? []),
      ...Array.from({ length: PACKAGES }, () => () => packageOfDay(day)),
      ...Array.from({ length: LOADS }, () => loadOfDay),
      ...Array.from({ length: POOL_RECORDS }, () => poolOfDay),
    ]
    due.delete(day)
    for (const [i, make] of makers.entries()) {
      // From eight in the morning of Shanghai, spread over ten hours; recorded within the minute.
      const moment = FIRST_DAY + day * DAY_MS + Math.floor((i / makers.length) * 600) * MINUTE_MS
      for (const { lot, type, data } of make()) {
        const stream = `lot-${lot}`
        const revision = (revisions.get(stream) ?? 0) + 1
        revisions.set(stream, revision)
        yield {
          position: ++position,
          stream,
          revision,
          type,
          data,
          occurredAt: `${new Date(moment + 8 * 60 * MINUTE_MS).toISOString().slice(0, 19)}+08:00`,
          recordedAt: `${new Date(moment + 30_000).toISOString().slice(0, 19)}.${String(i).padStart(6, '0')}Z`,
        }
        if (position === count) return
      }
    }
  }
}

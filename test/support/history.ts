import { execute, type Runtime } from '../../infra/commanding/execute.ts'
import { accept } from '../../schemas/decision.ts'
import type { DomainEvent } from '../../schemas/streams.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../schemas/lot/state.ts'
import { evolveUnit, noHistory, type UnitHistory } from '../../schemas/unit/state.ts'
import type { UnitEvent, UnitEventOf } from '../../schemas/unit/events.ts'
import { lotStream, unitStream } from '../../schemas/values/identifiers.ts'
import { envelope } from './runtime.ts'

/** Writes history as it is told, without asking anybody: what earlier services left behind is given in a test of a later one. */
async function tell<S, E extends DomainEvent>(
  runtime: Runtime,
  fold: { initial: S; evolve(state: S, event: E): S },
  stream: string,
  events: readonly E[],
): Promise<void> {
  const decider = { ...fold, decide: () => accept(events) }
  await execute(runtime, { decider, stream, command: null, context: () => Promise.resolve({}) }, envelope())
}

export const givenLot = (runtime: Runtime, lot: string, ...events: readonly LotEvent[]): Promise<void> =>
  tell<Lot, LotEvent>(runtime, { initial: noLot, evolve: evolveLot }, lotStream(lot), events)

export const givenUnit = (
  runtime: Runtime,
  unit: string,
  more: Partial<UnitEventOf<'UnitRegistered'>['data']> = {},
): Promise<void> =>
  tell<UnitHistory, UnitEvent>(runtime, { initial: noHistory, evolve: evolveUnit }, unitStream(unit), [
    {
      type: 'UnitRegistered',
      occurredAt: '2025-01-01T00:00:00+08:00',
      data: { unit, name: unit, roles: ['producer'], inside: true, ...more },
    },
  ])

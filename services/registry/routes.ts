import { commandRoute, type CommandRoute } from '../../infra/http/command-route-types.ts'
import type { Outcome, Envelope, Runtime } from '../../infra/commanding/execute.ts'
import * as schema from '../../schemas/commands/registry.ts'
import type { Unit } from '../../schemas/unit/state.ts'
import type { z } from 'zod'
import * as command from './commands.ts'

/** All of these speak about a unit's entry and answer with its code; nothing waits to be done next with master data. */
const aboutUnit = <C>(
  path: string,
  summary: CommandRoute['summary'],
  schemaOfCommand: z.ZodType<C>,
  perform: (runtime: Runtime, command: C, envelope: Envelope) => Promise<Outcome<Unit>>,
  params: readonly string[] = [],
): CommandRoute =>
  commandRoute({
    method: 'POST',
    path,
    tag: 'registry',
    summary,
    command: schemaOfCommand,
    params,
    perform,
    id: (_, stream) => stream.slice('unit-'.length),
    actions: () => [],
  })

export const routes: readonly CommandRoute[] = [
  aboutUnit('/units', { zh: '登记单位', en: 'Register a unit' }, schema.RegisterUnit, command.registerUnit),
  aboutUnit('/sites', { zh: '登记场所', en: 'Add a site of a unit' }, schema.AddSite, command.addSite),
  aboutUnit('/facilities', { zh: '登记设施', en: 'Add a facility of a unit' }, schema.AddFacility, command.addFacility),
  aboutUnit('/licences', { zh: '登记经营许可证', en: 'Grant a licence' }, schema.GrantLicence, command.grantLicence),
  aboutUnit(
    '/licences/:number/revocation',
    { zh: '吊销经营许可证', en: 'Revoke a licence' },
    schema.RevokeLicence,
    command.revokeLicence,
    ['number'],
  ),
  aboutUnit('/vehicles', { zh: '登记车辆', en: 'Register a vehicle' }, schema.RegisterVehicle, command.registerVehicle),
  aboutUnit('/drivers', { zh: '登记驾驶员', en: 'Register a driver' }, schema.RegisterDriver, command.registerDriver),
  aboutUnit(
    '/contracts',
    { zh: '登记委托合同', en: 'Conclude a contract' },
    schema.ConcludeContract,
    command.concludeContract,
  ),
  commandRoute({
    method: 'POST',
    path: '/plans',
    tag: 'registry',
    summary: { zh: '备案管理计划', en: 'File a management plan or further lines of it' },
    command: schema.FilePlan,
    perform: command.filePlan,
    id: (_, stream) => stream.slice('plan-'.length),
    actions: () => [],
  }),
]

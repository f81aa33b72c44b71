import { commandRoute, type CommandRoute } from '../../infra/http/command-route-types.ts'
import type { Outcome, Envelope, Runtime } from '../../infra/commanding/execute.ts'
import * as schema from '../../schemas/commands/registry.ts'
import type { UnitHistory } from '../../schemas/unit/state.ts'
import type { z } from 'zod'
import * as command from './commands.ts'

/** All of these speak about a unit's entry and answer with its code; nothing waits to be done next with master data. */
const aboutUnit = <C>(
  path: string,
  summary: CommandRoute['summary'],
  schemaOfCommand: z.ZodType<C>,
  perform: (runtime: Runtime, command: C, envelope: Envelope) => Promise<Outcome<UnitHistory>>,
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
  aboutUnit(
    '/units',
    { zh: '登记单位，或自某日起变更', en: 'Register a unit, or change it as of a day' },
    schema.RegisterUnit,
    command.registerUnit,
  ),
  aboutUnit(
    '/units/:unit/closure',
    { zh: '单位注销', en: 'Close a unit as of a day' },
    schema.CloseUnit,
    command.closeUnit,
    ['unit'],
  ),
  aboutUnit(
    '/sites',
    { zh: '登记场所，或自某日起变更', en: 'Add a site of a unit, or change it as of a day' },
    schema.AddSite,
    command.addSite,
  ),
  aboutUnit(
    '/sites/:site/closure',
    { zh: '场所关闭', en: 'Close a site as of a day' },
    schema.CloseSite,
    command.closeSite,
    ['site'],
  ),
  aboutUnit(
    '/facilities',
    { zh: '登记设施，或自某日起变更', en: 'Add a facility of a unit, or change it as of a day' },
    schema.AddFacility,
    command.addFacility,
  ),
  aboutUnit(
    '/facilities/:facility/closure',
    { zh: '设施停用', en: 'Close a facility as of a day' },
    schema.CloseFacility,
    command.closeFacility,
    ['facility'],
  ),
  aboutUnit(
    '/licences',
    { zh: '登记经营许可证，或自某日起变更', en: 'Grant a licence, or change it as of a day' },
    schema.GrantLicence,
    command.grantLicence,
  ),
  aboutUnit(
    '/licences/:number/renewal',
    { zh: '经营许可证换证', en: 'Renew a licence: a further term' },
    schema.RenewLicence,
    command.renewLicence,
    ['number'],
  ),
  aboutUnit(
    '/licences/:number/revocation',
    { zh: '吊销经营许可证', en: 'Revoke a licence' },
    schema.RevokeLicence,
    command.revokeLicence,
    ['number'],
  ),
  aboutUnit(
    '/vehicles',
    { zh: '登记车辆，或自某日起变更', en: 'Register a vehicle, or change it as of a day' },
    schema.RegisterVehicle,
    command.registerVehicle,
  ),
  aboutUnit(
    '/vehicles/:plate/deregistration',
    { zh: '车辆退出', en: 'Deregister a vehicle as of a day' },
    schema.DeregisterVehicle,
    command.deregisterVehicle,
    ['plate'],
  ),
  aboutUnit(
    '/drivers',
    { zh: '登记驾驶员，或自某日起变更', en: 'Register a driver, or change their permit as of a day' },
    schema.RegisterDriver,
    command.registerDriver,
  ),
  aboutUnit(
    '/drivers/:permit/deregistration',
    { zh: '驾驶员退出', en: 'Deregister a driver, by permit, as of a day' },
    schema.DeregisterDriver,
    command.deregisterDriver,
    ['permit'],
  ),
  aboutUnit(
    '/contracts',
    { zh: '登记委托合同，或自某日起变更', en: 'Conclude a contract, or change it as of a day' },
    schema.ConcludeContract,
    command.concludeContract,
  ),
  aboutUnit(
    '/contracts/:number/renewal',
    { zh: '委托合同续签', en: 'Renew a contract: a further term' },
    schema.RenewContract,
    command.renewContract,
    ['number'],
  ),
  aboutUnit(
    '/contracts/:number/termination',
    { zh: '委托合同终止', en: 'Terminate a contract as of a day' },
    schema.TerminateContract,
    command.terminateContract,
    ['number'],
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

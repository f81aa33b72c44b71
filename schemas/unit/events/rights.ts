import { z } from 'zod'
import { SealedPerson } from '../../values/person.ts'
import { RecordedPlate } from '../../values/plate.ts'
import { Day } from '../../values/time.ts'
import { UnitCode } from '../../values/unit-code.ts'
import {
  END,
  publicContract,
  publicDriver,
  publicEnd,
  publicFrom,
  publicLicence,
  publicNumber,
  publicSinceDay,
  publicVehicle,
  some,
  TERM,
} from '../public-shapes.ts'
import { change, end, fact, whole } from '../saying.ts'
import { effectiveFrom, ended, registered, sinceDay } from '../shapes.ts'

/** What the unit may do: licences, permits and contracts. A licence or contract that is renewed under its number has a further term. */
export const rights = {
  LicenceGranted: fact({
    schema: registered.licence,
    says: (data) => ({ kind: 'licences', key: data.number, statement: { from: data.from, is: data } }),
    public: {
      name: 'licence-granted',
      version: 2,
      facts: z.strictObject({ number: publicNumber, ...publicLicence, validFrom: Day }),
      names: TERM,
    },
    zh: '核发危险废物经营许可证',
    en: 'A unit may treat or collect hazardous waste',
  }),
  LicenceRenewed: fact({
    schema: registered.licence,
    says: (data) => ({ kind: 'licences', key: data.number, statement: { from: data.from, is: data } }),
    public: {
      name: 'licence-renewed',
      version: 1,
      facts: z.strictObject({ number: publicNumber, ...publicLicence, validFrom: Day }),
      names: TERM,
    },
    zh: '许可证延续',
    en: 'A licence has a further term under its number',
  }),
  LicenceChanged: fact({
    schema: registered.licence
      .omit({ from: true })
      .partial()
      .extend({ number: registered.licence.shape.number, effectiveFrom }),
    says: (data) => ({ kind: 'licences', key: data.number, statement: change(data) }),
    public: {
      name: 'licence-changed',
      version: 1,
      facts: z.strictObject({ number: publicNumber, ...some(publicLicence), effectiveFrom: publicFrom }),
      names: { to: 'validTo' },
    },
    zh: '许可证变更',
    en: 'A licence covers, allows or permits something else from a day on',
  }),
  LicenceRevoked: fact({
    schema: z.strictObject({ number: z.string(), from: Day, reason: z.string() }),
    says: ({ number, from, reason }) => ({ kind: 'licences', key: number, statement: { from, ended: reason } }),
    public: {
      name: 'licence-revoked',
      version: 2,
      facts: z.strictObject({ number: z.string(), revokedFrom: Day, cause: z.string() }),
      names: { from: 'revokedFrom', reason: 'cause' },
    },
    zh: '许可证吊销或注销',
    en: 'A licence ended before its day',
  }),

  VehicleRegistered: fact({
    schema: registered.vehicle.extend(sinceDay),
    says: (data) => ({ kind: 'vehicles', key: data.plate, statement: whole(data) }),
    public: {
      name: 'vehicle-registered',
      version: 1,
      facts: z.strictObject({ plate: RecordedPlate, ...publicVehicle, ...publicSinceDay }),
    },
    zh: '车辆登记',
    en: 'A carrier has a vehicle',
  }),
  VehicleChanged: fact({
    schema: registered.vehicle.partial().extend({ plate: RecordedPlate, effectiveFrom }),
    says: (data) => ({ kind: 'vehicles', key: data.plate, statement: change(data) }),
    public: {
      name: 'vehicle-changed',
      version: 1,
      facts: z.strictObject({ plate: RecordedPlate, ...some(publicVehicle), effectiveFrom: publicFrom }),
    },
    zh: '车辆信息变更',
    en: 'A vehicle has another permit or rated load from a day on',
  }),
  VehicleDeregistered: fact({
    schema: z.strictObject({ plate: RecordedPlate, ...ended }),
    says: (data) => ({ kind: 'vehicles', key: data.plate, statement: end(data) }),
    public: {
      name: 'vehicle-deregistered',
      version: 1,
      facts: z.strictObject({ plate: RecordedPlate, ...publicEnd }),
      names: END,
    },
    zh: '车辆注销',
    en: 'A carrier has a vehicle no more from a day on',
  }),

  DriverRegistered: fact({
    schema: registered.driver.extend(sinceDay),
    says: (data) => ({ kind: 'drivers', key: data.driver.id, statement: whole(data) }),
    public: {
      name: 'driver-registered',
      version: 1,
      facts: z.strictObject({ driver: SealedPerson, ...publicDriver, ...publicSinceDay }),
    },
    zh: '驾驶员登记',
    en: 'A carrier has a driver, whose name is sealed',
  }),
  /** `person`: the opaque id under which the driver was registered. */
  DriverChanged: fact({
    schema: registered.driver.omit({ driver: true }).partial().extend({ person: z.string(), effectiveFrom }),
    says: ({ person, ...changes }) => ({ kind: 'drivers', key: person, statement: change(changes) }),
    public: {
      name: 'driver-changed',
      version: 1,
      facts: z.strictObject({ person: z.string(), ...some(publicDriver), effectiveFrom: publicFrom }),
    },
    zh: '驾驶员信息变更',
    en: 'A driver, by an opaque id, has another permit from a day on',
  }),
  DriverDeregistered: fact({
    schema: z.strictObject({ person: z.string(), ...ended }),
    says: (data) => ({ kind: 'drivers', key: data.person, statement: end(data) }),
    public: {
      name: 'driver-deregistered',
      version: 1,
      facts: z.strictObject({ person: z.string(), ...publicEnd }),
      names: END,
    },
    zh: '驾驶员注销',
    en: 'A carrier has a driver no more from a day on',
  }),

  ContractConcluded: fact({
    schema: registered.contract,
    says: (data) => ({ kind: 'contracts', key: data.number, statement: { from: data.from, is: data } }),
    partner: ({ receiver }) => receiver,
    public: {
      name: 'contract-concluded',
      version: 2,
      facts: z.strictObject({ number: z.string(), ...publicContract, validFrom: Day }),
      names: { code: 'wasteCode', ...TERM },
    },
    zh: '签订合同',
    en: 'A consignor and a receiver agreed on a kind of waste',
  }),
  ContractRenewed: fact({
    schema: registered.contract,
    says: (data) => ({ kind: 'contracts', key: data.number, statement: { from: data.from, is: data } }),
    partner: ({ receiver }) => receiver,
    public: {
      name: 'contract-renewed',
      version: 1,
      facts: z.strictObject({ number: z.string(), ...publicContract, validFrom: Day }),
      names: { code: 'wasteCode', ...TERM },
    },
    zh: '合同续签',
    en: 'A contract has a further term under its number',
  }),
  /** `receiver`: the one of that day, so that it sees the change of its contract. */
  ContractChanged: fact({
    schema: registered.contract
      .omit({ from: true })
      .partial()
      .extend({ number: z.string(), receiver: UnitCode, effectiveFrom }),
    says: (data) => ({ kind: 'contracts', key: data.number, statement: change(data) }),
    partner: ({ receiver }) => receiver,
    public: {
      name: 'contract-changed',
      version: 1,
      facts: z.strictObject({
        number: z.string(),
        ...some(publicContract),
        receiver: UnitCode,
        effectiveFrom: publicFrom,
      }),
      names: { code: 'wasteCode', to: 'validTo' },
    },
    zh: '合同变更',
    en: 'A contract names another waste, receiver or last day from a day on',
  }),
  ContractTerminated: fact({
    schema: z.strictObject({ number: z.string(), receiver: UnitCode, ...ended }),
    says: (data) => ({ kind: 'contracts', key: data.number, statement: end(data) }),
    partner: ({ receiver }) => receiver,
    public: {
      name: 'contract-terminated',
      version: 1,
      facts: z.strictObject({ number: z.string(), receiver: UnitCode, ...publicEnd }),
      names: END,
    },
    zh: '合同终止',
    en: 'A contract ended before its day',
  }),
}

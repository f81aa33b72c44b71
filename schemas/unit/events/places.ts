import { z } from 'zod'
import { FacilityCode } from '../../values/identifiers.ts'
import { UnitCode } from '../../values/unit-code.ts'
import {
  END,
  publicEnd,
  publicFacility,
  publicFrom,
  publicSinceDay,
  publicSite,
  publicUnit,
  some,
} from '../public-shapes.ts'
import { change, end, fact, whole } from '../saying.ts'
import { effectiveFrom, ended, registered, sinceDay } from '../shapes.ts'

/** Who the unit is and where. */
export const places = {
  UnitRegistered: fact({
    schema: registered.unit.extend(sinceDay),
    says: (data) => ({ kind: 'registration', key: '', statement: whole(data) }),
    public: {
      name: 'registered',
      version: 1,
      facts: z.strictObject({ unit: UnitCode, ...publicUnit, ...publicSinceDay }),
    },
    zh: '单位登记',
    en: 'A unit was registered, or registered anew',
  }),
  UnitChanged: fact({
    schema: registered.unit.omit({ unit: true }).partial().extend({ effectiveFrom }),
    says: (data) => ({ kind: 'registration', key: '', statement: change(data) }),
    public: { name: 'changed', version: 1, facts: z.strictObject({ ...some(publicUnit), effectiveFrom: publicFrom }) },
    zh: '单位信息变更',
    en: 'A unit has another name, address, contact, role … from a day on',
  }),
  UnitClosed: fact({
    schema: z.strictObject(ended),
    says: (data) => ({ kind: 'registration', key: '', statement: end(data) }),
    public: { name: 'closed', version: 1, facts: z.strictObject(publicEnd), names: END },
    zh: '单位注销',
    en: 'A unit takes part in nothing from a day on',
  }),

  SiteAdded: fact({
    schema: registered.site.extend(sinceDay),
    says: (data) => ({ kind: 'sites', key: data.site, statement: whole(data) }),
    public: {
      name: 'site-added',
      version: 1,
      facts: z.strictObject({ site: z.string().max(32), ...publicSite, ...publicSinceDay }),
    },
    zh: '新增场所',
    en: 'A unit has a further site',
  }),
  SiteChanged: fact({
    schema: registered.site.partial().extend({ site: registered.site.shape.site, effectiveFrom }),
    says: (data) => ({ kind: 'sites', key: data.site, statement: change(data) }),
    public: {
      name: 'site-changed',
      version: 1,
      facts: z.strictObject({ site: z.string().max(32), ...some(publicSite), effectiveFrom: publicFrom }),
    },
    zh: '场所信息变更',
    en: 'A site has another name, address or division from a day on',
  }),
  SiteClosed: fact({
    schema: z.strictObject({ site: z.string(), ...ended }),
    says: (data) => ({ kind: 'sites', key: data.site, statement: end(data) }),
    public: {
      name: 'site-closed',
      version: 1,
      facts: z.strictObject({ site: z.string(), ...publicEnd }),
      names: END,
    },
    zh: '场所关闭',
    en: 'A site is closed from a day on',
  }),

  FacilityAdded: fact({
    schema: registered.facility.extend(sinceDay),
    says: (data) => ({ kind: 'facilities', key: data.facility, statement: whole(data) }),
    public: {
      name: 'facility-added',
      version: 1,
      facts: z.strictObject({ facility: FacilityCode, ...publicFacility, ...publicSinceDay }),
    },
    zh: '新增设施',
    en: 'A unit has a further facility',
  }),
  FacilityChanged: fact({
    schema: registered.facility.partial().extend({ facility: FacilityCode, effectiveFrom }),
    says: (data) => ({ kind: 'facilities', key: data.facility, statement: change(data) }),
    public: {
      name: 'facility-changed',
      version: 1,
      facts: z.strictObject({ facility: FacilityCode, ...some(publicFacility), effectiveFrom: publicFrom }),
    },
    zh: '设施信息变更',
    en: 'A facility has another name, kind, capacity or site from a day on',
  }),
  FacilityClosed: fact({
    schema: z.strictObject({ facility: FacilityCode, ...ended }),
    says: (data) => ({ kind: 'facilities', key: data.facility, statement: end(data) }),
    public: {
      name: 'facility-closed',
      version: 1,
      facts: z.strictObject({ facility: FacilityCode, ...publicEnd }),
      names: END,
    },
    zh: '设施停用',
    en: 'A facility is closed from a day on',
  }),
}

import type { Role } from '../../../schemas/actor.ts'
import { UnitCode } from '../../../schemas/values/unit-code.ts'
import type { WasteStream } from '../../../schemas/values/waste.ts'
import { tokenRoles } from '../roles.ts'
import { COMPETENCES } from '../visibility.ts'

/** What a token of someone says beside their subject. */
export interface Claims {
  readonly unit?: string
  readonly roles: readonly Role[]
  readonly competence?: readonly WasteStream[]
}

/** Reads a unit's registration; undefined where no such unit is registered. */
export type FindUnit = (code: string) => Promise<{ readonly roles: readonly string[] } | undefined>

export const DEMO_SECRET = 'demo'
const UNIT_PROGRAM = 'unit-'

/** Programs of the park and its offices; every registered unit has one more, `unit-<credit code>`. All of them know the secret `demo`. */
const programs: Readonly<Record<string, Claims>> = {
  'demo-admin': { roles: ['admin'] },
  'demo-bureau': { roles: ['bureau'], competence: COMPETENCES.all },
  'demo-environment': { roles: ['bureau'], competence: COMPETENCES.environment },
  'demo-enforcement': { roles: ['bureau'], competence: COMPETENCES.enforcement },
  'demo-planning': { roles: ['bureau'], competence: COMPETENCES.planning },
}

export async function programClaims(id: string, findUnit: FindUnit): Promise<Claims | undefined> {
  if (!id.startsWith(UNIT_PROGRAM)) return Object.hasOwn(programs, id) ? programs[id] : undefined
  const unit = UnitCode.safeParse(id.slice(UNIT_PROGRAM.length))
  const registered = unit.success ? await findUnit(unit.data) : undefined
  return unit.success && registered ? { unit: unit.data, roles: tokenRoles(registered.roles) } : undefined
}

export interface Account extends Claims {
  readonly id: string
  readonly zh: string
  readonly en: string
}

/** People of the park and its offices, to sign in as. */
export const officials: readonly Account[] = [
  {
    id: 'official-environment',
    zh: '生态环境局工作人员',
    en: 'Official, ecology and environment',
    roles: ['bureau'],
    competence: COMPETENCES.environment,
  },
  {
    id: 'official-enforcement',
    zh: '综合执法局工作人员',
    en: 'Official, municipal enforcement',
    roles: ['bureau'],
    competence: COMPETENCES.enforcement,
  },
  {
    id: 'official-planning',
    zh: '规建委工作人员',
    en: 'Official, planning and construction',
    roles: ['bureau'],
    competence: COMPETENCES.planning,
  },
  { id: 'bookkeeper', zh: '园区台账管理员', en: 'Book-keeper of the park', roles: ['admin'] },
]

/** People of a unit: the post says which part of the unit's rights they use. Their account is `<post>@<credit code>`. */
export const posts = {
  clerk: { zh: '产废单位环保专员', en: 'Clerk of a producer', roles: ['producer'] },
  driver: { zh: '运输单位驾驶员', en: 'Driver of a carrier', roles: ['driver'] },
  keeper: { zh: '接收单位库管员', en: 'Storekeeper of a receiver', roles: ['receiver'] },
} as const satisfies Readonly<
  Record<string, { readonly zh: string; readonly en: string; readonly roles: readonly Role[] }>
>
export type Post = keyof typeof posts

export async function findPerson(id: string, findUnit: FindUnit): Promise<Account | undefined> {
  const official = officials.find((account) => account.id === id)
  if (official) return official
  const [post = '', code = ''] = id.split('@')
  if (!Object.hasOwn(posts, post)) return undefined
  const unit = UnitCode.safeParse(code)
  const registered = unit.success ? await findUnit(unit.data) : undefined
  if (!unit.success || !registered) return undefined
  const { zh, en, roles } = posts[post as Post]
  const granted = tokenRoles(registered.roles)
  const held = roles.filter((role) => granted.includes(role))
  return held.length > 0 ? { id, zh, en, unit: unit.data, roles: held } : undefined
}

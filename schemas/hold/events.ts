import { z } from 'zod'
import { EventActor } from '../event.ts'
import { carried } from '../finding/events.ts'
import { eventOf, NO_MASS, type AnyEventFrom, type EventFrom } from '../stream/event-row.ts'
import { Day } from '../values/time.ts'
import { UnitCode } from '../values/unit-code.ts'
import { WasteStream } from '../values/waste.ts'
import type { Hold, HeldCommand } from './state.ts'

/** Whom the hold concerns; repeated in all of its events, so that each can be read alone. */
const about = {
  /** The sender's unit, and those that the act concerns. */
  units: z.array(UnitCode),
  /** Streams of waste that the act is about: an office that is competent for one of them releases it. */
  streams: z.array(WasteStream).min(1),
} as const
const publicAbout = { units: z.array(UnitCode), streams: z.array(WasteStream).min(1) } as const

const RuleId = z.templateLiteral(['R', z.number()])
const facts = z.record(z.string(), z.union([z.string(), z.number()]))
const text = z.string().min(1).max(500)

/** A finding as an event keeps it. `pointer` leads into the command, `day` says whose edition of the rule was applied. */
export const KeptFinding = z.strictObject({
  rule: RuleId,
  severity: z.enum(['WARN', 'HOLD']),
  pointer: z.string(),
  facts,
  day: Day.optional(),
})
export type KeptFinding = z.infer<typeof KeptFinding>

/** A refusal as an event keeps it. */
export const KeptRefusal = z.strictObject({
  code: z.string(),
  rule: RuleId.optional(),
  pointer: z.string(),
  facts,
  day: Day.optional(),
})
export type KeptRefusal = z.infer<typeof KeptRefusal>

const findings = z.array(KeptFinding).min(1)
const refusals = z.array(KeptRefusal).min(1)

const publicFinding = z.strictObject({
  rule: z.templateLiteral(['R', z.number()]),
  severity: z.enum(['WARN', 'HOLD']),
  pointer: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  day: Day.optional(),
})
const publicRefusal = z.strictObject({
  code: z.string(),
  rule: z.templateLiteral(['R', z.number()]).optional(),
  pointer: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  day: Day.optional(),
})

const event = eventOf<Hold>()

/** A step of a command that is held; of one that never was it changes nothing. */
const step =
  <Event>(next: (known: HeldCommand, event: Event) => HeldCommand) =>
  (hold: Hold, happened: Event): Hold =>
    hold.status === 'none' ? hold : next(hold, happened)

const sameCell = (a: KeptFinding, b: KeptFinding): boolean => a.rule === b.rule && a.pointer === b.pointer

/** The later finding of one rule and place replaces the earlier one. */
const merged = (before: readonly KeptFinding[], more: readonly KeptFinding[]): readonly KeptFinding[] => [
  ...before.filter((known) => !more.some((finding) => sameCell(finding, known))),
  ...more,
]

/** Facts about one command that waits for an official, stream `hold-<id>`. */
export const holdEvents = {
  /** A rule of severity HOLD was broken: the command is stored, and nothing of it is done. */
  CommandHeld: event({
    schema: z.strictObject({
      ...about,
      /** Path of the command below `/api/v1`, such as `/lots/:lot/classification`. */
      route: z.string().min(1).max(128),
      /** The command as it was sent, ids resolved and persons sealed. */
      command: z.record(z.string(), z.unknown()),
      /** Who sent it, and in whose name it is done once it is released. */
      sender: EventActor,
      provenance: z.enum(['live', 'book']),
      findings,
      /** Stream of the thing that the act is about. */
      subject: z.string().min(1).max(128),
    }),
    fold: (_none, { occurredAt, data }) => ({
      status: 'waiting',
      held: data,
      heldAt: occurredAt,
      findings: data.findings,
      released: [],
      blockedBy: [],
    }),
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'command-held',
      version: 1,
      facts: z.strictObject({
        ...publicAbout,
        route: z.string().min(1).max(128),
        command: z.record(z.string(), z.unknown()),
        sender: z.strictObject({
          subject: z.string(),
          unit: UnitCode.optional(),
          roles: z.array(z.string()),
        }),
        provenance: z.enum(['live', 'book']),
        findings: z.array(publicFinding).min(1),
        subject: z.string().min(1).max(128),
      }),
    },
    zh: '操作待主管部门审批，尚未登记',
    en: 'A command waits for an official and is not carried out',
  }),

  /** An official lets the act be done in spite of exactly these findings; the metadata say who that was. */
  HoldReleased: event({
    schema: z.strictObject({ ...about, findings, reason: text }),
    fold: step((hold, { occurredAt, data }) => ({
      ...hold,
      status: 'released',
      released: merged(hold.released, data.findings),
      reason: data.reason,
      decidedAt: occurredAt,
    })),
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'released',
      version: 1,
      facts: z.strictObject({
        ...publicAbout,
        findings: z.array(publicFinding).min(1),
        reason: z.string().min(1).max(500),
      }),
    },
    zh: '主管部门放行',
    en: 'An official released the command in spite of these findings',
  }),

  /** The released act was done; `subject` is the stream that it was appended to. */
  HoldCompleted: event({
    schema: z.strictObject({ ...about, subject: z.string().min(1).max(128), revision: z.int().nonnegative() }),
    fold: step((hold, { data: { subject } }) => ({ ...hold, status: 'done', done: subject, blockedBy: [] })),
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'completed',
      version: 1,
      facts: z.strictObject({ ...publicAbout, subject: z.string().min(1).max(128), revision: z.int().nonnegative() }),
    },
    zh: '放行的操作已登记',
    en: 'The released command was carried out',
  }),

  /** Decided again, the released act was refused: the hold waits as before. */
  HoldBlocked: event({
    schema: z.strictObject({ ...about, refusals }),
    fold: step((hold, { data }) => ({ ...hold, status: 'waiting', blockedBy: data.refusals })),
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'blocked',
      version: 1,
      facts: z.strictObject({ ...publicAbout, refusals: z.array(publicRefusal).min(1) }),
    },
    zh: '放行后重新审核未通过，继续待批',
    en: 'Decided again, the released command was refused, and it waits as before',
  }),

  /** Decided again, the released act met findings that were not released: they are added to what it waits for. */
  HoldExtended: event({
    schema: z.strictObject({ ...about, findings }),
    fold: step((hold, { data }) => ({
      ...hold,
      status: 'waiting',
      blockedBy: [],
      findings: merged(hold.findings, data.findings),
    })),
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'extended',
      version: 1,
      facts: z.strictObject({ ...publicAbout, findings: z.array(publicFinding).min(1) }),
    },
    zh: '放行后发现其他待批事项，继续待批',
    en: 'Decided again, the released command met further findings, for which it waits as well',
  }),

  HoldRejected: event({
    schema: z.strictObject({ ...about, reason: text }),
    fold: step((hold, { occurredAt, data }) => ({
      ...hold,
      status: 'rejected',
      reason: data.reason,
      decidedAt: occurredAt,
    })),
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'rejected',
      version: 1,
      facts: z.strictObject({ ...publicAbout, reason: z.string().min(1).max(500) }),
    },
    zh: '主管部门驳回',
    en: 'An official rejected the command',
  }),

  HoldWithdrawn: event({
    schema: z.strictObject({ ...about, reason: text.optional() }),
    fold: step(({ reason: _, ...hold }, { occurredAt, data: { reason } }) => ({
      ...hold,
      status: 'withdrawn',
      decidedAt: occurredAt,
      ...(reason === undefined ? {} : { reason }),
    })),
    mass: NO_MASS,
    concerns: carried,
    public: {
      name: 'withdrawn',
      version: 1,
      facts: z.strictObject({ ...publicAbout, reason: z.string().min(1).max(500).optional() }),
    },
    zh: '提交单位撤回',
    en: 'The sender withdrew the command',
  }),

  /** No official decided in time. */
  HoldExpired: event({
    schema: z.strictObject(about),
    fold: step((hold, { occurredAt }) => ({ ...hold, status: 'expired', decidedAt: occurredAt })),
    mass: NO_MASS,
    concerns: carried,
    public: { name: 'expired', version: 1, facts: z.strictObject(publicAbout) },
    zh: '逾期未审批，操作失效',
    en: 'No official decided about the command in time',
  }),
}

export type HoldEventType = keyof typeof holdEvents
export type HoldEventOf<T extends HoldEventType> = EventFrom<typeof holdEvents, T>
export type HoldEvent = AnyEventFrom<typeof holdEvents>

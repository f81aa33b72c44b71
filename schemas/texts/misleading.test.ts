import { expect, test } from 'vitest'
import { refusal, type Facts, type Refusal } from '../decision.ts'
import type { RuleId } from '../rules/row.ts'
import { renderRefusal } from './render.ts'

const broken = (rule: RuleId, facts: Facts): Refusal => ({ code: 'rule-broken', rule, pointer: '', facts })
const said = (why: Refusal) => {
  const { zh, en } = renderRefusal(why)
  return [zh, en]
}

test('R28: what is promised to a manifest is told with its mass and its manifest', () => {
  const promises = { held: 54_000, promised: 54_000, promisedTo: '20253205000001' }
  expect(said(broken('R28', promises))).toEqual([
    '违反规则 R28：该处存有 54 千克，其中 54 千克已列入联单 20253205000001，没有可用余量；请先作废该联单，或另选批次',
    'Rule R28 is broken: 54 kg lie there, but 54 kg are promised to manifest 20253205000001 and none are free: cancel that manifest first, or choose another lot',
  ])
  expect(said(broken('R28', { ...promises, held: 60_000, taken: 7_000, balance: 6_000 }))[1]).toContain(
    '7 kg taken; 60 kg lie there, of which 54 kg are promised to manifest 20253205000001 and 6 kg are free',
  )
})

test('R08: a mistyped licence number is named beside those that the receiver has', () => {
  expect(
    said(broken('R08', { unit: '91320594RECEXERAA3', day: '2025-12-06', licence: 'JS10', others: 'JS01, JS02' }))[1],
  ).toBe(
    'Rule R08 is broken: Receiver 91320594RECEXERAA3 holds no licence JS10 in force on 2025-12-06; in force are JS01, JS02',
  )
})

test('R59: a time to come is called one, and both times are of one zone', () => {
  expect(
    said(
      broken('R59', { step: 'generated', stepAt: '2026-12-01T10:00:00+08:00', clockAt: '2026-11-30T12:34:49.123Z' }),
    ),
  ).toEqual([
    '违反规则 R59：产生时间 2026-12-01 10:00:00 (+08:00) 在将来：现在是 2026-11-30 20:34:49.123 (+08:00)；请核对日期和时区',
    'Rule R59 is broken: generated at 2026-12-01 10:00:00 (+08:00) lies in the future: it is 2026-11-30 20:34:49.123 (+08:00) now; check day and offset',
  ])
})

test('R69, R31: an action that waits for another has a sentence without gaps', () => {
  expect(
    said({ ...refusal('manifest-not-ready', '', { action: 'acceptance', status: 'arrived' }), rule: 'R69' }),
  ).toEqual([
    '联单状态为 到达，不能办理 接受：接受或拒收危险废物前，接受人须先过磅',
    'The manifest is arrived; acceptance is not possible now: The receiver weighs a load of hazardous waste before it accepts or refuses it',
  ])
  expect(said({ ...refusal('rule-broken'), rule: 'R31' })[0]).toBe('违反规则 R31：危险废物容器尚未贴标签，请先登记标签')
})

test('R06: a change of code without a report says from what to what, and where the report goes', () => {
  const why = {
    ...refusal('report-missing', '/report', { from: '900-404-06', to: '900-249-08' }),
    rule: 'R06' as const,
  }
  expect(said(why)[1]).toContain('A change from 900-404-06 to 900-249-08 needs an identification')
})

test('nothing is left to return because it was returned already', () => {
  expect(said(refusal('nothing-refused', '', { returnedAt: '2025-12-08T06:00:00Z' }))).toEqual([
    '拒收的数量已于 2025-12-08 14:00:00 (+08:00) 退回，不须再办理',
    'What was refused was returned already, at 2025-12-08 14:00:00 (+08:00): there is nothing left to return',
  ])
})

test('an unknown method is named with those that come nearest, and with the list', () => {
  expect(said(refusal('method-unknown', '', { method: 'D1O', near: 'D1, D10' }))[1]).toBe(
    'There is no treatment method “D1O”; like it are D1, D10; the list is at /api/v1/code-lists/methods',
  )
})

test('a rule that waits says what the sender can do, and whose release it needs', () => {
  const [zh, en] = said({ code: 'rule-held', rule: 'R04', pointer: '/report', facts: { code: '900-000-17' } })
  expect(zh).toContain('请在 report 中填写鉴别报告编号')
  expect(en).toContain('give the number of its report in the field report')
  expect(zh).toContain('须经主管部门审批')
  expect(en).toContain('only once an official has released it')
})

test('a stream is named once', () => {
  expect(said(refusal('not-a-trip-stream', '', { stream: 'hazardous' }))[1]).toBe(
    'hazardous waste is not recorded by weighbridge slips',
  )
  expect(said(refusal('method-unfit', '', { method: 'Y10', stream: 'sludge' }))[1]).toBe(
    'Method Y10 does not fit sewage sludge',
  )
})

import { expect, test } from 'vitest'
import { refusal } from '../decision.ts'
import { renderFinding, renderRefusal, statusOf } from './render.ts'

test('a refusal says in both languages what is wrong and where', () => {
  expect(renderRefusal(refusal('manifest-not-ready', '/manifest', { status: 'departed', action: 'pickup' }))).toEqual({
    code: 'manifest-not-ready',
    pointer: '/manifest',
    zh: '联单状态为 起运，不能办理 交付装车',
    en: 'The manifest is departed; pickup is not possible now',
  })
})

test('a refusal by a rule names the rule and says what the law wants', () => {
  const rendered = renderRefusal({
    code: 'rule-broken',
    rule: 'R03',
    pointer: '/waste/code',
    facts: { code: '900-001-41', category: 'HW41' },
  })
  expect(rendered).toMatchObject({ code: 'rule-broken', rule: 'R03', pointer: '/waste/code' })
  expect(rendered.zh).toBe('违反规则 R03：代码 900-001-41 的类别 HW41 不是危险废物类别')
  expect(rendered.en).toBe('Rule R03 is broken: Category HW41 of code 900-001-41 is no category of hazardous waste')
})

test('a finding carries its source', () => {
  const rendered = renderFinding({
    rule: 'R106',
    severity: 'WARN',
    pointer: '/occurredAt',
    facts: { hours: 30, reason: 'not-given' },
  })
  expect(rendered).toMatchObject({
    rule: 'R106',
    severity: 'WARN',
    zh: '补录：发生 30 小时后才记录，原因：未说明',
    en: 'Recorded 30 hours after the act; reason: not given',
  })
  expect(rendered.source).not.toBe('')
})

test.each([
  ['2026-08-14', '固废法 第75条'],
  ['2026-08-15', '生态环境法典 第529条'],
])('a refusal and a finding of %s name the source that was in force then', (day, source) => {
  const said = { rule: 'R02', pointer: '/waste/code', facts: { code: '900-999-06' }, day } as const
  expect(renderRefusal({ code: 'rule-broken', ...said }).source).toContain(source)
  expect(renderFinding({ severity: 'WARN', ...said }).source).toContain(source)
})

test('a refusal of a rule whose day is not known names the newest source, and one without a rule none', () => {
  expect(renderRefusal({ code: 'rule-broken', rule: 'R02', pointer: '', facts: {} }).source).toContain('生态环境法典')
  expect(renderRefusal(refusal('not-found'))).not.toHaveProperty('source')
})

test('a code or rule that nobody knows shows as itself, with status 500', () => {
  expect(renderRefusal(refusal('no-such-code', '/x'))).toEqual({
    code: 'no-such-code',
    pointer: '/x',
    zh: 'no-such-code',
    en: 'no-such-code',
  })
  expect(renderFinding({ rule: 'R999', severity: 'WARN', pointer: '', facts: {} })).toMatchObject({
    zh: 'R999',
    en: 'R999',
    source: '',
  })
  expect(renderRefusal(refusal('toString'))).toMatchObject({ zh: 'toString' })
  expect([statusOf('not-found'), statusOf('no-such-code'), statusOf('constructor')]).toEqual([404, 500, 500])
})

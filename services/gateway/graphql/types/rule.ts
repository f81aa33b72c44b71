import { ruleListing, type ListedCase, type ListedEdition, type ListedRule } from '../../../../schemas/rules/listing.ts'
import type { Text } from '../../../../schemas/texts/fill.ts'
import { builder } from '../builder.ts'

const Texts = builder.objectRef<Text>('Texts')
Texts.implement({
  description: '两种语言的文字。 A text in both languages.',
  fields: (t) => ({ zh: t.exposeString('zh'), en: t.exposeString('en') }),
})

const Edition = builder.objectRef<ListedEdition>('RuleEdition')
Edition.implement({
  description:
    '规则的版本。 A rule as it is in force from one day to another; an act is judged by that of its own day.',
  fields: (t) => ({
    from: t.expose('from', { type: 'Date' }),
    to: t.expose('to', { type: 'Date', nullable: true }),
    source: t.exposeString('source', { description: 'Article of law, standard or reading that it rests on.' }),
    severity: t.exposeString('severity', { description: 'BLOCK, HOLD, WARN or ALERT.' }),
    zh: t.exposeString('zh', { description: 'What a breach says.' }),
    en: t.exposeString('en'),
    penalty: t.field({ type: Texts, nullable: true, resolve: ({ penalty }) => penalty ?? null }),
  }),
})

const Case = builder.objectRef<ListedCase>('RuleCase')
Case.implement({
  description: '规则的情形。 What a rule does to a command that breaks it.',
  fields: (t) => ({
    question: t.exposeString('question'),
    zh: t.exposeString('zh'),
    en: t.exposeString('en'),
    expect: t.exposeString('expect', { description: 'BLOCK, HOLD or WARN.' }),
  }),
})

const Rule = builder.objectRef<ListedRule>('Rule')
Rule.implement({
  description: '法规规则。 A rule of the list R01-R108.',
  fields: (t) => ({
    id: t.exposeID('id'),
    zh: t.exposeString('zh', { description: 'What it demands.' }),
    en: t.exposeString('en'),
    applies: t.exposeBoolean('applies', { description: 'False for a rule that nothing asks, or not yet.' }),
    reason: t.field({
      type: Texts,
      nullable: true,
      description: 'Why nothing asks it.',
      resolve: ({ reason }) => reason ?? null,
    }),
    editions: t.field({ type: [Edition], description: 'Oldest first.', resolve: ({ editions }) => [...editions] }),
    asks: t.exposeStringList('asks', { description: 'Commands that ask it, or `timer`.' }),
    booksExempt: t.field({
      type: Texts,
      nullable: true,
      description: 'Why books of the past are spared it, all of it or in part.',
      resolve: ({ booksExempt }) => booksExempt ?? null,
    }),
    cases: t.field({ type: [Case], resolve: ({ cases }) => [...cases] }),
  }),
})

builder.queryFields((t) => ({
  rules: t.field({
    type: [Rule],
    description: '规则目录。 All rules by their numbers.',
    resolve: () => [...ruleListing],
  }),
  rule: t.field({
    type: Rule,
    nullable: true,
    description: '一条规则。 One rule by its number.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }) => ruleListing.find((one) => one.id === id) ?? null,
  }),
}))

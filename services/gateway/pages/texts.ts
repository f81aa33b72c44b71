import type { Language } from '../../../infra/http/language.ts'
import { glossary } from '../../../schemas/texts/glossary.ts'

const texts = {
  zh: {
    title: '无废园区 · 五横五纵总账', name: '无废园区', what: '园区全部固体废物的事件溯源台账：每一克从产生到处置都有据可查。',
    period: '月份', show: '查看', caption: '{month} 收入量（吨），小字为期末', stream: '类别', rate: '综合利用率', balance: '试算平衡', balanced: '平衡', known: '截至事件', doors: '入口',
    graphiql: 'GraphiQL（查询）', api: 'REST 接口文档', stage: '环节', closing: '期末', none: '无数据',
    viewer: '演示模式：本页以主管部门身份展示，生产环境不可用。接口须凭令牌访问：', signIn: '请先登录，或携带令牌访问。',
    cell: '{stream} · {stage} · {month}', day: '业务日', from: '自', to: '至', grams: '数量（吨）', code: '废物代码', event: '事件', lot: '批次', total: '共 {count} 条分录', next: '下一页', back: '返回总账',
    opening: '期初', in: '收入', out: '支出', adjusted: '调整', unknown: '没有这一格',
  },
  en: {
    title: 'Wufei · the five by five ledger', name: 'Wufei', what: 'An event-sourced record of all solid waste of a park: every gram is accounted for, from where it arises to where it ends.',
    period: 'Month', show: 'Show', caption: 'What came in during {month}, in tonnes; closing in small print', stream: 'Stream', rate: 'Recycling rate', balance: 'Trial balance', balanced: 'balanced', known: 'as of event', doors: 'Doors',
    graphiql: 'GraphiQL (queries)', api: 'REST API', stage: 'Stage', closing: 'closing', none: 'no data',
    viewer: 'Demo: this page is shown as to an official; not in production. Programs need a token:', signIn: 'Sign in first, or send a token.',
    cell: '{stream} · {stage} · {month}', day: 'Business day', from: 'From', to: 'To', grams: 'Mass (t)', code: 'Waste code', event: 'Event', lot: 'Lot', total: '{count} postings', next: 'Next page', back: 'Back to the ledger',
    opening: 'opening', in: 'in', out: 'out', adjusted: 'adjusted', unknown: 'There is no such cell',
  },
} as const

export type Texts = (typeof texts)[Language]
export const textsOf = (language: Language): Texts => texts[language]

/** A word of the domain as readers know it. */
export const word = (term: string, language: Language): string => glossary[term]?.[language] ?? term

export const filled = (text: string, facts: Readonly<Record<string, string | number>>): string => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ''))

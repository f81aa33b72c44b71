import type { Text } from './fill.ts'

/** What the system finds about itself: findings that no rule of law is behind. Named in capitals, like rules. */
export interface NoticeRow extends Text {
  readonly source: string
}

export const notices: Readonly<Record<string, NoticeRow>> = {
  'REACTION-REFUSED': {
    source: '本系统的处理流程 · The system’s own processing',
    zh: '事件已记录，但由它引起的后续步骤 {step} 未能完成（{why}）：相关批次的数量可能与单据不一致，请运维人员核对处理',
    en: 'The event is recorded, but what follows from it ({step}) could not be done ({why}): figures of its lots may differ from the document until the operator has seen to it',
  },
}

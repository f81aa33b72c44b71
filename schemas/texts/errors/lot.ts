import type { ErrorRows } from './row.ts'

/** Refusals about lots. */
export const lotErrors = {
  'lot-unknown': { status: 404, zh: '没有这个批次', en: 'There is no such lot' },
  'nothing-to-classify': { status: 422, zh: '没有待分类的数量', en: 'Nothing of this lot awaits classification' },
  'pools-have-no-label': { status: 422, zh: '按代码归集的一般固废没有容器标签', en: 'A pool of general waste has no container label' },
  'already-labelled': { status: 422, zh: '批次已有标签', en: 'The lot already bears a label' },
  'nothing-to-store': { status: 422, zh: '没有待入库的数量', en: 'Nothing of this lot awaits storage' },
  'nothing-in-store': { status: 422, zh: '库中没有可用的数量', en: 'Nothing of this lot lies free in store' },
  'nothing-to-split': { status: 422, zh: '没有可拆分的数量', en: 'Nothing of this lot can be split' },
} as const satisfies ErrorRows

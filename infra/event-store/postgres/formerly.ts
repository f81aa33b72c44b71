import type { Former } from '../../postgres/former.ts'

/** Editions of 0001 to 0003 that were in use before 2026-11-25 14:00 UTC (commits 84b7fe3 and 87544e4; edited by 4552862). */
export const formerLogs: readonly Former[] = [
  {
    checksums: [
      '92d7e45587aa61c13ece4ae99591799ecc51d09965623e997fc5038f8b113565',
      '4f2d31c84cb9dbc0091dbdbfaddc6c7e52fc5b58b296def5d10850728dd2d0e3',
      'b1de5b144abf3632863ac05f9505091b690cbc7ee3d15ccbc76134f5896e6740',
      '844bc28e4b7fad56c2c2d1e2787fa7c7c7d66b61d6170e63c62538b527e6b5b0',
    ],
    upgrade: new URL('formerly/2026-11-25.sql', import.meta.url),
    again: [2, 3],
  },
]

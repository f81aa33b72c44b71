import type { FaultKind, Stage } from './kind.ts'
import type { CutAt } from './tcp-proxy.ts'

/** Cuts sessions of read models at their commits, a few times in a story. */
async function tearPages(stage: Stage, at: CutAt): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await stage.acknowledged(10 + stage.random.below(60))
    void stage.folding.trap('commit', at).then(stage.happened)
  }
}

export const foldingKinds: readonly FaultKind[] = [
  {
    name: 'between-effect-and-checkpoint',
    about: 'the session of a read model breaks after its rows were written and before they are committed',
    hurt: (stage) => tearPages(stage, 'request'),
  },
  {
    name: 'page-committed-unheard',
    about: 'a page is committed and nobody is told: it is folded again and must not count twice',
    hurt: (stage) => tearPages(stage, 'reply'),
  },
  {
    name: 'leadership-lost-silently',
    about:
      'the lock of who folds is gone without a word: another process takes over while the first still believes in itself',
    runners: 2,
    async hurt(stage) {
      for (let i = 0; i < 3; i++) {
        await stage.acknowledged(20 + stage.random.below(80))
        if (stage.folding.freeze('leader of') > 0) stage.happened()
      }
    },
  },
]

import type { FaultKind } from './kind.ts'

const COMMIT = 'commit'

export const foldingKinds: readonly FaultKind[] = [
  {
    name: 'between-effect-and-checkpoint',
    about: 'the session of a read model breaks after its rows were written and before they are committed',
    async hurt(stage) {
      for (let i = 0; i < 4; i++) {
        await stage.acknowledged(10 + stage.random.below(60))
        void stage.folding.trap(COMMIT, 'request').then(stage.happened)
      }
    },
  },
  {
    name: 'page-committed-unheard',
    about: 'a page is committed and nobody is told: it is folded again and must not count twice',
    async hurt(stage) {
      for (let i = 0; i < 4; i++) {
        await stage.acknowledged(10 + stage.random.below(60))
        void stage.folding.trap(COMMIT, 'reply').then(stage.happened)
      }
    },
  },
  {
    name: 'leadership-lost-silently',
    about: 'the lock of who folds is gone without a word: another process takes over while the first still believes in itself',
    runners: 2,
    async hurt(stage) {
      for (let i = 0; i < 3; i++) {
        await stage.acknowledged(20 + stage.random.below(80))
        if (stage.folding.freeze('leader of') > 0) stage.happened()
      }
    },
  },
]

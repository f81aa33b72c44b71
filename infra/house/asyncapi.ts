import { writeFileSync } from 'node:fs'
import { asyncApi } from '../../schemas/integration/asyncapi.ts'

// `npx tsx infra/house/asyncapi.ts` after a change of the messages; a test says when it is due.
writeFileSync(
  new URL('../../schemas/integration/asyncapi.json', import.meta.url),
  `${JSON.stringify(asyncApi(), null, 2)}\n`,
)

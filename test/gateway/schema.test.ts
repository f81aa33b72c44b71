import { lexicographicSortSchema, printSchema } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../services/gateway/graphql/schema.ts'

const SNAPSHOT = new URL('../../services/gateway/graphql/schema.graphql', import.meta.url)

test('the schema is the one that programs outside know', async () => {
  await expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toMatchFileSnapshot(SNAPSHOT.pathname)
})

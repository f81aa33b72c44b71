import { builder } from './builder.ts'
// Every file below adds its part to the one builder; the types come with the queries that answer them.
import './scalars.ts'
import './books.ts'
import './things.ts'
import './types/code-list.ts'
import './types/rule.ts'
import './node.ts'
import './subscriptions.ts'

builder.queryType({
  description: '只读查询。 Reading only: every change is a REST command.',
  authScopes: { signedIn: true },
})

export const schema = builder.toSchema()

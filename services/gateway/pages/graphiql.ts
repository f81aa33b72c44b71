import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Period } from '../../../projections/journal/queries/flows.ts'
import { selfStylingPolicy } from '../../../infra/http/security-headers.ts'

const POLICY = `${selfStylingPolicy}; font-src 'self' data:`

const page = (demo: boolean, { from, to }: Period): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Wufei GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/graphiql/graphiql.css">
</head>
<body class="no-focus-outline">
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root" data-demo="${demo}" data-from="${from}" data-to="${to}"></div>
<script src="/graphiql/graphiql.js"></script>
<script type="module" src="/graphiql/start.js"></script>
</body>
</html>
`

export interface GraphiqlOptions {
  /** Whether the page may ask the built-in issuer for a demo token. */
  readonly demo: boolean
  /** What the first query asks for. */
  period(): Promise<Period>
}

/** `/graphiql`: the query editor, every byte of it from here. It asks `/graphql` with the token that stands in its box for headers. */
export async function graphiql(app: FastifyInstance, { demo, period }: GraphiqlOptions): Promise<void> {
  // Nine megabytes of text, read when somebody first opens the page.
  let assets: Promise<Readonly<Record<string, Asset>>> | undefined
  app.get('/graphiql', { config: { page: true } }, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .header('cache-control', 'no-cache')
      .send(page(demo, await period())),
  )
  app.get<{ Params: { asset: string } }>('/graphiql/:asset', async (request, reply) => {
    const known = await (assets ??= loadAssets())
    const asset = Object.hasOwn(known, request.params.asset) ? known[request.params.asset] : undefined
    return asset ? send(reply, asset, request.headers['if-none-match']) : reply.callNotFound()
  })
}

interface Asset {
  readonly type: string
  readonly text: string
  readonly tag: string
}

function send(reply: FastifyReply, { type, text, tag }: Asset, known: string | undefined): FastifyReply {
  void reply.header('etag', tag).header('cache-control', 'no-cache')
  return known === tag ? reply.code(304).send() : reply.type(type).send(text)
}

async function loadAssets(): Promise<Readonly<Record<string, Asset>>> {
  const { js, css, editorWorkerService, jsonWorker, graphqlWorker } = await import(
    '@graphql-yoga/render-graphiql/graphiql'
  )
  const start = await readFile(new URL('assets/graphiql-start.js', import.meta.url), 'utf8')
  const asset = (type: string, text: string): Asset => ({
    type: `${type}; charset=utf-8`,
    text,
    tag: `"${createHash('sha256').update(text).digest('base64url')}"`,
  })
  const script = (text: string) => asset('text/javascript', text)
  return {
    'graphiql.js': script(js),
    'graphiql.css': asset('text/css', css),
    'start.js': script(start),
    'editor.worker.js': script(editorWorkerService),
    'json.worker.js': script(jsonWorker),
    'graphql.worker.js': script(graphqlWorker),
  }
}

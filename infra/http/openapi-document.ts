import type { z } from 'zod'
import { SERVICES } from '../configuration/services.ts'
import { contractSchema, exampleOf, type Components, type Json } from './contract-schema.ts'
import type { Answers, Documentation, HeaderName } from './openapi.ts'

/** A route as the document needs it. */
export interface DocumentedRoute {
  readonly method: string
  readonly url: string
  readonly documentation: Documentation
}

interface Head {
  readonly version: string
  readonly openIdConnectUrl: string
  readonly headers: Readonly<Record<HeaderName, { readonly description: string; readonly type: string }>>
}

const TAGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(SERVICES.map(({ name, about }) => [name, about])),
  events: '事件流 · The ordered feed of events',
  law: '规则 · The rules of law that the park judges by, with their editions',
  'code-lists': '代码表 · Public code lists with their editions',
  persons: '人员姓名 · Names behind opaque ids, each look recorded',
  imports: '台账导入 · Books as files',
}

/** The OpenAPI 3.1 document of the routes, in the order in which they were added. Made once, when it is first asked for. */
export function openApiDocument(
  routes: readonly DocumentedRoute[],
  { version, openIdConnectUrl, headers }: Head,
): Json {
  const components: Components = {}
  const paths: Record<string, Json> = {}
  for (const { method, url, documentation } of routes) {
    const path = url.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(documentation, components) }
  }
  const usedHeaders = new Set(
    routes.flatMap(({ documentation }) => Object.values(documentation.response).flatMap((one) => one.headers ?? [])),
  )
  const used = [...new Set(routes.flatMap(({ documentation: { tags } }) => tags))]
  return {
    openapi: '3.1.0',
    info: {
      title: 'Wufei API',
      version,
      description:
        '无废园区的命令与事件流。 Commands of a solid-waste park, and the feed of its events. Masses are whole grams unless a field says otherwise; moments are RFC 3339 with offset. Some fields had other names before; those are still read, for one version more.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      contact: { name: 'Wufei', url: 'https://github.com/wufei' },
    },
    servers: [{ url: '/', description: 'This park' }],
    tags: used.map((name) => ({ name, description: TAGS[name] ?? name })),
    paths,
    components: {
      schemas: components,
      headers: Object.fromEntries(
        Object.entries(headers)
          .filter(([name]) => usedHeaders.has(name as HeaderName))
          .map(([name, { description, type }]) => [name, { description, schema: { type } }]),
      ),
      securitySchemes: {
        oidc: {
          type: 'openIdConnect',
          openIdConnectUrl,
          description: 'Programs: client_credentials; people: authorization code with PKCE',
        },
      },
    },
  }
}

function operation(documentation: Documentation, components: Components): Json {
  const {
    tags,
    operationId,
    summary,
    description = summary,
    security,
    params,
    querystring,
    headers,
    body,
    response,
  } = documentation
  const parameters = [
    ...parametersIn('path', params, components),
    ...parametersIn('query', querystring, components),
    ...parametersIn('header', headers, components),
  ]
  const content = body ? contractSchema(body, 'input', components) : undefined
  return {
    tags,
    operationId,
    summary,
    description,
    security,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(content
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: content, example: exampleOf(content) } },
          },
        }
      : {}),
    responses: responses(response, components),
  }
}

function parametersIn(
  place: 'path' | 'query' | 'header',
  fields: z.ZodObject | undefined,
  components: Components,
): Json[] {
  if (!fields) return []
  const { properties, required } = contractSchema(fields, 'input', components) as {
    properties: Record<string, Json>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description, examples, format, ...schema }]) => ({
    name,
    in: place,
    required: place === 'path' || (required?.includes(name) ?? false),
    description,
    // openapi-python-client 0.29.1 hands a header of a format to httpx as the object that it made of it, which httpx refuses.
    schema: { ...schema, ...(format !== undefined && place !== 'header' ? { format } : {}) },
    ...(Array.isArray(examples) ? { example: examples[0] } : {}),
  }))
}

function responses(answers: Answers, components: Components): Json {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, headers = [], content = {} }]) => [
      status,
      {
        description,
        ...(headers.length > 0
          ? { headers: Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])) }
          : {}),
        ...(Object.keys(content).length > 0
          ? {
              content: Object.fromEntries(
                Object.entries(content).map(([type, { schema }]) => [
                  type,
                  { schema: contractSchema(schema, 'output', components) },
                ]),
              ),
            }
          : {}),
      },
    ]),
  )
}

import {
  getNamedType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  parse,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'
import { overLimit } from '../../services/gateway/graphql/limits.ts'

/** How values for arguments are made up; the walk fails for a required argument that nobody thought of. */
export type Arguments = (field: string, argument: string) => string | undefined

type Field = GraphQLField<unknown, unknown>

/**
 * Queries that together reach every field of every object type, made from the schema itself: one a root field, with all that can be asked
 * below it without going round in circles; one a field of its type where that would cost more than the gateway allows.
 */
export function queriesOf(schema: GraphQLSchema, argumentsFor: Arguments): readonly string[] {
  return Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap((root) => {
    const whole = `{ ${selected(schema, root, argumentsFor, [])} }`
    const allowed = (query: string) => overLimit(schema, parse(query), undefined, {}, 'en') === undefined
    // Fields of two types that share a name but not a kind do not go into one query.
    if (!isInterfaceType(getNamedType(root.type)) && allowed(whole)) return [whole]
    return objectsOf(schema, root).flatMap((type) =>
      Object.values(type.getFields()).map(
        (field) =>
          `{ ${callOf(root, argumentsFor)} { ... on ${type.name} { ${selected(schema, field, argumentsFor, [type.name])} } } }`,
      ),
    )
  })
}

// Units and lots stand at many places: there their own fields are enough, they are walked whole where a query leads straight to them.
const NEAR = 1

function selected(schema: GraphQLSchema, field: Field, argumentsFor: Arguments, way: readonly string[]): string {
  const call = callOf(field, argumentsFor)
  const objects = objectsOf(schema, field)
  if (objects.length === 0) return call
  const [first] = objects
  const parts = objects.map((object) => {
    const again = way.includes(object.name) || (way.length >= NEAR && (object.name === 'Unit' || object.name === 'Lot'))
    const inner = Object.values(object.getFields()).filter((each) => !again || objectsOf(schema, each).length === 0)
    const fields = inner.map((each) => selected(schema, each, argumentsFor, [...way, object.name])).join(' ')
    return getNamedType(field.type) === first ? fields : `... on ${object.name} { ${fields} }`
  })
  return `${call} { __typename ${parts.join(' ')} }`
}

function objectsOf(schema: GraphQLSchema, field: Field): readonly GraphQLObjectType[] {
  const type = getNamedType(field.type)
  if (isObjectType(type)) return [type]
  return isInterfaceType(type) ? schema.getPossibleTypes(type) : []
}

function callOf(field: Field, argumentsFor: Arguments): string {
  const given = field.args.flatMap(({ name, type, defaultValue }) => {
    const value = argumentsFor(field.name, name)
    if (value === undefined && isNonNullType(type) && defaultValue === undefined)
      throw new Error(`the walk has no value for ${field.name}(${name})`)
    return value === undefined ? [] : [`${name}: ${value}`]
  })
  return `${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}`
}

/** Every `Type.field` that a query can reach, to hold against what was asked. */
export function fieldsOf(schema: GraphQLSchema): readonly string[] {
  return Object.values(schema.getTypeMap())
    .filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'))
    .filter(({ name }) => name !== 'Subscription' && name !== 'ManifestChange' && name !== 'LedgerChange')
    .flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`))
}

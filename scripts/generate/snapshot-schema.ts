/** The snapshot's JSON Schema: each line by `src/snapshot/schema.ts`, each type's `config` by the shapes of AWS's answers. */
import { z } from 'zod'
import { footerSchema, manifestSchema, resourceSchema } from '../../src/snapshot/schema.ts'
import type { Shape, Shapes } from '../../src/snapshot/shapes.ts'

type JsonSchema = Record<string, unknown>

const SIMPLE: Readonly<Record<string, JsonSchema>> = {
  string: { type: 'string' },
  int: { type: 'integer' },
  double: { type: 'number' },
  bool: { type: 'boolean' },
  timestamp: { type: 'string', format: 'date-time' },
  bytes: { type: 'string', contentEncoding: 'base64' },
  any: {},
}

function schemaOf(shape: Shape): JsonSchema {
  if (typeof shape === 'string') return SIMPLE[shape] ?? {}
  const [kind, of] = shape
  if (kind === 'struct') return { $ref: `#/$defs/${of}` }
  return kind === 'list'
    ? { type: 'array', items: schemaOf(of) }
    : { type: 'object', additionalProperties: schemaOf(of) }
}

/** AWS adds fields without notice: what is not listed is allowed. */
function objectOf(fields: Readonly<Record<string, Shape>>): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, shape]) => [name, { anyOf: [schemaOf(shape), { type: 'null' }] }]),
    ),
  }
}

function structsOf(shapes: Shapes): Map<string, Readonly<Record<string, Shape>>> {
  const found = new Map<string, Readonly<Record<string, Shape>>>()
  const visit = (shape: Shape): void => {
    if (typeof shape === 'string') return
    const [kind, of] = shape
    if (kind !== 'struct') {
      visit(of as Shape)
      return
    }
    const members = shapes.structs[of]
    if (!members || found.has(of)) return
    found.set(of, members)
    for (const member of Object.values(members)) visit(member)
  }
  for (const type of Object.values(shapes.types)) for (const shape of Object.values(type.fields)) visit(shape)
  return found
}

function line(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
  return rest
}

export function snapshotSchema(shapes: Shapes): string {
  const resource = line(resourceSchema)
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A line of an aws-secaudit snapshot',
    description: 'The manifest, then a resource a line, then the footer; NDJSON, UTF-8.',
    oneOf: [{ $ref: '#/$defs/Manifest' }, { $ref: '#/$defs/Resource' }, { $ref: '#/$defs/Footer' }],
    $defs: {
      Manifest: line(manifestSchema),
      Footer: line(footerSchema),
      Resource: {
        ...resource,
        allOf: Object.keys(shapes.types).map((type) =>
          Object.fromEntries([
            ['if', { properties: { type: { const: type } } }],
            ['then', { properties: { config: { $ref: `#/$defs/${type}` } } }],
          ]),
        ),
      },
      ...Object.fromEntries(
        Object.entries(shapes.types).map(([type, { fields }]) => [type, objectOf(fields)]),
      ),
      ...Object.fromEntries([...structsOf(shapes)].sort().map(([name, fields]) => [name, objectOf(fields)])),
    },
  }
  return `${JSON.stringify(schema, null, 1)}\n`
}

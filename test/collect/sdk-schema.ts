/**
 * Reads the runtime schemas that the SDK's clients ship (Smithy's typed tuples: `[kind, namespace, name, traits, …]`).
 * Kinds: 1 list, 2 map, 3 structure, -3 error, 4 union, 9 operation; numbers are simple types.
 */
type Schema = unknown
type Kind = 'string' | 'number' | 'boolean' | 'time' | 'bytes' | 'any'

const SIMPLE: Readonly<Record<number, Kind>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'time',
  5: 'time',
  6: 'time',
  7: 'time',
  17: 'number',
  19: 'number',
  21: 'bytes',
  42: 'bytes',
}

export type Node =
  | { readonly is: 'struct'; readonly name: string; readonly members: ReadonlyMap<string, () => Node> }
  | { readonly is: 'list'; readonly of: () => Node }
  | { readonly is: 'map'; readonly of: () => Node }
  | { readonly is: 'simple'; readonly kind: Kind }

export const ANY: Node = { is: 'simple', kind: 'any' }

function unwrap(schema: Schema): Schema {
  const seen = typeof schema === 'function' ? (schema as () => Schema)() : schema
  if (typeof schema === 'function') return unwrap(seen)
  if (!Array.isArray(seen)) return seen
  if (seen[0] === 0 && seen.length > 2) return unwrap(seen[4]) // a named simple type
  if (seen.length <= 2) return unwrap(seen[0]) // a member with traits of its own
  return seen
}

/** What a schema describes, one level at a time: AWS's structures are recursive. */
export function node(schema: Schema): Node {
  const seen = unwrap(schema)
  if (typeof seen === 'number') {
    if (seen >= 128) return { is: 'map', of: () => node(seen - 128) }
    if (seen >= 64) return { is: 'list', of: () => node(seen - 64) }
    return { is: 'simple', kind: SIMPLE[seen] ?? 'any' }
  }
  if (!Array.isArray(seen)) return ANY
  if (seen[0] === 1) return { is: 'list', of: () => node(seen[4]) }
  if (seen[0] === 2) return { is: 'map', of: () => node(seen[5]) }
  const names = seen[4] as readonly string[]
  const schemas = seen[5] as readonly Schema[]
  return {
    is: 'struct',
    name: String(seen[2]),
    members: new Map(names.map((name, at) => [name, () => node(schemas[at])])),
  }
}

/** An operation's input and output, or undefined where the client has no such operation. */
export function operationSchema(sdk: object, api: string): { input: Node; output: Node } | undefined {
  const seen = (sdk as Record<string, unknown>)[`${api}$`]
  if (!Array.isArray(seen) || seen[0] !== 9) return undefined
  return { input: node(seen[4]), output: node(seen[5]) }
}

interface Speaking {
  readonly config: { readonly protocol: { readonly awsQueryCompatible?: boolean } }
}

/** Whether its errors go over the wire under the codes of AWS's query protocol. */
function speaksQuery(sdk: object): boolean {
  const exports = sdk as Record<string, unknown>
  const name = Object.keys(exports).find((key) => /^[A-Z]\w*Client$/.test(key)) ?? ''
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const client = new (exports[name] as new (config: object) => Speaking)({ region: 'eu-west-1' })
  const { protocol } = client.config
  return protocol.awsQueryCompatible === true || /Query/.test(protocol.constructor.name)
}

/** The client's errors: the name under which the SDK throws each, and the code that AWS's answer has. */
export function errorsOf(sdk: object): { name: string; code: string }[] {
  const isQuery = speaksQuery(sdk)
  return Object.values(sdk).flatMap((schema: unknown) => {
    if (!Array.isArray(schema) || schema[0] !== -3) return []
    const [, , name, traits] = schema as [number, string, string, unknown]
    const { awsQueryError } = (traits || {}) as { awsQueryError?: readonly [string, number] }
    return [{ name, code: isQuery ? (awsQueryError?.[0] ?? name) : name }]
  })
}

export const member = (of: Node, name: string): Node | undefined =>
  of.is === 'struct' ? of.members.get(name)?.() : of.is === 'map' ? of.of() : isAny(of) ? ANY : undefined

/** The member that a dotted path leads to. */
export const memberAlong = (of: Node, path: string): Node | undefined =>
  path.split('.').reduce<Node | undefined>((at, name) => at && member(at, name), of)

export const isAny = (of: Node): boolean => of.is === 'simple' && of.kind === 'any'

/**
 * Follows `VpnConnections[].Options.TunnelOptions[]`; `*` is any member.
 * @returns what is wrong with the path, or undefined
 */
export function pathProblem(from: Node, path: string): string | undefined {
  const parts = path.split('.')
  let at = from
  for (const part of parts) {
    const name = part.replace(/\[\]$/, '')
    if (name === '*' && at.is === 'struct') return undefined
    if (name.startsWith('!')) {
      const here: Node = at
      const unknown = name
        .slice(1)
        .split('|')
        .find((one) => !member(here, one))
      return unknown === undefined ? undefined : `${path}: there is no ${unknown}`
    }
    const next = member(at, name)
    if (!next) return `${path}: there is no ${name}${at.is === 'struct' ? ` in ${at.name}` : ''}`
    const asList = part.endsWith('[]')
    if (next.is === 'list' && !asList && part !== parts.at(-1))
      return `${path}: ${name} is a list, write ${name}[]`
    if (asList && next.is !== 'list' && !isAny(next)) return `${path}: ${name} is no list`
    at = next.is === 'list' && asList ? next.of() : next
  }
  return undefined
}

/** The items of a listing: dotted where lists are nested (`Reservations.Instances`). */
export function itemsOf(output: Node, path: string): Node | undefined {
  let at: Node | undefined = output
  for (const part of path.split('.')) {
    const next: Node | undefined = at && member(at, part)
    at = next?.is === 'list' ? next.of() : next
  }
  return at
}

/** An answer that has every member that AWS can answer, lists of one item, ARNs where the name says so. */
export function sample(of: Node, name = 'value', open: readonly string[] = []): unknown {
  if (of.is === 'list') return [sample(of.of(), name, open)]
  if (of.is === 'map') return { key: sample(of.of(), name, open) }
  if (of.is === 'struct') {
    if (open.includes(of.name)) return {}
    const inside = [...open, of.name]
    return Object.fromEntries([...of.members].map(([key, make]) => [key, sample(make(), key, inside)]))
  }
  if (of.kind === 'number') return 1
  if (of.kind === 'boolean') return true
  if (of.kind === 'time') return '2026-01-01T00:00:00Z'
  if (of.kind === 'any') return {}
  return /arns?$/i.test(name) ? `arn:aws:service:region:123456789012:${name}` : `sample-${name}`
}

/** What of a request the API would not understand: members that it does not have, values of another type. */
export function valueProblems(of: Node, value: unknown, where: string): string[] {
  if (value === undefined) return [`${where} is undefined`]
  if (isAny(of)) return []
  if (of.is === 'list') {
    if (!Array.isArray(value)) return [`${where} must be a list`]
    return value.flatMap((item, at) => valueProblems(of.of(), item, `${where}[${at}]`))
  }
  if (of.is === 'simple') {
    const is = value instanceof Date ? 'time' : typeof value
    return is === of.kind || (of.kind === 'time' && is === 'string')
      ? []
      : [`${where} is a ${is}, not a ${of.kind}`]
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${where} must be an object`]
  return Object.entries(value).flatMap(([key, each]) => {
    const next = member(of, key)
    return next ? valueProblems(next, each, `${where}.${key}`) : [`${where} has no ${key}`]
  })
}

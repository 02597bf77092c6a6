/** AWS's answers as the snapshot keeps them: JSON, times in ISO 8601 UTC, no secrets, the same from the SDK and from the CLI. */

import type { Parse } from '../collect/dsl.ts'
import type { Json, JsonObject } from './model.ts'
import type { Shape, Shapes } from './shapes.ts'

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Epoch seconds, an ISO text with any offset, or a Date; anything else stays as it was. */
function time(value: unknown): Json {
  const date =
    value instanceof Date
      ? value
      : typeof value === 'number'
        ? new Date(value * 1000)
        : typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
          ? new Date(value)
          : undefined
  if (!date || Number.isNaN(date.getTime())) return typeof value === 'string' ? value : null
  return date.toISOString().replace('.000Z', 'Z')
}

/** Sets a key without ever touching a prototype: keys come from strangers. */
function put(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** @param unordered the service promises no order of its lists: they are sorted, so that one state is one text */
export function createNormalizer(shapes: Shapes) {
  const walk = (value: unknown, shape: Shape, unordered: boolean): Json | undefined => {
    if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined
    if (value === null) return null
    if (shape === 'timestamp' || value instanceof Date) return time(value)
    if (typeof value === 'bigint') return Number(value)
    if (typeof value === 'number') return Number.isFinite(value) ? value : null
    if (typeof value !== 'object') return value as Json
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
    if (Array.isArray(value))
      return list(value, Array.isArray(shape) && shape[0] === 'list' ? shape[1] : 'any', unordered)
    return object(value as Record<string, unknown>, shape, unordered)
  }

  const list = (value: readonly unknown[], of: Shape, unordered: boolean): Json => {
    const items = value.map((item) => walk(item, of, unordered) ?? null)
    if (!unordered || items.length < 2) return items
    const keyed = items.map((item) => ({ item, text: JSON.stringify(item) }))
    return keyed.sort((a, b) => byText(a.text, b.text)).map((each) => each.item)
  }

  const object = (value: Record<string, unknown>, shape: Shape, unordered: boolean): JsonObject => {
    const out: Record<string, Json> = {}
    const members = Array.isArray(shape) && shape[0] === 'struct' ? shapes.structs[shape[1]] : undefined
    const each: Shape = Array.isArray(shape) && shape[0] === 'map' ? (shape[1] as Shape) : 'any'
    for (const key of Object.keys(value).sort()) {
      const known = members && Object.hasOwn(members, key) ? members[key] : undefined
      const kept = walk(value[key], known ?? each, unordered)
      if (kept !== undefined) put(out, key, kept)
    }
    return out
  }

  return (answer: unknown, operation: string, unordered: boolean): JsonObject => {
    if (!isPlain(answer)) return {}
    const { $metadata: _m, ResponseMetadata: _r, ...rest } = answer
    return object(rest, shapes.operations[operation]?.output ?? 'any', unordered)
  }
}

/** A part of a path: a member's name, `*` for any, `!a|b` for any but those. */
function names(part: string): (key: string) => boolean {
  const name = part.replace(/\[\]$/, '')
  if (name === '*') return () => true
  if (!name.startsWith('!')) return (key) => key === name
  const kept = new Set(name.slice(1).split('|'))
  return (key) => !kept.has(key)
}

/** Removes what must never be kept; `path` is dotted, `[]` for a list's items, `*` for any member, `!a|b` for any but. */
export function without(answer: JsonObject, path: string): JsonObject {
  const parts = path.split('.').map(names)
  const cut = (value: Json, at: number): Json => {
    if (Array.isArray(value)) return value.map((item) => cut(item, at))
    if (!isPlain(value)) return value
    const isNamed = parts[at]
    const out: Record<string, Json> = {}
    for (const [key, member] of Object.entries(value as JsonObject)) {
      if (isNamed?.(key) !== true) put(out, key, member)
      else if (at + 1 < parts.length) put(out, key, cut(member, at + 1))
    }
    return out
  }
  return cut(answer, 0) as JsonObject
}

/**
 * A policy document as AWS answers it: JSON text, URL-encoded by IAM, escaped by API Gateway, already parsed by the CLI.
 * @returns the document, or the text itself where it is not JSON: the analyses then say `unknown`.
 */
export function policyDocument(value: Json): Json {
  if (typeof value !== 'string') return value
  for (const text of [value, safeDecode(value), unescaped(value)]) {
    try {
      return JSON.parse(text) as Json
    } catch {}
  }
  return value
}

/** Texts in an answer that are JSON, parsed; where they stand depends on the kind. */
export function parsed(kind: Parse, value: Json): Json {
  if (kind === 'policyDocument') return policyDocument(value)
  if (!Array.isArray(value)) return value
  if (kind === 'policyDocuments') return value.map((item) => withDocument(item, 'PolicyDocument'))
  return value
    .filter((item) => isPlain(item) && item['IsDefaultVersion'] === true)
    .map((item) => withDocument(item, 'Document'))
}

function withDocument(item: Json, member: string): Json {
  if (!isPlain(item)) return item
  const document = (item as JsonObject)[member]
  return document === undefined ? item : { ...item, [member]: policyDocument(document) }
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** API Gateway answers what would stand between the quotes of a JSON string: `{\"Version\": …}`. */
function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    return text
  }
}

/** Reads `[{Key, Value}]`, `[{TagKey, TagValue}]` or `{key: value}`. */
export function tagsOf(config: JsonObject): Record<string, string> {
  const tags: Record<string, string> = {}
  const set = (key: unknown, value: unknown): void => {
    if (typeof key === 'string') put(tags, key, typeof value === 'string' ? value : '')
  }
  const source = config['Tags'] ?? config['TagSet'] ?? config['tags'] ?? config['TagList']
  if (Array.isArray(source)) {
    for (const tag of source) {
      if (isPlain(tag))
        set(tag['Key'] ?? tag['TagKey'] ?? tag['key'], tag['Value'] ?? tag['TagValue'] ?? tag['value'])
    }
  } else if (isPlain(source)) {
    for (const [key, value] of Object.entries(source)) set(key, value)
  }
  return Object.fromEntries(Object.entries(tags).sort(([a], [b]) => byText(a, b)))
}

/** The values behind a verdict, small enough to read. */
import type { Json } from '../snapshot/model.ts'
import type { Rule } from './load.ts'
import { valuesAt } from './paths.ts'

const MOST = 20
const LONGEST = 1000

/** A value cut to what a person reads: long texts and lists end with how much more there is. */
export function shorten(value: Json, depth = 0): Json {
  if (typeof value === 'string')
    return value.length > LONGEST ? `${value.slice(0, LONGEST)}… (${value.length} characters)` : value
  if (typeof value !== 'object' || value === null) return value
  if (depth > 8) return '…'
  if (Array.isArray(value)) {
    const kept = value.slice(0, MOST).map((item: Json) => shorten(item, depth + 1))
    return value.length > MOST ? [...kept, `… (${value.length} items)`] : kept
  }
  const entries = Object.entries(value)
  const kept = entries.slice(0, 50).map(([key, member]) => [key, shorten(member as Json, depth + 1)] as const)
  return Object.fromEntries(entries.length > 50 ? [...kept, ['…', `${entries.length} members`]] : kept)
}

function jsonOf(value: unknown): Json {
  if (value === undefined) return null
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? Number(inner) : inner,
  )
  return text === undefined ? null : (JSON.parse(text) as Json)
}

function shown(path: string, ofItem: boolean, config: unknown, item: unknown): Json | undefined {
  if (ofItem) return item === undefined ? undefined : jsonOf(item)
  const values = valuesAt(config as Json, path)
  return path.includes('[]') ? values : values[0]
}

/** By the field's path; a field that was not read or is absent is left out. */
export function evidenceOf(rule: Rule, config: unknown, item: unknown): Readonly<Record<string, Json>> {
  const evidence: Record<string, Json> = {}
  for (const { path, ofItem } of rule.evidence) {
    try {
      const value = shown(path, ofItem, config, item)
      if (value !== undefined) evidence[path] = shorten(value)
    } catch {
      // What could not be read shows nothing; the verdict's own reasons say why.
    }
  }
  return evidence
}

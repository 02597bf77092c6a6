/** The values behind a verdict, small enough to read. */
import { concealed } from '../snapshot/credentials.ts'
import type { Json } from '../snapshot/model.ts'
import type { Rule, Shown } from './load.ts'
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

export function jsonOf(value: unknown): Json {
  if (value === undefined) return null
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? Number(inner) : inner,
  )
  return text === undefined ? null : (JSON.parse(text) as Json)
}

/** What a verdict's evidence is taken from. */
export interface Sources {
  readonly config: unknown
  readonly item: unknown
  readonly fact: (analysis: string) => object | undefined
  /** What a name of the rule stands for; undefined where that can't be told. */
  readonly named: (name: string) => unknown
}

/** As many rows as a person reads, each whole: a path is proved by all of its hops. */
function rows(value: Json): Json {
  if (!Array.isArray(value) || value.length <= MOST) return value
  return [...value.slice(0, MOST), `… (${value.length} items)`]
}

function shownValue({ from, analysis = '', path }: Shown, sources: Sources): Json | undefined {
  if (from === 'item') return sources.item === undefined ? undefined : jsonOf(sources.item)
  if (from === 'name') {
    const value = sources.named(path)
    return value === undefined ? undefined : rows(jsonOf(value))
  }
  const values = valuesAt((from === 'fact' ? sources.fact(analysis) : sources.config) as Json, path)
  return path.includes('[]') ? values : values[0]
}

/** By the field's path; a field that was not read or is absent is left out. */
export function evidenceOf(rule: Rule, sources: Sources): Readonly<Record<string, Json>> {
  const evidence: Record<string, Json> = {}
  for (const shown of rule.evidence) {
    try {
      const value = shownValue(shown, sources)
      if (value === undefined) continue
      const name = shown.from === 'fact' ? `facts.${shown.analysis}.${shown.path}` : shown.path
      const whole = shown.from === 'fact' || shown.from === 'name'
      evidence[name] = concealed(whole ? jsonOf(value) : shorten(value))
    } catch {
      // What could not be read shows nothing; the verdict's own reasons say why.
    }
  }
  return evidence
}

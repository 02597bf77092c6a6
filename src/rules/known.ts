/** What is known of an expression before anything is evaluated: what its values are, which fields it reads. */
import type { SourceRange } from '@marcbachmann/cel-js'
import { isList, type Shape, type Shapes } from './shapes.ts'

/** Whose field it is: the judged resource's, the element's that `each` names, another resource's, or an analysis's. */
export type Owner = 'self' | 'item' | 'other' | 'fact'

export interface Read {
  readonly owner: Owner
  readonly type: string
  /** `IpPermissions[].FromPort`; empty when `config` is read as a whole. */
  readonly path: string
  readonly shape: Shape
  /** Asked with `has()` or `.?`, so that its absence is an answer. */
  readonly guarded: boolean
  readonly range: SourceRange
}

export interface Finding {
  readonly message: string
  readonly range: SourceRange
}

export interface Reads {
  readonly fields: readonly Read[]
  /** Types whose tags are read, the judged resource's own among them. */
  readonly tags: ReadonlySet<string>
  /** Types that `resources()` and `lookup()` list. */
  readonly types: ReadonlySet<string>
  readonly facts: ReadonlySet<string>
  readonly problems: readonly Finding[]
  /** What the whole expression stands for. */
  readonly result: Known
}

/** What is known of a value before anything is evaluated. */
export type Known =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'resource'; readonly type: string; readonly owner: Owner }
  | { readonly kind: 'facts' }
  | {
      readonly kind: 'field'
      readonly type: string
      readonly owner: Owner
      readonly shape: Shape
      readonly path: string
    }
  | { readonly kind: 'list'; readonly of: Known }
  | { readonly kind: 'optional'; readonly of: Known }
  /** One of these: the branches of a condition, the items of a list. */
  | { readonly kind: 'either'; readonly of: readonly Known[] }

export interface Scope {
  readonly shapes: Shapes
  /** The judged resource's type; `*` for any. */
  readonly type: string
  /** What `item` is, in a rule with `each`. */
  readonly item?: Known
  /** What the names that the rule gives by `let` stand for. */
  readonly names?: ReadonlyMap<string, Known>
  /** The result gets a name: who uses the name takes it, not the expression itself. */
  readonly isNamed?: boolean
  /** Says what is wrong with a literal pattern. */
  readonly pattern?: (pattern: string) => string | undefined
}

export const UNKNOWN: Known = { kind: 'unknown' }

/** More than a person would write; without a bound, nested lists would multiply. */
const MOST_ALTERNATIVES = 32

/** What is known of a value that is one of several. */
export function either(all: readonly Known[]): Known {
  const known = all.flatMap((one) => (one.kind === 'either' ? one.of : one.kind === 'unknown' ? [] : [one]))
  const [only = UNKNOWN] = known
  return known.length < 2 ? only : { kind: 'either', of: known.slice(0, MOST_ALTERNATIVES) }
}

/** What an element of a list, or a member of a map, is. */
export function elementOf(known: Known): Known {
  if (known.kind === 'either') return either(known.of.map(elementOf))
  if (known.kind === 'list') return known.of
  if (known.kind === 'optional') return elementOf(known.of)
  if (known.kind !== 'field') return UNKNOWN
  if (isList(known.shape)) return { ...known, shape: known.shape[1], path: `${known.path}[]` }
  return known.shape === 'any' ? { ...known, path: `${known.path}[]` } : UNKNOWN
}

export function configOf(type: string, owner: Owner): Known {
  return { kind: 'field', type, owner, shape: ['struct', `config of ${type}`], path: '' }
}

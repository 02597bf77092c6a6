/**
 * Rules that were loaded and checked once, as one text: the build writes the built-in ones so, and the command is
 * spared reading, parsing and type-checking them at every start. Their own tests stay in the YAML files.
 */
import type { ASTNode } from '@marcbachmann/cel-js'
import { parseExpression } from './environment.ts'
import type { Rule } from './load.ts'
import type { Shapes } from './shapes.ts'

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

const isNode = (value: object): value is ASTNode => 'op' in value && 'input' in value && 'pos' in value

/** Sets, maps and expressions get a mark of their own; an expression is its text, parsed again when it is asked for. */
function flatten(value: unknown): Plain {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  if (typeof value !== 'object') return null
  if (Array.isArray(value)) return value.map(flatten)
  if (value instanceof Set) return { $set: [...value].map(flatten) }
  if (value instanceof Map) return { $map: [...value].map(([key, of]) => [flatten(key), flatten(of)]) }
  if (isNode(value)) return { $cel: value.input }
  const members = Object.entries(value).filter(([, of]) => of !== undefined)
  return Object.fromEntries(members.map(([key, of]) => [key, flatten(of)]))
}

function parsed(text: string): ASTNode {
  const result = parseExpression(text)
  if ('ast' in result) return result.ast
  throw new Error(`a compiled rule is broken: ${result.problem.message}`)
}

function restore(value: Plain): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return (value as readonly Plain[]).map(restore)
  const of = value as { readonly [key: string]: Plain }
  const { $set: set, $map: map, $cel: cel } = of
  if (Array.isArray(set)) return new Set((set as readonly Plain[]).map(restore))
  if (Array.isArray(map))
    return new Map(
      (map as readonly (readonly Plain[])[]).map((pair) => pair.map(restore) as [unknown, unknown]),
    )
  if (typeof cel === 'string') return parsed(cel)
  const out: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(of)) {
    if (!holdsExpression(member)) out[key] = restore(member)
    else lazily(out, key, member)
  }
  return out
}

/** Most rules judge nothing in most accounts: their expressions are parsed when they are first asked for. */
function lazily(out: Record<string, unknown>, key: string, member: Plain): void {
  Object.defineProperty(out, key, {
    get: () => {
      const value = restore(member)
      Object.defineProperty(out, key, { value, enumerable: true })
      return value
    },
    enumerable: true,
    configurable: true,
  })
}

function holdsExpression(value: Plain): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (!Array.isArray(value) && '$cel' in value) return true
  return Object.values(value).some(holdsExpression)
}

/** @param rules loaded without a problem */
export function compileRules(rules: readonly Rule[]): string {
  return JSON.stringify(rules.map(({ shapes: _, tests: __, ...rule }) => flatten(rule)))
}

/** @param shapes those that the rules were checked against, with what analyses say */
export function readCompiledRules(text: string, shapes: Shapes): Rule[] {
  return (JSON.parse(text) as Plain[]).map((rule) => {
    const restored = restore(rule) as Omit<Rule, 'shapes' | 'tests'>
    return Object.defineProperties(restored, {
      shapes: { value: shapes, enumerable: true },
      tests: { value: [], enumerable: true },
    }) as Rule
  })
}

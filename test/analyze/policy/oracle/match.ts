/** Wildcards and policy variables of the policy language (IAM User Guide, "Policy variables", "JSON policy elements"). */
import type { PolicyDocument } from './model.ts'

/** A literal character or a wildcard. */
export type Token = string | { readonly wild: '*' | '?' }
export type Values = ReadonlyMap<string, readonly string[]>

/** `undefined`: a variable without default whose key the request does not carry with exactly one value. */
export function tokens(
  text: string,
  values: Values,
  version: PolicyDocument['Version'],
): readonly Token[] | undefined {
  const out: Token[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    const end = version === '2012-10-17' && char === '$' && text[at + 1] === '{' ? text.indexOf('}', at) : -1
    if (end < 0) {
      out.push(char === '*' || char === '?' ? { wild: char } : char)
      continue
    }
    const inner = text.slice(at + 2, end).trim()
    const value = inner === '*' || inner === '?' || inner === '$' ? inner : variable(inner, values)
    if (value === undefined) return undefined
    out.push(...value)
    at = end
  }
  return out
}

function variable(inner: string, values: Values): string | undefined {
  const comma = inner.indexOf(',')
  const name = (comma < 0 ? inner : inner.slice(0, comma)).trim().toLowerCase()
  const carried = values.get(name)
  if (carried?.length === 1) return carried[0]
  if (comma < 0) return undefined
  return /^\s*'(.*)'\s*$/s.exec(inner.slice(comma + 1))?.[1]
}

export function literal(pattern: readonly Token[]): string {
  return pattern.map((token) => (typeof token === 'string' ? token : token.wild)).join('')
}

const expressions = new Map<string, RegExp>()

export function glob(pattern: readonly Token[], text: string): boolean {
  const source = pattern.map((token) => {
    if (typeof token !== 'string') return token.wild === '*' ? '.*' : '.'
    return token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  })
  const whole = source.join('')
  const known = expressions.get(whole) ?? new RegExp(`^${whole}$`, 'su')
  expressions.set(whole, known)
  return known.test(text)
}

export function globText(pattern: string, text: string): boolean {
  return glob(tokens(pattern, new Map(), undefined) ?? [], text)
}

/** The first five colons part an ARN; what follows them is the resource. */
export function segments(pattern: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]]
  for (const token of pattern) {
    if (token === ':' && parts.length < 6) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

/** Each of the six segments on its own: a `*` does not cross the colons before the resource part. */
export function arnMatches(pattern: readonly Token[], arn: string): boolean {
  const wanted = segments(pattern)
  const given = segments([...arn])
  if (wanted.length < 6 || given.length < 6) return false
  return wanted.every((part, at) => glob(part, literal(given[at] ?? [])))
}

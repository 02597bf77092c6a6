/** The values that policy variables can take, where the caller or the snapshot does not settle them. */
import type { Candidate } from './callers.ts'
import { keyFacts } from './condition-key.ts'
import { type Lookup, type Statement, variableKeys } from './document.ts'
import { isWild } from './glob.ts'
import type { Rule } from './rule.ts'
import { type Cut, DIGIT, samples } from './samples.ts'
import { STRANGE_ORG, strangeAccount } from './strangers.ts'
import { patternsBeside } from './variables.ts'

/** A value for each free variable; undefined: the request does not carry the key. */
export type Binding = ReadonlyMap<string, string | undefined>

const MOST = 96

/** Values that tell the patterns apart, of the form that the key's values have; one of them fits none. */
function samplesFor(key: string, patterns: ReadonlySet<string>, cut: Cut): readonly string[] {
  if (key === 'aws:sourceorgid') return [STRANGE_ORG]
  if (key === 'aws:sourcearn') return [`arn:aws:any:us-east-1:${strangeAccount(new Set())}:any`]
  if (key !== 'aws:sourceaccount') return samples(patterns, cut)
  const wild = [...patterns].some(isWild)
  return [strangeAccount(patterns), ...(wild ? samples(patterns, cut, DIGIT.repeat(12)) : [])]
}

/** Keys whose values hang together with others': of them not every value is tried. */
const isEntangled = (key: string): boolean =>
  ['aws:sourceip', 'aws:sourcearn'].includes(key) ||
  ['via', 'accessPoint'].includes(keyFacts(key)?.part ?? '')

function valuesOf(
  statements: readonly Statement[],
  key: string,
  candidate: Candidate,
  cut: Cut,
): (string | undefined)[] {
  const facts = keyFacts(key)
  const { kind } = candidate.caller
  if (facts?.signed && kind !== 'principal') return [undefined]
  if (facts?.part === 'source' && kind !== 'service') return [undefined]
  if (facts?.part === 'token' && kind !== 'federated') return [undefined]
  const patterns = new Set(patternsBeside(statements, key))
  const literals = [...patterns].filter((text) => !isWild(text))
  return [...new Set([...samplesFor(key, patterns, cut), ...literals]), undefined]
}

/** Every variable that the request may set takes a value that no rule names, each that some rule names, and none. */
export function bindingsOf(
  rules: readonly Rule[],
  candidate: Candidate,
  constant: Lookup,
  cut: Cut,
): readonly Binding[] {
  const statements = rules.map((rule) => rule.statement)
  const keys = new Set(rules.flatMap((rule) => variableKeys(rule.statement)))
  let found: Map<string, string | undefined>[] = [new Map()]
  for (const key of keys) {
    const facts = keyFacts(key)
    if (facts === undefined || facts.part === 'caller' || constant(key) !== null) continue
    if (facts.part === 'resource' || facts.part === 'time') continue
    if (isEntangled(key)) cut.happened = true
    const values = valuesOf(statements, key, candidate, cut)
    found = found.flatMap((one) => values.map((value) => new Map(one).set(key, value)))
    if (found.length > MOST) {
      cut.happened = true
      found = found.slice(0, MOST)
    }
  }
  return found
}

/** Reads a policy document without trusting it. [IAM User Guide, "IAM JSON policy elements reference"] */
import type { Json, JsonObject } from '../../snapshot/model.ts'
import { literal, ONE, pattern, STAR } from './glob.ts'
import { type Operator, parseOperator } from './operator.ts'
import { type Principals, parsePrincipals } from './principal.ts'

/** A piece of a value: a pattern, or a policy variable with its default. */
export type Part = string | { readonly key: string; readonly fallback?: string }

/** A policy value; `parts` only where it has variables. `text` is the whole as a pattern. */
export interface Value {
  readonly text: string
  readonly parts?: readonly Part[]
}

export interface Condition {
  readonly operator: Operator | undefined
  /** Lower case. */
  readonly key: string
  readonly values: readonly Value[]
  /** As the policy has it, for a person. */
  readonly written: string
}

export interface Statement {
  /** Its Sid, or `Statement[2]`. */
  readonly label: string
  readonly effect: 'Allow' | 'Deny'
  /** Absent in policies without principals (SCPs): everyone. */
  readonly principals: Principals | undefined
  readonly notPrincipal: boolean
  /** Lower-case patterns. */
  readonly actions: readonly string[]
  readonly notAction: boolean
  /** Absent: whatever the policy is attached to. */
  readonly resources: readonly Value[] | undefined
  readonly notResource: boolean
  readonly conditions: readonly Condition[]
  readonly json: JsonObject
}

export interface Document {
  readonly statements: readonly Statement[]
  /** Why a part of it could not be read; then what it grants is unknown. */
  readonly problem?: string
}

const VARIABLE = /\$\{([^}]{0,512})\}/g

function parseVariable(inside: string): Part | undefined {
  if (inside === '*' || inside === '?' || inside === '$') return inside
  const found = /^\s*([\w:./@=+ -]+?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inside)
  const key = found?.[1]
  if (key === undefined) return undefined
  const fallback = found?.[2]
  return { key: key.toLowerCase(), ...(fallback === undefined ? {} : { fallback: literal(fallback) }) }
}

const plain = new Map<string, Value>()

function parseValue(text: string, variables: boolean): Value {
  if (variables && text.includes('${')) return parseTemplate(text)
  const cached = plain.get(text)
  if (cached) return cached
  const value = { text: pattern(text) }
  if (plain.size > 50_000) plain.clear()
  plain.set(text, value)
  return value
}

function parseTemplate(text: string): Value {
  const parts: Part[] = []
  let from = 0
  for (const found of text.matchAll(VARIABLE)) {
    const part = parseVariable(found[1] ?? '')
    if (part === undefined) continue
    parts.push(pattern(text.slice(from, found.index)), part)
    from = found.index + found[0].length
  }
  parts.push(pattern(text.slice(from)))
  if (parts.every((part) => typeof part === 'string')) return { text: parts.join('') }
  return { text: parts.map((part) => (typeof part === 'string' ? part : STAR)).join(''), parts }
}

function strings(value: Json | undefined): string[] | undefined {
  if (value === undefined) return undefined
  const list = Array.isArray(value) ? value : [value]
  const result: string[] = []
  for (const item of list) {
    if (typeof item === 'string') result.push(item)
    else if (typeof item === 'number' || typeof item === 'boolean') result.push(String(item))
    else return undefined
  }
  return result
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseConditions(block: Json | undefined, variables: boolean): Condition[] | undefined {
  if (block === undefined) return []
  if (!isObject(block)) return undefined
  const result: Condition[] = []
  for (const [name, keys] of Object.entries(block)) {
    if (!isObject(keys)) return undefined
    for (const [key, wanted] of Object.entries(keys)) {
      const values = strings(wanted)
      if (!values) return undefined
      result.push({
        operator: parseOperator(name),
        key: key.toLowerCase(),
        values: values.map((value) => parseValue(value, variables)),
        written: `${name} ${key}`,
      })
    }
  }
  return result
}

function element(
  statement: JsonObject,
  name: string,
): { list: string[] | undefined; not: boolean } | undefined {
  const not = statement[`Not${name}`] !== undefined
  const raw = statement[not ? `Not${name}` : name]
  if (raw === undefined) return { list: undefined, not: false }
  const list = strings(raw)
  return list && { list, not }
}

function parseStatement(json: JsonObject, at: number, variables: boolean): Statement | string {
  const label = typeof json['Sid'] === 'string' && json['Sid'] !== '' ? json['Sid'] : `Statement[${at}]`
  const effect = json['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') return `${label} has no Effect`
  const action = element(json, 'Action')
  const resource = element(json, 'Resource')
  const conditions = parseConditions(json['Condition'], variables)
  if (!action?.list || !resource || !conditions) return `${label} can't be read`
  const notPrincipal = json['NotPrincipal'] !== undefined
  return {
    label,
    effect,
    principals: parsePrincipals(json[notPrincipal ? 'NotPrincipal' : 'Principal']),
    notPrincipal,
    actions: action.list.map((text) => pattern(text.toLowerCase())),
    notAction: action.not,
    resources: resource.list?.map((text) => parseValue(text, variables)),
    notResource: resource.not,
    conditions,
    json,
  }
}

const parsed = new WeakMap<object, Document>()

/** A parsed document, or one that is still text because it was no JSON. */
export function parseDocument(json: Json): Document {
  if (!isObject(json)) return { statements: [], problem: 'the policy is not a JSON object' }
  const cached = parsed.get(json)
  if (cached) return cached
  const variables = json['Version'] === '2012-10-17'
  const raw = json['Statement']
  const list: readonly Json[] = Array.isArray(raw) ? raw : raw === undefined ? [] : [raw as Json]
  const statements: Statement[] = []
  let problem: string | undefined
  for (const [at, item] of list.entries()) {
    const statement = isObject(item)
      ? parseStatement(item, at, variables)
      : `Statement[${at}] is not an object`
    if (typeof statement === 'string') problem = problem ?? statement
    else statements.push(statement)
  }
  const document = { statements, ...(problem === undefined ? {} : { problem }) }
  parsed.set(json, document)
  return document
}

/** What a request knows of a key: its values, absent, or `null` where the snapshot can't tell. */
export type Lookup = (key: string) => readonly string[] | undefined | null

/** The value with its variables filled in; undefined where one is absent, null where one is unknown. Filled text has no wildcards. */
export function resolve(value: Value, lookup: Lookup): string | undefined | null {
  if (!value.parts) return value.text
  let text = ''
  for (const part of value.parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const found = lookup(part.key)
    if (found === null) return null
    // A multivalued key can't stand in a variable. [IAM User Guide, "Policy variables"]
    const only = found?.length === 1 ? found[0] : undefined
    const filled = only ?? part.fallback
    if (filled === undefined) return undefined
    text += literal(filled)
  }
  return text
}

/** Whether a value has a wildcard or a variable: what S3 calls not fixed. */
export function isFixed(value: Value): boolean {
  return !value.parts && !value.text.includes(STAR) && !value.text.includes(ONE)
}

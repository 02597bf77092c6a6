/** Reads a policy document without trusting it. [IAM User Guide, "IAM JSON policy elements reference"] */
import type { Json, JsonObject } from '../../snapshot/model.ts'
import { arnPattern, literal, pattern, STAR } from './glob.ts'
import { type Operator, parseOperator } from './operator.ts'
import { type Principals, parsePrincipals } from './principal.ts'

/** A piece of a value: text, or a policy variable with its default. */
type Part = string | { readonly key: string; readonly fallback?: string }

/** How a value's text is to be taken: as it stands, or as a pattern of one of two kinds. */
type Form = 'plain' | 'glob' | 'arn'

export interface Value {
  /** In its form; where it has variables, each stands as a star. */
  readonly text: string
  /** Only where it has variables. */
  readonly template: { readonly parts: readonly Part[]; readonly form: Form } | undefined
}

export interface Condition {
  /** Undefined: AWS has no such operator. */
  readonly operator: Operator | undefined
  /** Lower case. */
  readonly key: string
  readonly values: readonly Value[]
  /** As the policy has it, for a person. */
  readonly written: { readonly operator: string; readonly key: string; readonly values: readonly string[] }
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
  /** Some value has a policy variable. */
  readonly variables: boolean
  readonly json: JsonObject
}

export interface Document {
  readonly statements: readonly Statement[]
  /** Why a part of it could not be read; then what it grants is unknown. */
  readonly problem: string | undefined
}

const VARIABLE = /\$\{([^}]{0,512})\}/g

function parseVariable(inside: string): Part | undefined {
  if (inside === '*' || inside === '?' || inside === '$') return inside
  const found = /^\s*([\w:./@=+ -]+?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inside)
  const key = found?.[1]
  if (key === undefined) return undefined
  const fallback = found?.[2]
  return { key: key.toLowerCase(), ...(fallback === undefined ? {} : { fallback }) }
}

const shaped = (text: string, form: Form): string => (form === 'arn' ? arnPattern(text) : text)

function parseValue(text: string, form: Form, variables: boolean): Value {
  const read = form === 'plain' ? literal : pattern
  if (!variables || !text.includes('${')) return { text: shaped(read(text), form), template: undefined }
  const parts: Part[] = []
  let from = 0
  for (const found of text.matchAll(VARIABLE)) {
    const part = parseVariable(found[1] ?? '')
    if (part === undefined) continue
    parts.push(read(text.slice(from, found.index)), part)
    from = found.index + found[0].length
  }
  parts.push(read(text.slice(from)))
  const whole = parts.map((part) => (typeof part === 'string' ? part : STAR)).join('')
  const isPlain = parts.every((part) => typeof part === 'string')
  return { text: shaped(whole, form), template: isPlain ? undefined : { parts, form } }
}

/** An ARN cut short is completed with wildcards; API Gateway lets the whole head be left out. */
function parseResource(text: string, variables: boolean): Value {
  if (text === '*') return { text: STAR, template: undefined }
  const whole = text.startsWith('execute-api:/') ? `arn:*:execute-api:*:*:*${text.slice(12)}` : text
  let colons = 0
  for (let at = whole.indexOf(':'); at >= 0 && colons < 5; at = whole.indexOf(':', at + 1)) colons++
  return parseValue(colons >= 5 ? whole : whole + ':*'.repeat(5 - colons), 'arn', variables)
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

/** Variables stand in string and ARN comparisons only. [IAM User Guide, "Where you can use policy variables"] */
function formOf(operator: Operator | undefined): { form: Form; variables: boolean } {
  switch (operator?.family) {
    case 'string':
      return { form: 'plain', variables: true }
    case 'like':
      return { form: 'glob', variables: true }
    case 'arn':
      return { form: 'arn', variables: true }
    default:
      return { form: 'plain', variables: false }
  }
}

function parseConditions(block: Json | undefined, variables: boolean): Condition[] | undefined {
  if (block === undefined) return []
  if (!isObject(block)) return undefined
  const result: Condition[] = []
  for (const [name, keys] of Object.entries(block)) {
    if (!isObject(keys)) return undefined
    const operator = parseOperator(name)
    const how = formOf(operator)
    for (const [key, wanted] of Object.entries(keys)) {
      const values = strings(wanted)
      if (!values) return undefined
      result.push({
        operator,
        key: key.toLowerCase(),
        values: values.map((value) => parseValue(value, how.form, variables && how.variables)),
        written: { operator: name, key, values },
      })
    }
  }
  return result
}

interface Element {
  readonly list: string[] | undefined
  readonly not: boolean
}

function element(positive: Json | undefined, negative: Json | undefined): Element | undefined {
  const not = negative !== undefined
  const raw = not ? negative : positive
  if (raw === undefined) return { list: undefined, not: false }
  const list = strings(raw)
  return list && { list, not }
}

function parseStatement(json: JsonObject, at: number, variables: boolean): Statement | string {
  const sid = json['Sid']
  const label = typeof sid === 'string' && sid !== '' ? sid : `Statement[${at}]`
  const effect = json['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') return `${label} has no Effect`
  const action = element(json['Action'], json['NotAction'])
  const resource = element(json['Resource'], json['NotResource'])
  const conditions = parseConditions(json['Condition'], variables)
  if (!action?.list || !resource || !conditions) return `${label} can't be read`
  const notPrincipal = json['NotPrincipal'] !== undefined
  const resources = resource.list?.map((text) => parseResource(text, variables))
  return {
    label,
    effect,
    principals: parsePrincipals(json[notPrincipal ? 'NotPrincipal' : 'Principal']),
    notPrincipal,
    actions: action.list.map((text) => pattern(text.toLowerCase())),
    notAction: action.not,
    resources,
    notResource: resource.not,
    conditions,
    variables: variables && (isTemplate(resources) || conditions.some((one) => isTemplate(one.values))),
    json,
  }
}

const isTemplate = (values: readonly Value[] | undefined): boolean =>
  values?.some((value) => value.template !== undefined) === true

/** The last one: a resource's documents are asked for again at once, and never after it. */
let last: { readonly json: object; readonly document: Document } | undefined

/** A parsed document, or one that is still text because it was no JSON. */
export function parseDocument(json: Json): Document {
  if (!isObject(json)) return { statements: [], problem: 'the policy is not a JSON object' }
  if (last?.json === json) return last.document
  const variables = json['Version'] === '2012-10-17'
  const raw = json['Statement']
  const list: readonly Json[] = Array.isArray(raw) ? raw : raw === undefined ? [] : [raw as Json]
  const statements: Statement[] = []
  let problem: string | undefined
  for (const [at, item] of list.entries()) {
    const statement = isObject(item)
      ? parseStatement(item, at, variables)
      : `Statement[${at}] is not an object`
    if (typeof statement === 'string') problem ??= statement
    else statements.push(statement)
  }
  const document = { statements, problem }
  last = { json, document }
  return document
}

/** What a request knows of a key: its values, absent, or `null` where the snapshot can't tell. */
export type Lookup = (key: string) => readonly string[] | undefined | null

/**
 * The value with its variables filled in; undefined where one is absent, null where one is unknown. What fills a
 * variable has no wildcards. A multivalued key can't stand in one. [IAM User Guide, "Policy variables"]
 */
export function resolve(value: Value, lookup: Lookup): string | undefined | null {
  const { template } = value
  if (!template) return value.text
  let text = ''
  for (const part of template.parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const found = lookup(part.key)
    if (found === null) return null
    const only = found?.length === 1 ? found[0] : undefined
    const filled = only ?? part.fallback
    if (filled === undefined) return undefined
    text += literal(filled)
  }
  return shaped(text, template.form)
}

/** The keys that a statement's variables read. */
export function variableKeys(statement: Statement): string[] {
  if (!statement.variables) return []
  const values = [...(statement.resources ?? []), ...statement.conditions.flatMap((one) => one.values)]
  return values.flatMap((value) =>
    (value.template?.parts ?? []).flatMap((part) => (typeof part === 'string' ? [] : [part.key])),
  )
}

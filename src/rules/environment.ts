/** The language that rules are checked in: CEL with the types of AWS's own answers. */
import { type ASTNode, Environment, type SourceRange } from '@marcbachmann/cel-js'
import { functions } from './functions.ts'
import { forCheck, TYPE_VARIABLE } from './rewrite.ts'
import type { RuleFile } from './schema.ts'
import { isList, isMap, isStruct, type Shape, type Shapes, typeShape } from './shapes.ts'

/** Room for any rule that a person would read; a generated or hostile one is refused before it costs anything. */
export const LIMITS = {
  maxAstNodes: 4000,
  maxDepth: 100,
  maxListElements: 1000,
  maxMapEntries: 200,
  maxCallArguments: 8,
}

const OPTIONS = { enableOptionalTypes: true, limits: LIMITS }
const grammar = new Environment(OPTIONS)
// has(), all(), exists() … are expanded while parsing, so any environment gives the same tree.

/** Whether CEL leaves a name free for a variable. */
export function isName(name: string): boolean {
  try {
    new Environment(OPTIONS).registerVariable(name, 'dyn')
    return true
  } catch {
    return false
  }
}

export interface LanguageProblem {
  readonly message: string
  readonly range: SourceRange
}

export type Parsed = { readonly ast: ASTNode } | { readonly problem: LanguageProblem }

function problemOf(error: unknown, text: string): LanguageProblem {
  const range = (error as { range?: SourceRange }).range ?? { start: 0, end: text.length }
  const summary =
    (error as { summary?: string }).summary ?? (error instanceof Error ? error.message : String(error))
  const message =
    summary === 'has() invalid argument' ? 'has() takes a path of names; use .? on anything else' : summary
  return { message: message.replace(/\bType\b/g, 'type'), range }
}

export function parseExpression(text: string): Parsed {
  try {
    return { ast: grammar.parse(text).ast }
  } catch (error) {
    return { problem: problemOf(error, text) }
  }
}

/** CEL's name for a shape. Times are ISO 8601 strings in a snapshot: `timestamp(config.X)` makes one of them a time. */
export function celType(shape: Shape): string {
  if (isList(shape)) return `list<${celType(shape[1])}>`
  if (isMap(shape)) return `map<string, ${celType(shape[1])}>`
  if (isStruct(shape)) return shape[1]
  if (shape === 'any') return 'dyn'
  return shape === 'timestamp' || shape === 'bytes' ? 'string' : String(shape)
}

const configName = (type: string): string => `${type}.config`

function celFields(fields: Readonly<Record<string, Shape>>, shapes: Shapes): Record<string, string> {
  const known = (shape: Shape): Shape => {
    if (isList(shape)) return ['list', known(shape[1])]
    if (isMap(shape)) return ['map', known(shape[1])]
    return isStruct(shape) && !Object.hasOwn(shapes.structs, shape[1]) ? 'any' : shape
  }
  return Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, celType(known(shape))]))
}

/** The structures that some fields lead to, each once: AWS's shapes may contain themselves. */
function structsOf(fields: Readonly<Record<string, Shape>>, shapes: Shapes, found: Set<string>): void {
  const visit = (shape: Shape): void => {
    if (isList(shape) || isMap(shape)) visit(shape[1])
    if (!isStruct(shape) || found.has(shape[1])) return
    const members = Object.hasOwn(shapes.structs, shape[1]) ? shapes.structs[shape[1]] : undefined
    if (members === undefined) return
    found.add(shape[1])
    Object.values(members).forEach(visit)
  }
  Object.values(fields).forEach(visit)
}

interface Checker {
  check(node: ASTNode, context: unknown): unknown
  getType(name: string): unknown
}
interface Macro {
  readonly args: readonly ASTNode[]
}

/** `resources('AWS::EC2::VPC')` is a list of that type's resources, which CEL's own signatures cannot say. */
function listingMacro(types: ReadonlySet<string>, result: (type: string) => string) {
  return ({ args }: Macro) => ({
    args,
    evaluate: () => null,
    typeCheck: (checker: Checker, macro: Macro, context: unknown) => {
      for (const argument of macro.args) checker.check(argument, context)
      const literal = macro.args[0]
      const type = literal?.op === 'value' && typeof literal.args === 'string' ? literal.args : ''
      return checker.getType(types.has(type) ? result(type) : result('dyn'))
    },
  })
}

export interface CheckScope {
  readonly shapes: Shapes
  /** The judged type, and those that the expression looks up. */
  readonly type: string
  readonly types: ReadonlySet<string>
  readonly params: RuleFile['params']
  /** CEL's type of `item`, in a rule with `each`. */
  readonly item?: string
  /** CEL's types of the names that the rule gives by `let`. */
  readonly names?: ReadonlyMap<string, string>
  /** The members of `finding`, in a waiver. */
  readonly finding?: Readonly<Record<string, string>>
}

const SILENT = { now: () => new Date(0), spend: () => undefined }

/** With a class of its own a type may name types that come later, and itself; nothing here is ever an instance. */
function registerType(environment: Environment, name: string, fields: Record<string, string>): void {
  environment.registerType(name, { ctor: class {}, fields })
}

function registerTypes(environment: Environment, scope: CheckScope, types: ReadonlySet<string>): void {
  const structs = new Set<string>()
  for (const type of types) structsOf(typeShape(scope.shapes, type)?.fields ?? {}, scope.shapes, structs)
  for (const name of structs) {
    registerType(environment, name, celFields(scope.shapes.structs[name] ?? {}, scope.shapes))
  }
  for (const type of types) {
    const fields = typeShape(scope.shapes, type)?.fields
    if (fields === undefined) continue
    registerType(environment, configName(type), celFields(fields, scope.shapes))
    const text = { id: 'string', name: 'string', type: 'string', account: 'string', region: 'string' }
    registerType(environment, type, { ...text, tags: 'map<string, string>', config: configName(type) })
  }
}

/** `facts.network` of the judged resource's type, under the name that `rewrite.ts` and `reads.ts` know it by. */
function registerFacts(environment: Environment, scope: CheckScope): string {
  const members: Record<string, string> = {}
  const structs = new Set<string>()
  for (const type of Object.keys(scope.shapes.types)) {
    const match = /^facts\.(\w+):(.*)$/s.exec(type)
    const [, analysis = '', of = ''] = match ?? []
    if (!match || (of !== scope.type && (of !== '*' || Object.hasOwn(members, analysis)))) continue
    members[analysis] = configName(type)
  }
  for (const name of Object.values(members)) {
    const fields = typeShape(scope.shapes, name.slice(0, -configName('').length))?.fields ?? {}
    structsOf(fields, scope.shapes, structs)
    registerType(environment, name, celFields(fields, scope.shapes))
  }
  for (const name of structs)
    registerType(environment, name, celFields(scope.shapes.structs[name] ?? {}, scope.shapes))
  registerType(environment, 'rule.facts', members)
  return 'rule.facts'
}

/** Checks expressions of one rule: their types, names and functions. */
export function createChecker(
  scope: CheckScope,
): (ast: ASTNode) => { type: string } | { problem: LanguageProblem } {
  const environment = new Environment(OPTIONS)
  const types = new Set(
    [...scope.types, scope.type].filter((type) => typeShape(scope.shapes, type) !== undefined),
  )
  registerTypes(environment, scope, types)
  for (const [signature, handler] of functions(SILENT))
    environment.registerFunction(signature, handler, { async: false })
  const list = listingMacro(types, (type) => `list<${type}>`)
  environment.registerFunction('resources(ast): dyn', list)
  environment.registerFunction('resources(ast, string, dyn): dyn', list)
  environment.registerFunction('resourcesEverywhere(ast): dyn', list)
  environment.registerFunction(
    'lookup(ast, dyn): dyn',
    listingMacro(types, (type) => `optional<${type}>`),
  )
  environment.registerFunction(
    'seen(ast): bool',
    listingMacro(types, () => 'bool'),
  )
  const params = Object.entries(scope.params).map(([name, parameter]) => [name, parameter.type])
  registerType(environment, 'rule.params', Object.fromEntries(params))
  for (const name of ['id', 'name', TYPE_VARIABLE, 'account', 'region'])
    environment.registerVariable(name, 'string')
  environment.registerVariable('config', types.has(scope.type) ? configName(scope.type) : 'dyn')
  environment.registerVariable('tags', 'map<string, string>')
  environment.registerVariable('params', 'rule.params')
  environment.registerVariable('facts', registerFacts(environment, scope))
  environment.registerVariable('now', 'google.protobuf.Timestamp')
  if (scope.item !== undefined) environment.registerVariable('item', scope.item)
  for (const [name, type] of scope.names ?? []) environment.registerVariable(name, type)
  if (scope.finding !== undefined) {
    registerType(environment, 'rule.finding', { ...scope.finding })
    environment.registerVariable('finding', 'rule.finding')
  }
  return (ast) => {
    const result = environment.check(forCheck(ast))
    if (result.valid) return { type: result.type ?? 'dyn' }
    return { problem: problemOf(result.error, ast.input) }
  }
}

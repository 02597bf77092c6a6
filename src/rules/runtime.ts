/** Runs checked expressions, within a budget, and says exactly what was unseen when one has no answer. */
import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import type { Fact } from '../analyze/analysis.ts'
import type { Json, Missing, Resource } from '../snapshot/model.ts'
import { counting, functions, type Host } from './functions.ts'
import { createNames, type Named, type Names } from './named.ts'
import { print, TYPE_VARIABLE } from './rewrite.ts'
import { distinct, Unseen, unseen, veil } from './unseen.ts'
import type { View } from './views.ts'
import type { World } from './world.ts'

/** Iterations and the like, for one expression on one resource, and for one rule on all of them. */
export interface Budget {
  readonly perEvaluation: number
  readonly perRule: number
}
export const BUDGET: Budget = { perEvaluation: 200_000, perRule: 20_000_000 }

export type Answer =
  | { readonly value: unknown }
  /** Never empty. */
  | { readonly missing: readonly Missing[] }

export interface Expression {
  /** Evaluates it on the subject that was set last. */
  run(): Answer
}

/** By analysis; one that is not here did not run. */
export type Facts = Readonly<Record<string, (resource: Resource) => Fact>>

/** A reason that AWS has no part in: the rule itself could not be evaluated. */
export const reason = (detail: string): Missing => ({
  operation: 'rule',
  outcome: 'error',
  permission: '',
  detail,
})

class OverBudget extends Error {}

/** What a rule's expressions stand for at this moment. */
export interface Subject {
  readonly resource: Resource
  readonly params: Readonly<Record<string, Json>>
  readonly item?: unknown
  /** The finding that a waiver is asked of. */
  readonly finding?: unknown
}

export interface Runtime {
  readonly world: World
  compile(ast: ASTNode): Expression
  set(subject: Subject): void
  /** What an analysis says of the resource that was set last. */
  fact(analysis: string): object | undefined
  /** A new rule begins: its budget is whole, and its names stand for what it says. */
  begin(names?: Names): void
}

export interface RuntimeOptions {
  readonly now: Date
  readonly facts: Facts
  readonly budget: Budget
}

function detailOf(error: unknown): string {
  if (error instanceof OverBudget) return error.message
  const { code, summary } = error as { code?: unknown; summary?: unknown }
  const text = typeof summary === 'string' ? summary : error instanceof Error ? error.message : String(error)
  const node = (error as { node?: ASTNode }).node
  if (code === 'no_such_key' && node !== undefined) return `AWS did not answer ${pathText(node)}`
  return text.slice(0, 300)
}

/** `config.Rotation.KeyRotationEnabled`, as its author wrote it. */
function pathText(node: ASTNode): string {
  if (node.op === 'id') return node.args
  if (node.op === '.' || node.op === '.?') return `${pathText(node.args[0])}.${node.args[1]}`
  if (node.op === '[]' || node.op === '[?]') return `${pathText(node.args[0])}[${print(node.args[1])}]`
  return 'the value'
}

export function createRuntime(
  createView: (notice: (missing: readonly Missing[]) => void) => World,
  options: RuntimeOptions,
): Runtime {
  const { budget, now } = options
  const noticed: Missing[] = []
  const world = createView((missing) => noticed.push(...missing))
  let left = 0
  let leftOfRule = 0
  let spent: string | undefined
  let resource: Resource | undefined
  const context: Record<string, unknown> = { now, params: {} }

  const overBudget = (message: string): never => {
    spent = message
    throw new OverBudget(message)
  }
  const host: Host = {
    now: () => now,
    spend: (steps) => {
      left -= steps
      leftOfRule -= steps
      if (left < 0) overBudget(`the rule took more than ${budget.perEvaluation} steps on this resource`)
      if (leftOfRule < 0) overBudget(`the rule took more than ${budget.perRule} steps on the whole snapshot`)
    },
  }
  const current = (): Resource => {
    if (resource === undefined) throw new Error('no resource is being judged')
    return resource
  }
  context['facts'] = factsOf(options.facts, current, (missing) => noticed.push(...missing))
  const environment = createEnvironment(host, world, current)
  const named = createNames(context, (ast) => environment.parse(print(ast)), {
    noticed,
    isPassing: (error) => error instanceof OverBudget,
  })

  const program = (ast: ASTNode): (() => Answer) => {
    let parsed: ((context: Record<string, unknown>) => unknown) | undefined
    return () => {
      try {
        parsed ??= environment.parse(print(ast))
        return { value: parsed(context) as unknown }
      } catch (error) {
        return { missing: error instanceof Unseen ? error.missing : [reason(detailOf(error))] }
      }
    }
  }
  const attempt = (run: () => Answer): Answer => {
    noticed.length = 0
    left = budget.perEvaluation
    spent = undefined
    const answer = run()
    return spent === undefined ? answer : { missing: [reason(spent)] }
  }
  return {
    world,
    fact: (analysis) =>
      Object.hasOwn(options.facts, analysis)
        ? ((context['facts'] as Record<string, object>)[analysis] as object)
        : undefined,
    begin: (names) => {
      leftOfRule = budget.perRule
      named.begin(names ?? new Map())
    },
    set: (subject) => {
      named.forget(subject.resource === resource)
      if (subject.resource !== resource) {
        resource = subject.resource
        const view: View = world.view(subject.resource)
        context['id'] = view.id
        context['name'] = view.name
        context[TYPE_VARIABLE] = view.type
        context['account'] = view.account
        context['region'] = view.region
        context['tags'] = view.tags
        context['config'] = view.config
      }
      context['params'] = subject.params
      context['item'] = subject.item ?? null
      context['finding'] = subject.finding ?? null
    },
    compile: (ast) => {
      const whole = program(ast)
      let explained: Explain | undefined
      return {
        run: () => {
          if (leftOfRule < 0)
            return {
              missing: [reason(`the rule took more than ${budget.perRule} steps on the whole snapshot`)],
            }
          const answer = attempt(whole)
          if ('value' in answer || spent !== undefined || isOnlyCause(answer.missing, noticed)) return answer
          explained ??= explainer(ast, program, noticed, named.of)
          const why = attempt(explained)
          return { missing: 'missing' in why ? distinct(why.missing) : answer.missing }
        },
      }
    },
  }
}

type Explain = () => Answer

/** One thing was unseen and nothing else went wrong: no need to ask which parts of the expression it decides. */
const isOnlyCause = (missing: readonly Missing[], noticed: readonly Missing[]): boolean =>
  missing.length === 1 && noticed.length > 0 && noticed.every((one) => one === missing[0])

/**
 * Evaluates the logic of an expression part by part, to name all that could have changed its answer, and only that:
 * of `a && b` nothing when either is false, and both reasons when neither can be told.
 */
function explainer(
  ast: ASTNode,
  program: (ast: ASTNode) => () => Answer,
  noticed: Missing[],
  named: (name: string) => Named | undefined,
): Explain {
  const inner = (node: ASTNode): Explain => explainer(node, program, noticed, named)
  const name = ast.op === 'id' ? named(ast.args) : undefined
  if (name) return inner(name.ast)
  if (ast.op === '&&' || ast.op === '||') {
    const decides = ast.op === '||'
    const [left, right] = [inner(ast.args[0]), inner(ast.args[1])]
    return () => {
      const answers = [left(), right()]
      if (answers.some((answer) => 'value' in answer && answer.value === decides)) return { value: decides }
      const missing = answers.flatMap((answer) => ('missing' in answer ? answer.missing : []))
      return missing.length > 0 ? { missing } : { value: !decides }
    }
  }
  if (ast.op === '!_') {
    const of = inner(ast.args)
    return () => {
      const answer = of()
      return 'value' in answer ? { value: answer.value !== true } : answer
    }
  }
  if (ast.op === '?:') {
    const [condition, yes, no] = [inner(ast.args[0]), inner(ast.args[1]), inner(ast.args[2])]
    return () => {
      const answer = condition()
      if ('missing' in answer) return answer
      return answer.value === true ? yes() : no()
    }
  }
  const leaf = program(ast)
  return () => {
    noticed.length = 0
    const answer = leaf()
    return 'missing' in answer ? { missing: [...noticed, ...answer.missing] } : answer
  }
}

/** `facts.network`, computed when it is read, once a resource. */
function factsOf(
  facts: Facts,
  current: () => Resource,
  notice: (missing: readonly Missing[]) => void,
): object {
  const object = {}
  const refuse = (missing: readonly Missing[]): never => {
    notice(missing)
    throw unseen(missing)
  }
  for (const [name, analyse] of Object.entries(facts)) {
    const shown = new WeakMap<Resource, object>()
    const get = (): object => {
      const resource = current()
      const before = shown.get(resource)
      if (before) return before
      const { known, unseen: hidden } = analyse(resource)
      const made = hidden === undefined ? known : veil(known, hidden, refuse)
      shown.set(resource, made)
      return made
    }
    Object.defineProperty(object, name, { get, enumerable: true, configurable: true })
  }
  return object
}

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
}

/** JSON's numbers are doubles and CEL's literals ints: they reckon with each other here as they already compare. */
function registerArithmetic(environment: Environment): void {
  for (const [operator, reckon] of Object.entries(ARITHMETIC)) {
    const handler = (left: number | bigint, right: number | bigint): number => {
      if ((operator === '/' || operator === '%') && Number(right) === 0) throw new Error('division by zero')
      return reckon(Number(left), Number(right))
    }
    environment.registerOperator(`int ${operator} double: double`, handler)
    environment.registerOperator(`double ${operator} int: double`, handler)
    if (operator === '%') environment.registerOperator(`double ${operator} double: double`, handler)
  }
}

function createEnvironment(host: Host, world: World, current: () => Resource): Environment {
  const limits = {
    maxAstNodes: 20_000,
    maxDepth: 1000,
    maxListElements: 1000,
    maxMapEntries: 200,
    maxCallArguments: 10,
  }
  const environment = new Environment({
    enableOptionalTypes: true,
    unlistedVariablesAreDyn: true, // the names that rules give by let
    homogeneousAggregateLiterals: false,
    limits,
  })
  registerArithmetic(environment)
  const lookUps = [
    ['resources(string): list<dyn>', (type: string) => world.near(type, current())],
    [
      'resources(string, string, dyn): list<dyn>',
      (type: string, path: string, value: unknown) => world.where(type, path, value, current()),
    ],
    ['resourcesEverywhere(string): list<dyn>', (type: string) => world.everywhere(type)],
    ['lookup(string, string): optional<dyn>', (type: string, id: string) => world.find(type, id, current())],
    [
      'seen(string): bool',
      (type: string) => world.incomplete(type, current().account, current().region).length === 0,
    ],
  ] as const
  for (const [signature, handler] of [...functions(host), ...counting(host), ...lookUps]) {
    environment.registerFunction(signature, handler, { async: false })
  }
  for (const name of ['id', 'name', TYPE_VARIABLE, 'account', 'region'])
    environment.registerVariable(name, 'string')
  for (const name of ['config', 'tags', 'params', 'facts', 'item', 'finding'])
    environment.registerVariable(name, 'dyn')
  return environment.registerVariable('now', 'google.protobuf.Timestamp')
}

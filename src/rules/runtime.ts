/** Runs checked expressions, within a budget, and says exactly what was unseen when one has no answer. */
import type { ASTNode } from '@marcbachmann/cel-js'
import type { Fact, Told } from '../analyze/analysis.ts'
import type { Json, Missing, Resource } from '../snapshot/model.ts'
import { type Account, type Budget, createMeter, type Meter, OverBudget } from './budget.ts'
import { createEnvironment } from './evaluator.ts'
import { createNames, type Named, type Names } from './named.ts'
import { print, TYPE_VARIABLE } from './rewrite.ts'
import { distinct, Unseen, unseen, veil } from './unseen.ts'
import type { View } from './views.ts'
import type { World } from './world.ts'

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

/** What expressions stand for at this moment. */
export interface Subject {
  readonly resource: Resource
  readonly params: Readonly<Record<string, Json>>
  readonly item?: unknown
  /** The finding that a waiver is asked of. */
  readonly finding?: unknown
}

/** What the expressions of one rule see, or those of all waivers: their subject, their names, what is left of their budget. */
export interface Frame {
  compile(ast: ASTNode): Expression
  set(subject: Subject): void
  /** What an analysis says of the resource that was set last. */
  fact(analysis: string): object | undefined
}

export interface Runtime {
  readonly world: World
  /** @param names what the rule calls its expressions */
  open(names?: Names): Frame
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

/** What all frames of a runtime share. */
interface Shared {
  readonly world: World
  /** Everything unseen that the evaluation under way ran into. */
  readonly noticed: Missing[]
  readonly meter: Meter
  readonly perRule: number
  readonly now: Date
  /** Of the resource that was set last, in whatever frame. */
  readonly facts: Readonly<Record<string, unknown>>
  readonly judge: (resource: Resource) => void
  readonly parse: (ast: ASTNode) => Parsed
}

export function createRuntime(
  createView: (notice: (missing: readonly Missing[]) => void) => World,
  options: RuntimeOptions,
): Runtime {
  const { budget, now } = options
  const noticed: Missing[] = []
  const notice = (missing: readonly Missing[]): void => void noticed.push(...missing)
  const world = createView(notice)
  const meter = createMeter(budget)
  let resource: Resource | undefined
  const current = (): Resource => {
    if (resource === undefined) throw new Error('no resource is being judged')
    return resource
  }
  const environment = createEnvironment({ now: () => now, spend: meter.spend }, world, current)
  const shared: Shared = {
    world,
    noticed,
    meter,
    perRule: budget.perRule,
    now,
    facts: factsOf(options.facts, current, notice),
    judge: (next) => {
      resource = next
    },
    parse: (ast) => environment.parse(print(ast)),
  }
  return { world, open: (names = new Map()) => openFrame(shared, names) }
}

function openFrame(shared: Shared, names: Names): Frame {
  const { world, noticed, facts, parse } = shared
  const context: Record<string, unknown> = { now: shared.now, params: {}, facts }
  const isPassing = (error: unknown): boolean => error instanceof OverBudget
  const named = createNames(context, names, parse, { noticed, isPassing })
  const compile = compiler(shared, context, names)
  let judged: Resource | undefined
  const set = ({ resource, params, item, finding }: Subject): void => {
    shared.judge(resource)
    named.forget(resource === judged)
    if (resource !== judged) show(context, world.view(resource))
    judged = resource
    context['params'] = params
    context['item'] = item ?? null
    context['finding'] = finding ?? null
  }
  const fact = (analysis: string): object | undefined =>
    Object.hasOwn(facts, analysis) ? (facts[analysis] as object) : undefined
  return { compile, set, fact }
}

function compiler(
  { noticed, meter, perRule, parse }: Shared,
  context: Record<string, unknown>,
  names: Names,
): Frame['compile'] {
  const account: Account = { left: perRule }
  const program = (ast: ASTNode): (() => Answer) => {
    let parsed: Parsed | undefined
    return () => {
      try {
        parsed ??= parse(ast)
        return { value: parsed(context) }
      } catch (error) {
        return { missing: error instanceof Unseen ? error.missing : [reason(detailOf(error))] }
      }
    }
  }
  const attempt = (run: () => Answer): Answer => {
    noticed.length = 0
    meter.begin(account)
    const answer = run()
    const spent = meter.spent()
    return spent === undefined ? answer : { missing: [reason(spent)] }
  }
  return (ast) => {
    const whole = program(ast)
    let explained: Explain | undefined
    const run = (): Answer => {
      if (account.left < 0) return { missing: [reason(meter.overRule)] }
      const answer = attempt(whole)
      if ('value' in answer || meter.spent() !== undefined || isOnlyCause(answer.missing, noticed))
        return answer
      explained ??= explainer(ast, program, noticed, (name) => names.get(name))
      const why = attempt(explained)
      return { missing: 'missing' in why ? distinct(why.missing) : answer.missing }
    }
    return { run }
  }
}

type Parsed = (context: Record<string, unknown>) => unknown

function show(context: Record<string, unknown>, view: View): void {
  context['id'] = view.id
  context['name'] = view.name
  context[TYPE_VARIABLE] = view.type
  context['account'] = view.account
  context['region'] = view.region
  context['tags'] = view.tags
  context['config'] = view.config
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

/** `facts.network`, computed when it is read, once a resource: rules ask about one resource after the other. */
function factsOf(
  facts: Facts,
  current: () => Resource,
  notice: (missing: readonly Missing[]) => void,
): Readonly<Record<string, unknown>> {
  const object = {}
  const refuse = (missing: readonly Missing[]): never => {
    notice(missing)
    throw unseen(missing)
  }
  for (const [name, analyse] of Object.entries(facts)) {
    let shown: { readonly of: Resource; readonly fact: object } | undefined
    const get = (): object => {
      const resource = current()
      if (shown?.of !== resource) shown = { of: resource, fact: showFact(analyse(resource), refuse) }
      return shown.fact
    }
    Object.defineProperty(object, name, { get, enumerable: true, configurable: true })
  }
  return object
}

function showFact(fact: Fact, refuse: (missing: readonly Missing[]) => never): object {
  if (fact.tell === undefined)
    return fact.unseen === undefined ? fact.known : veil(fact.known, fact.unseen, refuse)
  const tell = (name: string | symbol): Told<Json> | undefined =>
    typeof name === 'string' ? fact.tell?.(name) : undefined
  const shown = (told: Told<Json>): Json => ('missing' in told ? refuse(told.missing) : told.value)
  return new Proxy(
    {},
    {
      get: (none, name) => {
        const told = tell(name)
        return told === undefined ? Reflect.get(none, name) : shown(told)
      },
      getOwnPropertyDescriptor: (_, name) => {
        const told = tell(name)
        return told && { value: shown(told), enumerable: true, configurable: true }
      },
    },
  )
}

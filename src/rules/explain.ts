/** Why a rule says what it says of a resource: each part of its expressions with its value, and what would change it. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { concealed } from '../snapshot/credentials.ts'
import type { SnapshotIndex } from '../snapshot/index.ts'
import type { Json, Missing, Resource } from '../snapshot/model.ts'
import { parseExpression } from './environment.ts'
import { type EvaluateOptions, openRuntime, paramsOf } from './evaluate.ts'
import { jsonOf } from './evidence.ts'
import { type FieldRead, fieldsRead, testOf } from './explain-inputs.ts'
import type { Rule } from './load.ts'
import type { RuleProblem } from './model.ts'
import type { Names } from './named.ts'
import { isComprehension } from './reads.ts'
import type { Frame } from './runtime.ts'
import type { RuleTest } from './schema.ts'
import { show } from './template.ts'

/** A part of an expression as it came out on this resource. */
export interface Part {
  readonly text: string
  /** Absent where it could not be told. */
  readonly value?: Json
  readonly missing?: readonly Missing[]
  /** How its parts make it: all of them, any of them, the opposite of the only one, the only one, or by a comparison. */
  readonly by?: 'all' | 'any' | 'not' | 'is' | 'of'
  readonly parts?: readonly Part[]
  /** Of a loop, the elements that decide it. */
  readonly elements?: { readonly text: string; readonly values: readonly Json[] }
}

/** One thing that would have to be otherwise. */
export interface Change {
  readonly text: string
  readonly now: Json | 'unknown'
  readonly becomes: boolean
}

export interface Explanation {
  readonly ruleId: string
  readonly resource: Pick<Resource, 'id' | 'type' | 'account' | 'region' | 'name'>
  readonly verdict: 'pass' | 'fail' | 'unknown' | 'notApplicable'
  readonly when?: Part
  /** In a rule with `each`: the element that the rest is about. */
  readonly element?: { readonly subKey: string; readonly value: Json }
  readonly pass?: Part
  readonly params: Readonly<Record<string, Json>>
  readonly fields: readonly FieldRead[]
  /** By analysis and member: `network.exposure`. */
  readonly facts: Readonly<Record<string, Json>>
  /** Ways to another verdict, each a set of changes that have to come together. */
  readonly changes: readonly (readonly Change[])[]
  /** The same as a test of the rule's own kind: evaluating it gives the same verdict. */
  readonly test: RuleTest
}

export interface Subject {
  readonly rule: Rule
  readonly resource: Resource
  /** Of a rule with `each`; its first bad element without it. */
  readonly subKey?: string
}

/** @param options as the audit had them, so that the explanation is of the same verdict */
export function explain(subject: Subject, index: SnapshotIndex, options: EvaluateOptions): Explanation {
  const { rule, resource } = subject
  const problems: RuleProblem[] = []
  const params = paramsOf(rule, options, problems)
  const runtime = openRuntime([rule], index, options)
  const frame = runtime.open(rule.names)
  frame.set({ resource, params })
  const partOf = parter(frame, rule.names)
  const when = rule.when && partOf(rule.when)
  const applies = when === undefined || when.value === true
  const element = applies ? elementOf(subject, frame, params) : undefined
  if (element && 'value' in element) frame.set({ resource, params, item: element.value })
  const list = element && 'part' in element ? element.part : undefined
  const pass = applies ? (list ?? partOf(rule.pass)) : undefined
  const verdict = verdictOf(when, pass)
  const shownElement =
    element && 'value' in element ? { subKey: element.subKey, value: jsonOf(element.value) } : undefined
  const facts = factsRead(rule, frame)
  return {
    ruleId: rule.about.id,
    resource: {
      id: resource.id,
      type: resource.type,
      account: resource.account,
      region: resource.region,
      ...(resource.name === undefined ? {} : { name: resource.name }),
    },
    verdict,
    ...(when ? { when } : {}),
    ...(shownElement ? { element: { ...shownElement, value: concealed(shownElement.value) } } : {}),
    ...(pass ? { pass } : {}),
    params,
    fields: fieldsRead(rule, resource, runtime.world),
    facts: concealed(facts) as Explanation['facts'],
    changes: verdict === 'fail' && pass ? flips(pass, true).slice(0, MOST_WAYS) : [],
    test: testOf({
      rule,
      resource,
      verdict,
      params,
      facts,
      index,
      now: options.now ?? index.snapshot.manifest.time,
    }),
  }
}

const MOST_WAYS = 8

function verdictOf(when: Part | undefined, pass: Part | undefined): Explanation['verdict'] {
  if (when && when.value === false) return 'notApplicable'
  if (when && typeof when.value !== 'boolean') return 'unknown'
  if (pass?.value === true) return 'pass'
  return pass?.value === false ? 'fail' : 'unknown'
}

type Element = { readonly subKey: string; readonly value: unknown } | { readonly part: Part }

/** Of a rule with `each`, the element asked for, or the first that is not in order; its list where that can't be told. */
function elementOf(
  { rule, resource, subKey }: Subject,
  frame: Frame,
  params: Readonly<Record<string, Json>>,
): Element | undefined {
  if (!rule.each) return undefined
  const [list, key, pass] = [rule.each.list, rule.each.key, rule.pass].map((ast) => frame.compile(ast))
  const answer = list?.run()
  if (!answer || 'missing' in answer) return { part: parter(frame, rule.names)(rule.each.list) }
  const values = Array.isArray(answer.value) ? (answer.value as unknown[]) : []
  const told = values.map((value) => {
    frame.set({ resource, params, item: value })
    const name = key?.run()
    const passes = pass?.run()
    const isGood = passes !== undefined && 'value' in passes && passes.value === true
    return { subKey: name && 'value' in name ? show(name.value) : '(not known)', value, isGood }
  })
  const found =
    subKey === undefined ? told.find((one) => !one.isGood) : told.find((one) => one.subKey === subKey)
  if (found) return found
  // Nothing in it is amiss: the rule passes as a whole.
  return {
    part: {
      text: sourceOf(rule.each.list),
      value: true,
      elements: { text: 'judged one by one', values: [] },
    },
  }
}

/** The author's text of a node; the parser leaves an opening parenthesis of its first operand outside. */
export function sourceOf(node: ASTNode): string {
  const text = node.input.slice(node.start, node.end)
  const open = (text.match(/\)/g)?.length ?? 0) - (text.match(/\(/g)?.length ?? 0)
  return `${'('.repeat(Math.max(0, open))}${text}`.replace(/\s+/g, ' ').trim()
}

function parter(frame: Frame, names: Names): (node: ASTNode) => Part {
  const run = (node: ASTNode): Pick<Part, 'value' | 'missing'> => {
    const answer = frame.compile(node).run()
    return 'value' in answer ? { value: concealed(jsonOf(answer.value)) } : { missing: answer.missing }
  }
  const partOf = (node: ASTNode): Part => {
    const own = { text: sourceOf(node), ...run(node) }
    switch (node.op) {
      case '&&':
      case '||':
        return { ...own, by: node.op === '&&' ? 'all' : 'any', parts: chain(node, node.op).map(partOf) }
      case '!_':
        return { ...own, by: 'not', parts: [partOf(node.args)] }
      case '?:':
        return { ...own, by: 'of', parts: [partOf(node.args[0]), partOf(chosen(node, run))] }
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
      case 'in':
        return { ...own, by: 'of', parts: node.args.filter(isTelling).map(partOf) }
      case 'rcall':
        return isComprehension(node.args[0], node.args[2])
          ? { ...own, ...decisive(node, run) }
          : called(own, node.args[1], node.args[2])
      case 'call':
        return called(own, undefined, node.args[1])
      case 'id': {
        // What the rule gave a name is opened like what it wrote out.
        const named = names.get(node.args)
        return named ? { ...own, by: 'is', parts: [partOf(named.ast)] } : own
      }
      default:
        return own
    }
  }
  /** A function's arguments, where they are more than names and literals that its own text shows. */
  const called = (own: Part, receiver: ASTNode | undefined, args: readonly ASTNode[]): Part => {
    const isMacro = receiver?.op === 'id' || own.text.startsWith('has(')
    const parts = isMacro ? [] : [...(receiver ? [receiver] : []), ...args].filter(isTelling).map(partOf)
    return parts.length > 0 ? { ...own, by: 'of', parts } : own
  }
  return partOf
}

/** Literals say their value themselves. */
const isTelling = (node: ASTNode): boolean => node.op !== 'value' && node.op !== 'list'

function chain(node: ASTNode, op: '&&' | '||'): ASTNode[] {
  if (node.op !== op) return [node]
  return [...chain(node.args[0], op), ...chain(node.args[1], op)]
}

function chosen(node: Extract<ASTNode, { op: '?:' }>, run: (node: ASTNode) => Pick<Part, 'value'>): ASTNode {
  return run(node.args[0]).value === false ? node.args[2] : node.args[1]
}

const MOST_ELEMENTS = 10

/** Of `all`, the elements that fail it; of `exists`, those that meet it; of what filters or maps, nothing. */
function decisive(
  node: Extract<ASTNode, { op: 'rcall' }>,
  run: (node: ASTNode) => Pick<Part, 'value'>,
): Pick<Part, 'elements'> {
  const [name, receiver, args] = node.args
  const [variable, body] = args
  if (!variable || !body || (name !== 'all' && !name.startsWith('exists'))) return {}
  const condition = name === 'all' ? `!(${sourceOf(body)})` : sourceOf(body)
  const parsed = parseExpression(`(${sourceOf(receiver)}).filter(${sourceOf(variable)}, ${condition})`)
  const values = 'ast' in parsed ? run(parsed.ast).value : undefined
  if (!Array.isArray(values)) return {}
  const text = name === 'all' ? 'elements that break it' : 'elements that meet it'
  return { elements: { text, values: (values as readonly Json[]).slice(0, MOST_ELEMENTS) } }
}

/** The ways in which a part could get a value: each a set of changes to its smallest parts. */
function flips(part: Part, becomes: boolean): Change[][] {
  if (part.value === becomes) return [[]]
  const inner = part.parts ?? []
  if (part.by === 'not' && inner[0]) return flips(inner[0], !becomes)
  if (part.by === 'is' && inner[0]) return flips(inner[0], becomes)
  const together = (part.by === 'all' && becomes) || (part.by === 'any' && !becomes)
  const either = (part.by === 'any' && becomes) || (part.by === 'all' && !becomes)
  if (together) return inner.map((one) => flips(one, becomes)).reduce(combine, [[]])
  if (either) return inner.flatMap((one) => flips(one, becomes)).slice(0, MOST_WAYS)
  return [[{ text: part.text, now: part.value ?? 'unknown', becomes }]]
}

const combine = (ways: Change[][], more: Change[][]): Change[][] =>
  ways.flatMap((way) => more.map((next) => [...way, ...next])).slice(0, MOST_WAYS)

/** The members of facts that the rule reads; one that can't be told is left out. */
function factsRead(rule: Rule, frame: Frame): Record<string, Json> {
  const found: Record<string, Json> = {}
  const reads = rule.reads
    .flatMap((one) => one.fields)
    .filter((read) => read.owner === 'fact' && read.path !== '')
  for (const read of reads) {
    const [, analysis = ''] = /^facts\.(\w+):/.exec(read.type) ?? []
    const root = read.path.split(/[.[]/, 1)[0] ?? ''
    try {
      const value = (frame.fact(analysis) as Record<string, unknown> | undefined)?.[root]
      if (value !== undefined) found[`${analysis}.${root}`] = jsonOf(value)
    } catch {
      // Unseen: the parts of the expression say why.
    }
  }
  return found
}

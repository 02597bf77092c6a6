/**
 * Mutants of the rules' expressions against the tests that the rules carry in themselves: `npm run mutate:rules [RULE…]`.
 * A mutant is one expression with one thing changed (an operator, a side left out, a value, a quantifier); it is killed
 * when a test of its rule fails. What survives is listed with its place. Exits 1 under the share that is meant.
 */
import { writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { analyses } from '../src/analyze/index.ts'
import { readTexts } from '../src/cli/shared/files.ts'
import { shapes } from '../src/cli/shared/shapes.ts'
import { parseExpression } from '../src/rules/environment.ts'
import { loadRules } from '../src/rules/load.ts'
import { testRules } from '../src/rules/test-rules.ts'

const LEAST = 0.85

const root = resolve(import.meta.dirname, '..')

interface Node {
  readonly op: string
  readonly args: unknown
  readonly start: number
  readonly end: number
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value

function* nodesIn(value: unknown): Generator<Node> {
  if (isNode(value)) {
    yield value
    yield* nodesIn(value.args)
  } else if (Array.isArray(value)) for (const one of value) yield* nodesIn(one)
}

const OPPOSITES: Readonly<Record<string, readonly string[]>> = {
  '&&': ['||'],
  '||': ['&&'],
  '==': ['!='],
  '!=': ['=='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
}
const QUANTIFIERS: Readonly<Record<string, string>> = { all: 'exists', exists: 'all' }

function treeOf(text: string): unknown {
  const read = parseExpression(text)
  return 'ast' in read ? read.ast : undefined
}

/** Every text that differs from this one in one thing. */
function mutantsOf(text: string): readonly string[] {
  const found = new Set<string>()
  const put = (from: number, to: number, by: string): void => {
    found.add(text.slice(0, from) + by + text.slice(to))
  }
  const source = (value: unknown): string => (isNode(value) ? text.slice(value.start, value.end) : '')
  for (const node of nodesIn(treeOf(text))) {
    const { op, args, start, end } = node
    const sides = Array.isArray(args) ? (args as unknown[]) : []
    for (const other of OPPOSITES[op] ?? [])
      put(start, end, `(${source(sides[0])}) ${other} (${source(sides[1])})`)
    if (op === '&&' || op === '||') for (const side of sides) put(start, end, `(${source(side)})`)
    if (op === '?:') for (const side of sides.slice(1)) put(start, end, `(${source(side)})`)
    if (op === '!_') put(start, end, `(${source(args)})`)
    if (op === 'value') {
      if (typeof args === 'string') put(start, end, '"mutated"')
      else if (typeof args === 'bigint') put(start, end, String(args + 1n))
      else if (typeof args === 'boolean') put(start, end, String(!args))
    }
    if (op === 'list' && sides.length > 1)
      for (const left of sides)
        put(
          start,
          end,
          `[${sides
            .filter((one) => one !== left)
            .map(source)
            .join(', ')}]`,
        )
    if (op === 'rcall') {
      const [name, receiver] = sides as [string, unknown]
      const other = QUANTIFIERS[name]
      const at = isNode(receiver) ? text.indexOf(`.${name}(`, receiver.end - 1) : -1
      if (other !== undefined && at >= 0) put(at, at + name.length + 2, `.${other}(`)
      if (name === 'filter') put(start, end, source(receiver))
    }
  }
  return [...found]
}

interface RuleYaml {
  readonly id: string
  readonly let?: Readonly<Record<string, string>>
  readonly severity:
    | string
    | { readonly cases: readonly { readonly when: string; readonly severity: string }[] }
  readonly [key: string]: unknown
}

interface Spot {
  readonly place: string
  readonly text: string
  with(text: string): object
}

function* spotsOf(rule: RuleYaml): Generator<Spot> {
  for (const place of ['when', 'each', 'key', 'pass']) {
    const text = rule[place]
    if (typeof text === 'string') yield { place, text, with: (other) => ({ ...rule, [place]: other }) }
  }
  for (const [name, text] of Object.entries(rule.let ?? {}))
    yield { place: `let ${name}`, text, with: (other) => ({ ...rule, let: { ...rule.let, [name]: other } }) }
  const { severity } = rule
  if (typeof severity === 'string') return
  for (const one of severity.cases) {
    const cases = (when: string) => severity.cases.map((each) => (each === one ? { ...each, when } : each))
    yield {
      place: `severity ${one.severity}`,
      text: one.when,
      with: (other) => ({ ...rule, severity: { ...severity, cases: cases(other) } }),
    }
  }
}

interface Survivor {
  readonly rule: string
  readonly place: string
  readonly mutant: string
}

/** Where a mutant differs, with what stands around it. */
function shown(text: string, mutant: string): string {
  let at = 0
  while (at < mutant.length && mutant[at] === text[at]) at++
  return mutant.slice(Math.max(0, at - 30), at + 60).replace(/\s+/g, ' ')
}

const wanted = new Set(process.argv.slice(2))
const files = await readTexts(join(root, 'rules'), '.yaml')
let total = 0
const survivors: Survivor[] = []
for (const { file, text: written } of files) {
  const rule = parseYaml(written, { merge: true }) as RuleYaml
  if (wanted.size > 0 && !wanted.has(rule.id)) continue
  for (const spot of spotsOf(rule)) {
    for (const mutant of mutantsOf(spot.text)) {
      const made = [{ file: relative(root, file), text: JSON.stringify(spot.with(mutant)) }]
      const { rules } = loadRules(made, shapes, analyses)
      // What the type check refuses is no mutant.
      if (rules.length === 0) continue
      total++
      if (testRules(rules).every((result) => result.ok))
        survivors.push({ rule: rule.id, place: spot.place, mutant: shown(spot.text, mutant) })
    }
  }
}
for (const { rule, place, mutant } of survivors) console.log(`${rule} ${place}: … ${mutant} …`)
const killed = total - survivors.length
const share = total === 0 ? 1 : killed / total
writeFileSync(join(root, '.cache/rule-mutants.json'), JSON.stringify({ total, killed, survivors }, null, 2))
console.log(
  `${killed} of ${total} mutants of the rules are killed: ${(100 * share).toFixed(1)} % (meant: ${100 * LEAST} %)`,
)
if (share < LEAST) process.exitCode = 1

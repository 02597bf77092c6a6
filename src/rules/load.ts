/** Rule files to rules: every expression parsed, its names and types checked, what it reads known. */
import type { ASTNode } from '@marcbachmann/cel-js'
import type { Analysis } from '../analyze/analysis.ts'
import type { Json } from '../snapshot/model.ts'
import { check } from './check.ts'
import type { Reads } from './known.ts'
import { reached } from './lets.ts'
import { type Parameter, type RuleDescription, type RuleProblem, SEVERITIES, type Severity } from './model.ts'
import type { Names } from './named.ts'
import { operationsRead } from './needs.ts'
import { hasType } from './params.ts'
import { createReader, type Reader, type Template } from './pieces.ts'
import { type ParsedRule, parseRule, type RuleFile, type RuleTest } from './schema.ts'
import {
  factType,
  isFactType,
  isList,
  type Shape,
  type Shapes,
  structFields,
  typeShape,
  withFacts,
} from './shapes.ts'
import { didYouMean } from './suggest.ts'
import { checkTests } from './test-shapes.ts'

export interface RuleText {
  readonly file: string
  readonly text: string
}

/** What to show with a verdict: a field of `config`, of what an analysis says, the element of `each`, a name of `let`. */
export interface Shown {
  readonly from: 'config' | 'item' | 'fact' | 'name'
  readonly analysis?: string
  readonly path: string
}

/** A rule that is ready to judge: its description and its checked expressions. */
export interface Rule {
  readonly about: RuleDescription
  readonly shapes: Shapes
  /** Expressions that it gave a name. */
  readonly names: Names
  readonly when?: ASTNode
  readonly each?: { readonly list: ASTNode; readonly key: ASTNode }
  readonly pass: ASTNode
  readonly severities: readonly { readonly when: ASTNode; readonly severity: Severity }[]
  readonly message: Template
  readonly fix: { readonly text: Template; readonly cli?: Template; readonly terraform?: Template }
  /** Of each expression. */
  readonly reads: readonly Reads[]
  readonly evidence: readonly Shown[]
  /** Analyses whose facts it reads. */
  readonly facts: readonly string[]
  readonly params: Readonly<Record<string, Json>>
  readonly tests: readonly RuleTest[]
}

export interface Loaded {
  readonly rules: readonly Rule[]
  readonly problems: readonly RuleProblem[]
}

/** What `pass` reads, itself and by the names that it uses. */
function evidenceOf(rule: RuleFile, reader: Reader, reads: readonly Reads[]): Rule['evidence'] {
  if (rule.evidence) return rule.evidence.map((path) => shownAt(path, rule))
  const { pieces, names } = reader
  const pass = pieces.find((piece) => piece.path[0] === 'pass')
  const asts = pass ? reached(pass.ast, names) : new Set()
  const own = pieces
    .flatMap((piece, at) => (asts.has(piece.ast) ? (reads[at]?.fields ?? []) : []))
    .filter((read) => read.path !== '')
  const paths = [
    ...new Set(
      own.flatMap(({ owner, path, type }) =>
        owner === 'self' ? `config.${path}` : owner === 'fact' ? `${type.replace(/:.*$/s, '')}.${path}` : [],
      ),
    ),
  ]
  const leaves = paths.filter(
    (path) => !paths.some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[]`)),
  )
  return [
    ...leaves.map((path) => shownAt(path)),
    ...(rule.each === undefined ? [] : [{ from: 'item', path: 'item' } as const]),
  ]
}

/** `config.Rotation`, `facts.network.witness`, a name that the rule gave, or the `item` of a rule with `each`. */
function shownAt(text: string, rule?: RuleFile): Shown {
  if (text === 'item') return { from: 'item', path: 'item' }
  if (rule && Object.hasOwn(rule.let, text)) return { from: 'name', path: text }
  const fact = /^facts\.(\w+)\.(.*)$/s.exec(text)
  if (fact) return { from: 'fact', analysis: fact[1] ?? '', path: fact[2] ?? '' }
  return { from: 'config', path: text.replace(/^config\./, '') }
}

/** What is wrong with a path of `evidence`. */
function evidenceProblem(text: string, rule: RuleFile, shapes: Shapes): string | undefined {
  const { from, analysis = '', path } = shownAt(text, rule)
  if (from === 'name') return undefined
  if (from === 'item') return rule.each === undefined ? 'there is no item without each' : undefined
  const types =
    from === 'fact' ? [factType(analysis, rule.resource), factType(analysis, '*')] : [rule.resource]
  const fields = types.map((type) => typeShape(shapes, type)?.fields).find((found) => found !== undefined)
  if (fields === undefined)
    return rule.resource === '*' && from === 'config' ? undefined : `there is no ${text}`
  let members: Readonly<Record<string, Shape>> | undefined = fields
  for (const part of path.split('.')) {
    if (members === undefined) return undefined
    const name = part.replace(/(\[\])+$/, '')
    let shape = Object.hasOwn(members, name) ? members[name] : undefined
    if (shape === undefined) return `no field "${name}"${didYouMean(name, Object.keys(members))}`
    while (isList(shape) && part.endsWith('[]')) shape = shape[1]
    members = structFields(shapes, shape)
  }
  return undefined
}

function describe(parsed: ParsedRule, rule: RuleFile, operations: readonly string[]): RuleDescription {
  const { id, aliases, title, pillar, severity, resource, when, each, key, pass, message, risk, fix } = rule
  const { references, maps, combines } = rule
  const params: Parameter[] = Object.entries(rule.params).map(([name, parameter]) => ({ name, ...parameter }))
  return {
    id,
    aliases,
    ...(combines.length === 0 ? {} : { combines }),
    title,
    pillar,
    severity: typeof severity === 'string' ? severity : severity.default,
    resource,
    ...(Object.keys(rule.let).length === 0 ? {} : { let: rule.let }),
    ...(when === undefined ? {} : { when }),
    ...(each === undefined || key === undefined ? {} : { each: { list: each, key } }),
    pass,
    cases: typeof severity === 'string' ? [] : severity.cases,
    message,
    risk,
    fix: {
      text: fix.text,
      ...(fix.cli === undefined ? {} : { cli: fix.cli }),
      ...(fix.terraform === undefined ? {} : { terraform: fix.terraform }),
    },
    references,
    maps,
    params,
    operations,
    file: parsed.file,
  }
}

function expressionsOf(reader: Reader, rule: RuleFile) {
  const { expression, template, give } = reader
  for (const [name, text] of Object.entries(rule.let)) give(name, text)
  const when = rule.when === undefined ? undefined : expression(['when'], rule.when, { wants: 'bool' })
  const pass = expression(['pass'], rule.pass, { wants: 'bool' })
  const list = rule.each === undefined ? undefined : expression(['each'], rule.each, { wants: 'list' })
  const key = rule.key === undefined ? undefined : expression(['key'], rule.key)
  const cases = typeof rule.severity === 'string' ? [] : rule.severity.cases
  const severities = cases.flatMap((one, at) => {
    const ast = expression(['severity', 'cases', at, 'when'], one.when, { wants: 'bool' })
    return ast ? [{ when: ast, severity: one.severity }] : []
  })
  const { text, cli, terraform } = rule.fix
  return {
    pass,
    ...(when ? { when } : {}),
    ...(list && key ? { each: { list, key } } : {}),
    severities,
    message: template(['message'], rule.message),
    fix: {
      text: template(['fix', 'text'], text),
      ...(cli === undefined ? {} : { cli: template(['fix', 'cli'], cli) }),
      ...(terraform === undefined ? {} : { terraform: template(['fix', 'terraform'], terraform) }),
    },
  }
}

/** A rule weighs what its default says, and what cannot be judged is graded so: never less than it may turn out. */
function warnOfGrades(reader: Reader, { severity }: RuleFile): void {
  if (typeof severity === 'string') return
  severity.cases.forEach((one, at) => {
    if (SEVERITIES.indexOf(one.severity) >= SEVERITIES.indexOf(severity.default)) return
    const message = `${one.severity} is worse than the default ${severity.default}: make the worst the default`
    reader.add('warning', ['severity', 'cases', at, 'severity'], 0, message)
  })
}

function loadRule(
  parsed: ParsedRule,
  rule: RuleFile,
  shapes: Shapes,
  analyses: readonly Analysis[],
): { rule?: Rule; problems: readonly RuleProblem[] } {
  const reader = createReader(parsed, rule.id)
  if (
    rule.resource !== '*' &&
    (typeShape(shapes, rule.resource) === undefined || isFactType(rule.resource))
  ) {
    const hint = didYouMean(rule.resource, Object.keys(shapes.types))
    reader.add('error', ['resource'], 0, `no resource type "${rule.resource}"${hint}`)
    return { problems: reader.problems }
  }
  for (const [name, parameter] of Object.entries(rule.params)) {
    if (!hasType(parameter.default, parameter.type)) {
      reader.add('error', ['params', name, 'default'], 0, `the default of ${name} is not a ${parameter.type}`)
    }
  }
  warnOfGrades(reader, rule)
  rule.evidence?.forEach((path, at) => {
    const wrong = evidenceProblem(path, rule, shapes)
    if (wrong !== undefined) reader.add('error', ['evidence', at], 0, wrong)
  })
  const { pass, ...expressions } = expressionsOf(reader, rule)
  const reads = check(reader, rule, shapes)
  checkTests(rule, shapes, (path, key, message) => {
    reader.problems.push({
      file: parsed.file,
      ...parsed.source.atKey(path, key),
      ruleId: rule.id,
      message,
      level: 'error',
    })
  })
  if (pass === undefined || reader.problems.some((problem) => problem.level === 'error'))
    return { problems: reader.problems }
  const loaded: Rule = {
    about: describe(parsed, rule, operationsRead(rule.resource, reads, shapes, analyses)),
    shapes,
    names: reader.names,
    ...expressions,
    pass,
    reads,
    evidence: evidenceOf(rule, reader, reads),
    facts: [...new Set(reads.flatMap((one) => [...one.facts]))].sort(),
    params: Object.fromEntries(
      Object.entries(rule.params).map(([name, parameter]) => [name, parameter.default]),
    ),
    tests: rule.tests,
  }
  return { rule: loaded, problems: reader.problems }
}

/**
 * Loads rules. A file with an error is left out and told of; the others load.
 * An id, or an alias, that an earlier file has is an error of the later one.
 * @param before rules that are there already: their names are taken
 */
export function loadRules(
  files: readonly RuleText[],
  ofAnswers: Shapes,
  analyses: readonly Analysis[] = [],
  before: readonly Rule[] = [],
): Loaded {
  const shapes = withFacts(ofAnswers, analyses)
  const rules: Rule[] = []
  const problems: RuleProblem[] = []
  const names = new Map(
    before.flatMap(({ about }) => [about.id, ...about.aliases].map((name) => [name, about.file] as const)),
  )
  for (const { file, text } of files) {
    const parsed = parseRule(file, text)
    problems.push(...parsed.problems)
    if (parsed.rule === undefined) continue
    const { id, aliases } = parsed.rule
    const taken = [id, ...aliases].find((name) => names.has(name))
    if (taken !== undefined) {
      const message = `the id "${taken}" is already that of ${names.get(taken)}`
      problems.push({
        file,
        ...parsed.source.at([taken === id ? 'id' : 'aliases']),
        ruleId: id,
        message,
        level: 'error',
      })
      continue
    }
    const result = loadRule(parsed, parsed.rule, shapes, analyses)
    problems.push(...result.problems)
    if (result.rule === undefined) continue
    for (const name of [id, ...aliases]) names.set(name, file)
    rules.push(result.rule)
  }
  return { rules, problems }
}

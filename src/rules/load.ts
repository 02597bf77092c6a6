/** Rule files to rules: every expression parsed, its names and types checked, what it reads known. */
import type { ASTNode } from '@marcbachmann/cel-js'
import type { Analysis } from '../analyze/analysis.ts'
import type { Json } from '../snapshot/model.ts'
import { unguarded } from './absent.ts'
import { createChecker, type LanguageProblem, parseExpression } from './environment.ts'
import { compilePattern } from './functions.ts'
import { elementOf, type Known, type Reads } from './known.ts'
import { type Parameter, type RuleDescription, type RuleProblem, SEVERITIES, type Severity } from './model.ts'
import { operationsRead } from './needs.ts'
import { hasType } from './params.ts'
import { readsOf } from './reads.ts'
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
import { parseTemplate } from './template.ts'
import { checkTests } from './test-shapes.ts'
import type { Path } from './yaml-source.ts'

export interface RuleText {
  readonly file: string
  readonly text: string
}

/** Text with the expressions of its braces parsed. */
export type Template = readonly (string | ASTNode)[]

/** A field to show with a verdict: of `config`, of what an analysis says, or the element that `each` names. */
export interface Shown {
  readonly from: 'config' | 'item' | 'fact'
  readonly analysis?: string
  readonly path: string
}

/** A rule that is ready to judge: its description and its checked expressions. */
export interface Rule {
  readonly about: RuleDescription
  readonly shapes: Shapes
  readonly when?: ASTNode
  readonly each?: { readonly list: ASTNode; readonly key: ASTNode }
  readonly pass: ASTNode
  readonly severities: readonly { readonly when: ASTNode; readonly severity: Severity }[]
  readonly message: Template
  readonly fix: { readonly text: Template; readonly cli?: Template; readonly terraform?: Template }
  /** Of each expression, `when` and `pass` first. */
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

interface Piece {
  readonly path: Path
  readonly ast: ASTNode
  /** Where it begins in the YAML value: templates hold several. */
  readonly offset: number
  readonly wants?: 'bool' | 'list' | 'string'
  /** An absent field leaves a hole in a text, not in a verdict. */
  readonly isText: boolean
}

const wrongPattern = (pattern: string): string | undefined => {
  try {
    compilePattern(pattern)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** One rule being loaded: collects its problems. */
function createReader(parsed: ParsedRule, ruleId: string) {
  const problems: RuleProblem[] = []
  const add = (level: RuleProblem['level'], path: Path, offset: number, message: string): void => {
    problems.push({ file: parsed.file, ...parsed.source.atOffset(path, offset), ruleId, message, level })
  }
  const pieces: Piece[] = []
  const expression = (path: Path, text: string, options: Partial<Piece> = {}): ASTNode | undefined => {
    const { offset = 0, isText = false, wants } = options
    const result = parseExpression(text)
    if ('problem' in result) {
      add('error', path, offset + result.problem.range.start, result.problem.message)
      return undefined
    }
    pieces.push({ path, ast: result.ast, offset, isText, ...(wants ? { wants } : {}) })
    return result.ast
  }
  const template = (path: Path, text: string): Template =>
    parseTemplate(text).flatMap((part): (string | ASTNode)[] => {
      if ('text' in part) return [part.text]
      const ast = expression(path, part.expression, { offset: part.offset, isText: true })
      return ast ? [ast] : []
    })
  return { problems, pieces, add, expression, template }
}

type Reader = ReturnType<typeof createReader>

/** Names and types of every piece; what each reads. */
function check(reader: Reader, rule: RuleFile, shapes: Shapes): readonly Reads[] {
  const { pieces } = reader
  const each = pieces.find((piece) => piece.path[0] === 'each')
  const scope = { shapes, type: rule.resource, pattern: wrongPattern }
  const item: Known | undefined = each ? itemOf(elementOf(readsOf(each.ast, scope).result)) : undefined
  const reads = pieces.map((piece) =>
    readsOf(piece.ast, { ...scope, ...(item && piece !== each ? { item } : {}) }),
  )
  const types = new Set(reads.flatMap((one) => [...one.types]))
  const checkScope = { shapes, type: rule.resource, types, params: rule.params }
  const report = (piece: Piece, problem: LanguageProblem): void =>
    reader.add('error', piece.path, piece.offset + problem.range.start, problem.message)
  const checkOuter = createChecker(checkScope)
  const eachType = each ? checkOuter(each.ast) : undefined
  const element = eachType && 'type' in eachType ? (/^list<(.*)>$/.exec(eachType.type)?.[1] ?? 'dyn') : 'dyn'
  const checkInner = each ? createChecker({ ...checkScope, item: element }) : checkOuter
  pieces.forEach((piece, at) => {
    const problems = reads[at]?.problems ?? []
    for (const problem of problems) report(piece, problem)
    if (problems.length > 0) return
    const result = piece === each || piece.path[0] === 'when' ? checkOuter(piece.ast) : checkInner(piece.ast)
    if ('problem' in result) report(piece, result.problem)
    else if (!fits(result.type, piece.wants)) {
      reader.add(
        'error',
        piece.path,
        piece.offset,
        `${String(piece.path[0])} must be a ${piece.wants}, and is a ${result.type}`,
      )
    }
  })
  // An absent field leaves a hole in a text, but no verdict unknown.
  const judging = reads.map((one, at) =>
    pieces[at]?.isText ? { ...one, fields: one.fields.filter((read) => read.guarded) } : one,
  )
  unguarded(judging, shapes).forEach((fields, at) => {
    const piece = pieces[at]
    for (const read of piece ? fields : []) {
      const message = `AWS may leave out ${read.type} ${read.path}: ask with has() or .?, or the verdict is unknown`
      reader.add('warning', piece?.path ?? [], (piece?.offset ?? 0) + read.range.start, message)
    }
  })
  return reads
}

function itemOf(known: Known): Known {
  if (known.kind === 'either') return { ...known, of: known.of.map(itemOf) }
  return known.kind === 'field' ? { ...known, owner: 'item' } : known
}

const fits = (type: string, wants: Piece['wants']): boolean =>
  wants === undefined || type === 'dyn' || type === wants || (wants === 'list' && type.startsWith('list<'))

function evidenceOf(rule: RuleFile, pieces: readonly Piece[], reads: readonly Reads[]): Rule['evidence'] {
  if (rule.evidence) return rule.evidence.map(shownAt)
  const at = pieces.findIndex((piece) => piece.path[0] === 'pass')
  const own = (reads[at]?.fields ?? []).filter((read) => read.path !== '')
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
    ...leaves.map(shownAt),
    ...(rule.each === undefined ? [] : [{ from: 'item', path: 'item' } as const]),
  ]
}

/** `config.Rotation`, `facts.network.witness`, or the `item` of a rule with `each`. */
function shownAt(text: string): Shown {
  if (text === 'item') return { from: 'item', path: 'item' }
  const fact = /^facts\.(\w+)\.(.*)$/s.exec(text)
  if (fact) return { from: 'fact', analysis: fact[1] ?? '', path: fact[2] ?? '' }
  return { from: 'config', path: text.replace(/^config\./, '') }
}

/** What is wrong with a path of `evidence`. */
function evidenceProblem(text: string, rule: RuleFile, shapes: Shapes): string | undefined {
  const { from, analysis = '', path } = shownAt(text)
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
  const { references, maps } = rule
  const params: Parameter[] = Object.entries(rule.params).map(([name, parameter]) => ({ name, ...parameter }))
  return {
    id,
    aliases,
    title,
    pillar,
    severity: typeof severity === 'string' ? severity : severity.default,
    resource,
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
  const { expression, template } = reader
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
    ...expressions,
    pass,
    reads,
    evidence: evidenceOf(rule, reader.pieces, reads),
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
 */
export function loadRules(
  files: readonly RuleText[],
  ofAnswers: Shapes,
  analyses: readonly Analysis[] = [],
): Loaded {
  const shapes = withFacts(ofAnswers, analyses)
  const rules: Rule[] = []
  const problems: RuleProblem[] = []
  const names = new Map<string, string>()
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

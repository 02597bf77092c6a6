/** One rule judges one resource: applies, passes, fails, is waived, or can't be told. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { conceal, concealed } from '../snapshot/credentials.ts'
import type { Json, Missing, Resource } from '../snapshot/model.ts'
import { hclText, quotings, shellText } from './commands.ts'
import { evidenceOf, type Sources } from './evidence.ts'
import type { Rule } from './load.ts'
import {
  type Remediation,
  type RuleCount,
  SEVERITIES,
  type Severity,
  type Verdict,
  type VerdictWaiver,
} from './model.ts'
import type { Template } from './pieces.ts'
import { type Answer, type Expression, type Frame, type Runtime, reason } from './runtime.ts'
import { show } from './template.ts'
import { toKnow, why } from './unknowns.ts'
import { type Waiving, whyNot } from './waive.ts'
import type { World } from './world.ts'

type Counts = { -readonly [K in keyof RuleCount]: RuleCount[K] }

/** A rule with its expressions compiled for one snapshot. */
export interface Ready {
  readonly rule: Rule
  readonly frame: Frame
  readonly params: Readonly<Record<string, Json>>
  readonly when?: Expression
  readonly each?: { readonly list: Expression; readonly key: Expression }
  readonly pass: Expression
  readonly severities: readonly { readonly when: Expression; readonly severity: Severity }[]
  readonly message: Text
  readonly fixText: Text
  readonly cli?: Text
  readonly terraform?: Text
  /** Names that are shown as evidence. */
  readonly named: ReadonlyMap<string, Expression>
  readonly verdicts: Verdict[]
  readonly counts: Counts
}

/** Texts, and values with the way in which each is written. */
type Text = readonly (string | { readonly of: Expression; readonly write: (value: unknown) => string })[]

export function prepare(rule: Rule, runtime: Runtime, params: Readonly<Record<string, Json>>): Ready {
  const frame = runtime.open(rule.names)
  const text = (template: Template, write: (value: unknown, part: number) => string): Text =>
    template.map((part, at) =>
      typeof part === 'string' ? part : { of: frame.compile(part), write: (value) => write(value, at) },
    )
  const command = (template: Template): Text => {
    const quoting = quotings(template)
    return text(template, (value, at) => shellText(value, quoting[at] ?? 'bare'))
  }
  const compile = (ast: ASTNode): Expression => frame.compile(ast)
  const { when, each, fix } = rule
  const shown = rule.evidence.flatMap(({ from, path }) => {
    const named = from === 'name' ? rule.names.get(path) : undefined
    return named ? [[path, compile(named.ast)] as const] : []
  })
  return {
    rule,
    frame,
    params,
    ...(when ? { when: compile(when) } : {}),
    ...(each ? { each: { list: compile(each.list), key: compile(each.key) } } : {}),
    pass: compile(rule.pass),
    severities: rule.severities.map((one) => ({ when: compile(one.when), severity: one.severity })),
    message: text(rule.message, show),
    fixText: text(fix.text, show),
    ...(fix.cli ? { cli: command(fix.cli) } : {}),
    ...(fix.terraform ? { terraform: text(fix.terraform, hclText) } : {}),
    named: new Map(shown),
    verdicts: [],
    counts: { ruleId: rule.about.id, pass: 0, fail: 0, unknown: 0, waived: 0, notApplicable: 0 },
  }
}

function write(text: Text): string {
  return text
    .map((part) => {
      if (typeof part === 'string') return part
      const answer = part.of.run()
      return 'value' in answer ? conceal(part.write(answer.value)) : '(not known)'
    })
    .join('')
}

function truth(answer: Answer): boolean | readonly Missing[] {
  if ('missing' in answer) return answer.missing
  if (typeof answer.value === 'boolean') return answer.value
  return [reason(`the expression gives ${show(answer.value)}, not true or false`)]
}

/** Graded by the first case that holds. A case that cannot be told counts: severity is never understated. */
function severityOf(ready: Ready): Severity {
  const fallback = ready.rule.about.severity
  let worst: Severity | undefined
  const rank = (severity: Severity): number => SEVERITIES.indexOf(severity)
  for (const one of ready.severities) {
    const holds = truth(one.when.run())
    if (holds === false) continue
    if (worst === undefined || rank(one.severity) < rank(worst)) worst = one.severity
    if (holds === true) return worst
  }
  return worst !== undefined && rank(worst) < rank(fallback) ? worst : fallback
}

interface Element {
  readonly subKey: string
  readonly value: unknown
}

/** The part of a resource that verdicts carry, one for all of its verdicts; a credential in a tag is not repeated. */
function createSubjects(): (resource: Resource) => Verdict['resource'] {
  const known = new Map<Resource, Verdict['resource']>()
  return (resource) => {
    const found = known.get(resource)
    if (found) return found
    const { id, type, account, region, name } = resource
    const tags = concealed(resource.tags) as Resource['tags']
    const made = { id, type, account, region, ...(name === undefined ? {} : { name: conceal(name) }), tags }
    known.set(resource, made)
    return made
  }
}

function remediationOf(ready: Ready): Remediation {
  return {
    text: write(ready.fixText),
    ...(ready.cli ? { cli: write(ready.cli) } : {}),
    ...(ready.terraform ? { terraform: write(ready.terraform) } : {}),
  }
}

/** What is in order needs nothing, and what nobody saw has to be seen first. */
function mending(ready: Ready, { kind, missing }: Pick<Verdict, 'kind' | 'missing'>): Remediation {
  if (kind === 'unknown') return toKnow(missing)
  return kind === 'pass' ? { text: 'Nothing to do.' } : remediationOf(ready)
}

function verdictOf(
  ready: Ready,
  resource: Verdict['resource'],
  rest: Pick<Verdict, 'kind' | 'message' | 'evidence' | 'missing' | 'severity'>,
  element: Element | undefined,
): Verdict {
  return {
    rule: ready.rule.about,
    resource,
    ...rest,
    ...(element ? { subKey: element.subKey } : {}),
    remediation: mending(ready, rest),
  }
}

export function createJudge(world: World, keepPasses: boolean, waiving: Waiving | undefined) {
  const subject = createSubjects()
  const sources = (ready: Ready, resource: Resource, element: Element | undefined): Sources => ({
    config: world.view(resource).config,
    item: element?.value,
    fact: ready.frame.fact,
    named: (name) => {
      const answer = ready.named.get(name)?.run()
      return answer && 'value' in answer ? answer.value : undefined
    },
  })
  const unknown = (
    ready: Ready,
    resource: Resource,
    missing: readonly Missing[],
    element?: Element,
  ): void => {
    const evidence = evidenceOf(ready.rule, sources(ready, resource, element))
    const rest = {
      kind: 'unknown',
      message: why(missing),
      evidence,
      missing,
      severity: ready.rule.about.severity,
    } as const
    ready.counts.unknown++
    ready.verdicts.push(verdictOf(ready, subject(resource), rest, element))
  }
  const fail = (ready: Ready, resource: Resource, element?: Element): void => {
    const severity = severityOf(ready)
    const evidence = evidenceOf(ready.rule, sources(ready, resource, element))
    const rest = { kind: 'fail', message: write(ready.message), evidence, missing: [], severity } as const
    const verdict = verdictOf(ready, subject(resource), rest, element)
    const waiver = waiverOf(ready, resource, verdict, element)
    const kind = waiver?.state === 'active' ? 'waived' : 'fail'
    ready.counts[kind]++
    if (!waiver) ready.verdicts.push(verdict)
    else if (kind === 'waived') ready.verdicts.push({ ...verdict, kind, waiver })
    else ready.verdicts.push({ ...verdict, message: `${verdict.message} ${whyNot(waiver)}`, waiver })
  }
  const waiverOf = (
    ready: Ready,
    resource: Resource,
    { rule, severity, message, subKey = '' }: Verdict,
    element: Element | undefined,
  ): VerdictWaiver | undefined => {
    const finding = { rule, ruleId: rule.id, severity, pillar: rule.pillar, message, subKey }
    return waiving?.decide(finding, { resource, params: ready.params, item: element?.value })
  }
  const known = (ready: Ready, resource: Resource, kind: 'pass' | 'fail', element?: Element): void => {
    if (kind === 'fail') {
      fail(ready, resource, element)
      return
    }
    ready.counts.pass++
    if (!keepPasses) return
    const { severity, title: message } = ready.rule.about
    const evidence = evidenceOf(ready.rule, sources(ready, resource, element))
    ready.verdicts.push(
      verdictOf(ready, subject(resource), { kind, message, evidence, missing: [], severity }, element),
    )
  }
  const elements = (ready: Ready, resource: Resource, list: readonly unknown[]): void => {
    const keys = new Map<string, number>()
    for (const value of list) {
      ready.frame.set({ resource, params: ready.params, item: value })
      const answer = ready.each?.key.run()
      const text = answer && 'value' in answer ? conceal(show(answer.value)) : '(not known)'
      const seen = (keys.get(text) ?? 0) + 1
      keys.set(text, seen)
      const element = { subKey: seen > 1 ? `${text}#${seen}` : text, value }
      const passes = truth(ready.pass.run())
      if (typeof passes === 'boolean') known(ready, resource, passes ? 'pass' : 'fail', element)
      else unknown(ready, resource, passes, element)
    }
    ready.frame.set({ resource, params: ready.params })
    // Nothing to judge is in order; otherwise good elements weigh against bad ones.
    if (list.length === 0) known(ready, resource, 'pass')
  }
  return (ready: Ready, resource: Resource): void => {
    ready.frame.set({ resource, params: ready.params })
    if (ready.when) {
      const applies = truth(ready.when.run())
      if (applies === false) {
        ready.counts.notApplicable++
        return
      }
      if (applies !== true) {
        unknown(ready, resource, applies)
        return
      }
    }
    if (ready.each) {
      const answer = ready.each.list.run()
      if ('missing' in answer) unknown(ready, resource, answer.missing)
      else if (!Array.isArray(answer.value)) unknown(ready, resource, [reason('each does not give a list')])
      else elements(ready, resource, answer.value)
      return
    }
    const passes = truth(ready.pass.run())
    if (typeof passes !== 'boolean') unknown(ready, resource, passes)
    else known(ready, resource, passes ? 'pass' : 'fail')
  }
}

/** The HTML report's data: findings as rows small enough for ten thousand, what rules say once. */
import type { Audit, Finding } from '../score/audit.ts'
import type { Json } from '../snapshot/model.ts'
import { clip, scriptJson } from './escape.ts'
import type { PageData, Proof, Row, RuleData } from './html-types.ts'
import { groupFindings, missingText, waiverText } from './outline.ts'
import { grantsOf, pathOf, readable, valuesOf } from './proof.ts'

/** Of the rows: a page of 10,000 findings stays under 10 MB. */
const MAX_BYTES = 9_000_000
/** Characters of a text: the most that lets all rows in. The JSON has them whole. */
const ROOMS = [2_000, 600, 250, 100] as const
const MAX_VALUE = 1_000
const MAX_VALUES = 30
const MAX_ID = 400

function pairs(
  values: readonly (readonly [string, Json])[],
  room: number,
): readonly (readonly [string, string])[] {
  return values
    .slice(0, MAX_VALUES)
    .map(([key, value]) => [clip(key, MAX_ID), clip(readable(value, '\n'), room)] as const)
}

function proofOf(finding: Finding): Proof {
  const values = pairs(valuesOf(finding.evidence), MAX_VALUE)
  const path = pathOf(finding.evidence)
  const grants = grantsOf(finding.evidence)
  return {
    ...(values.length === 0 ? {} : { values }),
    ...(path ? { path } : {}),
    ...(grants.length === 0 ? {} : { grants }),
  }
}

/** A member only where it is there. */
const some = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V }

function rowOf(finding: Finding, rule: number, said: RuleData, room: number): Row {
  const { resource, remediation } = finding
  const { cli, terraform, text } = remediation
  const tags = pairs(Object.entries(resource.tags), Math.min(MAX_VALUE, room))
  const short = (value: string | undefined, most: number): string | undefined =>
    value === undefined ? undefined : clip(value, most)
  return {
    rule,
    verdict: finding.verdict,
    severity: finding.severity,
    account: resource.account,
    region: resource.region,
    type: resource.type,
    id: clip(resource.id, MAX_ID),
    ...some('name', short(resource.name, Math.min(MAX_ID, room))),
    ...some('subKey', short(finding.subKey, MAX_ID)),
    ...some('tags', tags.length === 0 ? undefined : tags),
    message: clip(finding.message, room),
    ...some('missing', finding.verdict === 'unknown' ? clip(missingText(finding), room) : undefined),
    ...some('waiver', finding.waiver === undefined ? undefined : waiverText(finding)),
    ...some('baseline', finding.baseline),
    ...some('fix', text === said.fix ? undefined : clip(text, room)),
    ...some('cli', short(cli, room)),
    ...some('terraform', terraform === said.terraform ? undefined : short(terraform, room)),
    fingerprint: finding.fingerprint,
  }
}

/** What all findings of a rule say alike, so that it is said once; nothing where each has its own. */
function alike(
  findings: readonly Finding[],
  of: (finding: Finding) => string | undefined,
): string | undefined {
  const [first, ...others] = findings.map(of)
  return others.every((one) => one === first) ? first : undefined
}

/** Of the rules only those with findings, in the order of their first one. */
function rulesOf(audit: Audit): RuleData[] {
  return groupFindings(audit).flatMap(({ findings, rule }) => {
    const [first] = findings
    if (!first) return []
    const { ruleId, title, pillar, references, compliance } = first
    const frameworks = Object.entries(compliance)
    return {
      id: ruleId,
      title,
      pillar,
      risk: rule?.risk ?? '',
      ...some(
        'fix',
        alike(findings, ({ remediation }) => remediation.text),
      ),
      ...some(
        'terraform',
        alike(findings, ({ remediation }) => remediation.terraform),
      ),
      references,
      compliance: frameworks.map(([framework, ids]) => `${framework} ${ids.join(', ')}`),
    }
  })
}

/** Rows as JSON, their texts as long as all of them may be. */
function rowsOf(audit: Audit, rules: readonly RuleData[]): string[] {
  const index = new Map(rules.map((rule, at) => [rule.id, { rule, at }]))
  let rows: string[] = []
  for (const room of ROOMS) {
    rows = audit.findings.flatMap((finding) => {
      const said = index.get(finding.ruleId)
      return said ? [scriptJson(rowOf(finding, said.at, said.rule, room))] : []
    })
    if (sizeOf(rows) <= MAX_BYTES) break
  }
  return rows
}

const sizeOf = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)

/** The page's data as JSON, in pieces. */
export function* pageData(audit: Audit, pillars: PageData['pillars']): Iterable<string> {
  const rules = rulesOf(audit)
  const rows = rowsOf(audit, rules)
  let left = MAX_BYTES - sizeOf(rows)
  yield `{"pillars":${scriptJson(pillars)},"rules":${scriptJson(rules)},"findings":[`
  for (const [at, finding] of audit.findings.entries()) {
    const row = rows[at] ?? '{}'
    const proof = scriptJson(proofOf(finding))
    left -= Buffer.byteLength(proof)
    const shown = left >= 0 ? proof : '{"noProof":true}'
    yield `${at === 0 ? '' : ','}\n${shown === '{}' ? row : `${row.slice(0, -1)},${shown.slice(1)}`}`
  }
  yield ']}'
}

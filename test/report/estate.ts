/** An audit as a real account gives one: to look at reports, and to weigh them with as many findings as are asked for. */
import type { RuleDescription, Verdict, VerdictKind, VerdictWaiver } from '../../src/rules/model.ts'
import type { Audit, BaselineState, Finding } from '../../src/score/audit.ts'
import { CONTROLS, type Control } from './estate-controls.ts'
import { auditOf, call, rule, verdict } from './sample.ts'

const ACCOUNTS = ['111122223333', '444455556666', '777788889999'] as const
const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'ap-southeast-2'] as const
const NAMES = [
  'bastion',
  'orders',
  'payments',
  'reporting',
  'frontend',
  'batch',
  'staging',
  'legacy-vpn',
] as const
const TEAMS = ['platform', 'payments', 'data', 'web'] as const

const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T

function ruleOf(control: Control): RuleDescription {
  const { id, title, pillar, severity, type, risk, fix, cli, terraform, maps } = control
  return rule(id, {
    title,
    pillar,
    severity,
    resource: type,
    risk,
    fix: { text: fix, cli, ...(terraform === undefined ? {} : { terraform }) },
    maps,
    references: [
      `https://docs.aws.amazon.com/securityhub/latest/userguide/${id.split('-')[0]}-controls.html`,
    ],
  })
}

function kindOf(control: Control, at: number): VerdictKind {
  const turn = Math.floor(at / CONTROLS.length) % 10
  if (turn < control.fail) return turn === 2 && control.severity !== 'critical' ? 'waived' : 'fail'
  return turn < control.fail + (control.unknown ?? 0) ? 'unknown' : 'pass'
}

function verdictOf(control: Control, of: RuleDescription, at: number): Verdict {
  const account = pick(ACCOUNTS, at + Math.floor(at / 7))
  const region = control.arn.includes('::') ? 'global' : pick(REGIONS, Math.floor(at / 3))
  const name = `${pick(NAMES, at * 5 + Math.floor(at / 11))}-${at}`
  const fill = (text: string): string =>
    text.replaceAll('{name}', name).replaceAll('{region}', region).replaceAll('{account}', account)
  const single = control.arn.endsWith(':root')
  const id = `arn:aws:${fill(control.arn)}${single ? '' : (0x4d3c_0000 + at * 7919).toString(16)}`
  const kind = kindOf(control, at)
  const made = verdict(of, kind, id, {
    account,
    region,
    ...(single ? {} : { name }),
    message: fill(control.message),
    tags: {
      environment: at % 3 === 0 ? 'production' : 'development',
      team: pick(TEAMS, at),
      ...(single ? {} : { Name: name }),
    },
    evidence: kind === 'unknown' ? {} : control.evidence(at),
  })
  const { text, terraform } = of.fix
  return {
    ...made,
    remediation: { text, cli: fill(control.cli), ...(terraform === undefined ? {} : { terraform }) },
  }
}

function marked(finding: Finding, at: number): Finding {
  const baseline: BaselineState = at % 6 === 0 ? 'new' : 'unchanged'
  if (finding.verdict !== 'waived') return { ...finding, baseline }
  const waiver: VerdictWaiver = {
    state: 'active',
    reason: 'The office VPN replaces it in the first quarter; until then only the bastion is affected',
    owner: 'platform team',
    expires: '2027-03-01',
    ticket: 'SEC-1482',
    file: 'aws-secaudit.waivers.yaml',
    line: 12,
  }
  return { ...finding, baseline, waiver }
}

/** @param count resources that are judged; about a third of them have a finding */
export function estate(count: number, showPassed = false): Audit {
  const rules = CONTROLS.map(ruleOf)
  const seen = new Set<string>()
  const verdicts = Array.from({ length: count }, (_, at) => {
    const control = pick(CONTROLS, at)
    return verdictOf(control, pick(rules, at), at)
  }).filter(({ rule: { id }, resource }) => {
    const key = `${id} ${resource.id}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
  const audit = auditOf(rules, verdicts, {
    accounts: ACCOUNTS,
    file: 'prod-2026-11-24.ndjson',
    showPassed,
    calls: [
      call(),
      call({
        service: 'kms',
        operation: 'GetKeyPolicy',
        permission: 'kms:GetKeyPolicy',
        outcome: 'denied',
        failed: 3,
      }),
      call({
        service: 'macie2',
        operation: 'GetMacieSession',
        permission: 'macie2:GetMacieSession',
        outcome: 'throttled',
        region: 'us-east-1',
      }),
    ],
  })
  return { ...audit, findings: audit.findings.map(marked) }
}

/** A made audit with every verdict and severity, values that mean harm among them. */
import type { Pillar, RuleDescription, Severity, Verdict, VerdictKind } from '../../src/rules/model.ts'
import { PILLARS, SEVERITIES } from '../../src/rules/model.ts'
import type { Audit, BaselineState, Finding } from '../../src/score/audit.ts'
import { buildAudit } from '../../src/score/build-audit.ts'
import type { CallRecord, Json, Missing } from '../../src/snapshot/model.ts'

export const HOSTILE: readonly string[] = [
  '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
  '\u001b[2J\u001b[31mred',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '</script><!--',
  'two\nlines\r\nand\ta tab',
  'a|b|c',
  '`code` **bold** [link](https://evil.example) @everyone #1 {0}',
  '=cmd()|calc!A0',
  '+1',
  '-1',
  '@SUM(A1)',
  '\u202egnp.exe\u202c',
  '\u0000\u0001\u0008\u000b\uffff',
  '\ud800 lone',
  ']]>&amp;"quotes" \'single\'',
  '__proto__',
  'x'.repeat(10_000),
  '部署用セキュリティグループ',
  '👩‍💻🏴󠁧󠁢󠁥󠁮󠁧󠁿 team',
  '',
]

export function rule(id: string, over: Partial<RuleDescription> = {}): RuleDescription {
  return {
    id,
    aliases: [],
    title: `What ${id} asks for holds`,
    pillar: 'infrastructure',
    severity: 'medium',
    resource: 'AWS::EC2::SecurityGroup',
    pass: 'true',
    cases: [],
    message: '{name}',
    risk: 'Somebody gets in.',
    fix: { text: 'Close it.', cli: 'aws ec2 close', terraform: 'closed = true' },
    references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
    maps: { 'CIS-AWS-3.0': ['5.2'], FSBP: ['EC2.13'] },
    params: [],
    operations: ['ec2:DescribeSecurityGroups'],
    file: `rules/infrastructure/${id}.yaml`,
    ...over,
  }
}

export const DENIED: Missing = {
  operation: 'kms:GetKeyPolicy',
  outcome: 'denied',
  permission: 'kms:GetKeyPolicy',
  detail: 'AccessDeniedException: not authorized to perform kms:GetKeyPolicy',
}

export interface Shape {
  readonly account?: string
  readonly region?: string
  readonly severity?: Severity
  readonly name?: string
  readonly subKey?: string
  readonly message?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly evidence?: Readonly<Record<string, Json>>
}

export function verdict(of: RuleDescription, kind: VerdictKind, id: string, shape: Shape = {}): Verdict {
  const { account = '111122223333', region = 'eu-west-1' } = shape
  return {
    rule: of,
    kind,
    severity: shape.severity ?? of.severity,
    resource: {
      id: id.startsWith('arn:') ? id : `arn:aws:ec2:${region}:${account}:security-group/${id}`,
      type: of.resource,
      account,
      region,
      ...(shape.name === undefined ? {} : { name: shape.name }),
      tags: shape.tags ?? {},
    },
    ...(shape.subKey === undefined ? {} : { subKey: shape.subKey }),
    message: shape.message ?? `${shape.name ?? id} is open.`,
    evidence: shape.evidence ?? {},
    missing: kind === 'unknown' ? [DENIED] : [],
    remediation: { text: 'Close it.', cli: `aws ec2 close --id ${id}` },
  }
}

export const call = (over: Partial<CallRecord> = {}): CallRecord => ({
  account: '111122223333',
  region: 'eu-west-1',
  service: 'ec2',
  operation: 'DescribeSecurityGroups',
  outcome: 'ok',
  calls: 1,
  permission: 'ec2:DescribeSecurityGroups',
  ...over,
})

export interface AuditShape {
  readonly calls?: readonly CallRecord[]
  readonly passes?: Readonly<Record<string, number>>
  readonly showPassed?: boolean
  readonly file?: string
  readonly problems?: Audit['problems']
  readonly accounts?: readonly string[]
}

export function auditOf(
  rules: readonly RuleDescription[],
  verdicts: readonly Verdict[],
  shape: AuditShape = {},
): Audit {
  const count = (id: string, kind: VerdictKind): number =>
    verdicts.filter((one) => one.rule.id === id && one.kind === kind).length
  const order = new Map(
    [...new Set(verdicts.map((one) => one.resource.id))].sort().map((id, at) => [id, at + 2]),
  )
  return buildAudit({
    tool: { name: 'aws-secaudit', version: '1.2.3' },
    snapshot: {
      manifest: {
        schemaVersion: 1,
        tool: { name: 'aws-secaudit', version: '1.2.3' },
        time: '2026-11-24T16:00:00Z',
        partition: 'aws',
        accounts: (shape.accounts ?? ['111122223333']).map((id) => ({ id })),
        regions: ['eu-west-1', 'us-east-1'],
        calls: shape.calls ?? [call()],
      },
      sha256: 'ab'.repeat(32),
      file: shape.file ?? 'snapshots/prod 1.ndjson',
    },
    lines: (id) => order.get(id),
    verdicts,
    counts: rules.map((one) => ({
      ruleId: one.id,
      pass: count(one.id, 'pass') + (shape.passes?.[one.id] ?? 0),
      fail: count(one.id, 'fail'),
      unknown: count(one.id, 'unknown'),
      waived: count(one.id, 'waived'),
      notApplicable: 0,
    })),
    problems: shape.problems ?? [],
    rules,
    showPassed: shape.showPassed ?? false,
  })
}

const WITNESS: Json = {
  packet: { srcIp: '198.51.100.7', dstIp: '10.0.1.5', protocol: 'tcp', dstPort: 22 },
  hops: [
    { resource: 'internet', kind: 'source', decision: 'sends', detail: 'from any address' },
    { resource: 'igw-0a1b', kind: 'internet gateway', decision: 'forwards', detail: '' },
    {
      resource: 'eni-0c2d',
      kind: 'interface',
      decision: 'accepts',
      detail: 'sg-0e3f allows tcp/22 from 0.0.0.0/0',
    },
  ],
}

const BASELINES: readonly BaselineState[] = ['new', 'unchanged', 'changed', 'rule-changed']

/** As waivers and a comparison with an earlier audit leave it. */
function marked(finding: Finding, at: number): Finding {
  const baseline = BASELINES[at % BASELINES.length] ?? 'new'
  if (finding.verdict !== 'waived') return { ...finding, baseline }
  const waiver = { reason: `Accepted: ${finding.message}`, owner: 'network team', expires: '2027-03-01' }
  const waived = { state: 'active', ...waiver, file: 'aws-secaudit.waivers.yaml', line: 3 } as const
  return { ...finding, baseline, waiver: waived }
}

/** Every severity, verdict and pillar, two accounts, and each hostile value as name, tag, message and evidence. */
export function sampleAudit(shape: AuditShape = {}): Audit {
  const rules = SEVERITIES.flatMap((severity, at) => {
    const pillar: Pillar = PILLARS[at % PILLARS.length] ?? 'iam'
    return [
      rule(`${pillar}-${severity}-one`, { severity, pillar }),
      rule(`${pillar}-${severity}-two`, { severity, pillar }),
    ]
  })
  const kinds: readonly VerdictKind[] = ['fail', 'unknown', 'waived', 'pass']
  const verdicts = rules.flatMap((one, at) =>
    HOSTILE.flatMap((value, index) => {
      const kind = kinds[(at + index) % kinds.length] ?? 'fail'
      const account = index % 3 === 0 ? '444455556666' : '111122223333'
      return [
        verdict(one, kind, `sg-${at}-${index}`, {
          account,
          name: value,
          message: `Group ${value} is open`,
          tags: JSON.parse(JSON.stringify({ Name: value, [`k${value.slice(0, 50)}`]: 'v' })),
          evidence:
            index === 0
              ? { witness: WITNESS }
              : { Port: 22, Value: value, Nested: JSON.parse('{"__proto__": {"polluted": true}}') },
        }),
      ]
    }),
  )
  const audit = auditOf(rules, verdicts, {
    accounts: ['111122223333', '444455556666'],
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
      }),
    ],
    problems: [
      {
        file: 'rules/mine/bad.yaml',
        line: 3,
        column: 7,
        level: 'error',
        message: 'no such key: IpPermisions',
      },
    ],
    ...shape,
  })
  return { ...audit, findings: audit.findings.map(marked) }
}

/** As many findings as an upload or a page may get, of every severity, a third of them unknown. */
export function largeAudit(count: number, shape: (at: number) => Shape = () => ({})): Audit {
  const rules = SEVERITIES.map((severity) => rule(`open-${severity}`, { severity }))
  const verdicts = Array.from({ length: count }, (_, at) => {
    const one = rules[at % rules.length] ?? rule('open')
    return verdict(one, at % 3 === 2 ? 'unknown' : 'fail', `sg-${String(at).padStart(8, '0')}`, shape(at))
  })
  return auditOf(rules, verdicts)
}

import { describe, expect, it } from 'vitest'
import { asff } from '../../src/report/asff.ts'
import { asffType } from '../../src/report/asff-types.ts'
import type { ReportPart } from '../../src/report/model.ts'
import type { Audit } from '../../src/score/audit.ts'
import { readBy, render } from './reading.ts'
import { auditOf, largeAudit, rule, sampleAudit, verdict } from './sample.ts'

interface Asff {
  readonly Id: string
  readonly ProductArn: string
  readonly AwsAccountId: string
  readonly CreatedAt: string
  readonly Title: string
  readonly Description: string
  readonly Severity: { readonly Label: string; readonly Original: string }
  readonly FindingProviderFields: { readonly Severity: { readonly Label: string } }
  readonly Compliance: {
    readonly Status: string
    readonly StatusReasons?: readonly { readonly ReasonCode: string; readonly Description: string }[]
    readonly RelatedRequirements?: readonly string[]
  }
  readonly Workflow: { readonly Status: string }
  readonly Note?: { readonly Text: string; readonly UpdatedBy: string }
  readonly Remediation: { readonly Recommendation: { readonly Text: string; readonly Url?: string } }
  readonly ProductFields: Readonly<Record<string, string>>
  readonly Resources: readonly {
    readonly Type: string
    readonly Id: string
    readonly Region: string
    readonly Tags?: Readonly<Record<string, string>>
    readonly Details?: { readonly Other: Readonly<Record<string, string>> }
  }[]
}
interface Read {
  readonly count: number
  readonly errors: readonly string[]
  readonly types: readonly string[]
}

const read = (audit: Audit): readonly Asff[] => JSON.parse(render('asff', audit))
const parts = (audit: Audit): readonly ReportPart[] => [...(asff.parts?.(audit) ?? [])]

describe("Security Hub's model of BatchImportFindings", () => {
  it('accepts each finding of an audit with every verdict and hostile values', () => {
    const { count, errors } = readBy('asff', render('asff', sampleAudit({ showPassed: true }))) as Read
    expect([count, errors]).toEqual([200, []])
  })

  it('refuses a finding that is wrong: the check can fail', () => {
    const [one] = read(sampleAudit())
    const wrong = [
      { ...one, Title: ' ' },
      { ...one, Compliance: { Status: 'UNKNOWN' } },
      { ...one, Titel: 'x' },
      { ...one, Id: 7 },
    ]
    for (const finding of wrong)
      expect((readBy('asff', JSON.stringify([finding])) as Read).errors).toHaveLength(1)
  })

  it('knows each type of resource that is not called Other', () => {
    const { types } = readBy('asff', '[]') as Read
    for (const [name, type] of [
      ['AWS::EC2::SecurityGroup', 'AwsEc2SecurityGroup'],
      ['AWS::S3::Bucket', 'AwsS3Bucket'],
      ['AWS::RDS::DBInstance', 'AwsRdsDbInstance'],
      ['AWS::EC2::VPC', 'AwsEc2Vpc'],
      ['AWS::EC2::VPCEndpointService', 'AwsEc2VpcEndpointService'],
      ['AWS::KMS::Key', 'AwsKmsKey'],
      ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AwsElbv2LoadBalancer'],
      ['AWS::Lambda::Function', 'AwsLambdaFunction'],
      ['AWS::IAM::Role', 'AwsIamRole'],
      ['AWS::SecretsManager::Secret', 'AwsSecretsManagerSecret'],
      ['AWS::SSM::Document', 'Other'],
    ] as const) {
      expect(asffType(name)).toBe(type)
      expect(types).toContain(type)
    }
    expect(asffType('AWS::Account')).toBe('AwsAccount')
  })
})

describe('an ASFF finding', () => {
  const audit = sampleAudit({ showPassed: true })
  const findings = read(audit)

  it('stays within the lengths of the format', () => {
    for (const one of findings) {
      expect(one.Title.length).toBeLessThanOrEqual(256)
      expect(one.Description.length).toBeLessThanOrEqual(1024)
      expect(one.Remediation.Recommendation.Text.length).toBeLessThanOrEqual(512)
      expect(one.Id.length).toBeLessThanOrEqual(512)
      expect(Buffer.byteLength(JSON.stringify(one))).toBeLessThanOrEqual(240_000)
      for (const [key, value] of Object.entries(one.Resources[0]?.Tags ?? {})) {
        expect(key.length).toBeLessThanOrEqual(128)
        expect(value.length).toBeLessThanOrEqual(256)
      }
    }
  })

  it('is smaller than 240 kB even where tags and evidence are large: they are the first to go', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`${'鍵'.repeat(120)}${at}`, '値'.repeat(1_024)]),
    )
    const large = verdict(rule('open'), 'fail', 'sg-1', { evidence: wide, tags: wide })
    const [one] = read(auditOf([rule('open')], [large]))
    expect(Buffer.byteLength(JSON.stringify(one))).toBeLessThanOrEqual(240_000)
    expect(Object.keys(one?.Resources[0]?.Tags ?? {})).toHaveLength(50)
  })

  it('is of the product of its own account and Region; what is global is at home in the first Region', () => {
    const at = (id: string, region: string): string | undefined =>
      read(auditOf([rule('open')], [verdict(rule('open'), 'fail', id, { region })]))[0]?.ProductArn
    const product = 'product/111122223333/default'
    expect(at('sg-1', 'eu-west-1')).toBe(`arn:aws:securityhub:eu-west-1:111122223333:${product}`)
    expect(at('arn:aws:iam::111122223333:root', 'global')).toBe(
      `arn:aws:securityhub:us-east-1:111122223333:${product}`,
    )
    expect(at('arn:aws-us-gov:iam::111122223333:root', 'global')).toBe(
      `arn:aws-us-gov:securityhub:us-gov-west-1:111122223333:${product}`,
    )
    expect(at('arn:aws-cn:s3:::logs', 'cn-northwest-1')).toBe(
      `arn:aws-cn:securityhub:cn-northwest-1:111122223333:${product}`,
    )
  })

  it('grades and marks: failed, passed, not available with the reason, suppressed with a note', () => {
    const labels = { critical: 'CRITICAL', high: 'HIGH', medium: 'MEDIUM', low: 'LOW', info: 'INFORMATIONAL' }
    const statuses = { pass: 'PASSED', fail: 'FAILED', waived: 'FAILED', unknown: 'NOT_AVAILABLE' }
    for (const [at, one] of findings.entries()) {
      const { verdict: kind, severity, baseline } = audit.findings[at] ?? expect.fail('one too many')
      expect(one.Severity).toEqual({ Label: labels[severity], Original: severity })
      expect(one.FindingProviderFields.Severity).toEqual(one.Severity)
      expect(one.Compliance.Status).toBe(statuses[kind])
      expect(one.Workflow.Status).toBe(kind === 'waived' ? 'SUPPRESSED' : 'NEW')
      if (kind === 'unknown')
        expect(one.Compliance.StatusReasons?.[0]?.Description).toContain('kms:GetKeyPolicy denied')
      else expect(one.Compliance).not.toHaveProperty('StatusReasons')
      if (kind === 'waived') expect(one.Note).toMatchObject({ UpdatedBy: 'network team' })
      else expect(one).not.toHaveProperty('Note')
      expect(one.ProductFields).toMatchObject({
        'aws-secaudit/verdict': kind,
        'aws-secaudit/baseline': baseline,
        'aws-secaudit/audit-incomplete': 'true',
      })
    }
  })

  it('takes its times from the snapshot', () => {
    expect(new Set(findings.map((one) => one.CreatedAt))).toEqual(new Set(['2026-11-24T16:00:00Z']))
  })

  it('has no text that a console would obey or hide', () => {
    const text = findings.map((one) => one.Title + one.Description + one.Note?.Text).join('')
    expect(text).not.toMatch(/[\u0000\u001b\u202e\ud800-\udfff]/u)
  })
})

describe('batches for BatchImportFindings', () => {
  it('hold at most 100 findings of one account and Region, all of them together', () => {
    const audit = largeAudit(1_000, (at) => ({
      account: at % 2 === 0 ? '111122223333' : '444455556666',
      region: at % 5 === 0 ? 'us-east-1' : 'eu-west-1',
    }))
    const files = parts(audit)
    const ids: string[] = []
    for (const { name, text } of files) {
      const batch = JSON.parse(text) as Asff[]
      expect(batch.length).toBeLessThanOrEqual(100)
      expect(new Set(batch.map((one) => one.ProductArn)).size).toBe(1)
      const [one] = batch
      expect(name).toMatch(new RegExp(`^${one?.AwsAccountId}\\.${one?.Resources[0]?.Region}\\.\\d{3}$`))
      ids.push(...batch.map((each) => each.Id))
    }
    expect(files.map((file) => file.name)).toEqual([...new Set(files.map((file) => file.name))])
    expect(files).toHaveLength(10)
    expect(new Set(ids)).toEqual(new Set(read(audit).map((one) => one.Id)))
  })

  it('hold at most 6 MB', () => {
    const wide = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, '値'.repeat(1_024)]))
    const files = parts(largeAudit(100, () => ({ evidence: wide })))
    expect(files.length).toBeGreaterThan(1)
    for (const { text } of files) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(6_000_000)
  })

  it('are none where there is no finding, and safe as names of files', () => {
    expect(parts(auditOf([], []))).toEqual([])
    const odd = verdict(rule('open'), 'fail', 'sg-1', { region: '../../etc' })
    expect(parts(auditOf([rule('open')], [odd]))[0]?.name).not.toMatch(/\//)
  })
})

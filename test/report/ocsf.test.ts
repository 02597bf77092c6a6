import { describe, expect, it } from 'vitest'
import { readBy, render } from './reading.ts'
import { auditOf, rule, sampleAudit, verdict } from './sample.ts'

interface Event {
  readonly category_uid: number
  readonly class_uid: number
  readonly activity_id: number
  readonly type_uid: number
  readonly time: number
  readonly severity_id: number
  readonly status_id: number
  readonly metadata: { readonly version: string; readonly profiles: readonly string[] }
  readonly cloud: {
    readonly provider: string
    readonly account: { readonly uid: string }
    readonly region: string
  }
  readonly finding_info: { readonly uid: string; readonly title: string; readonly created_time: number }
  readonly compliance: {
    readonly status_id: number
    readonly status_details?: readonly string[]
    readonly requirements: readonly string[]
    readonly control: string
  }
  readonly resources: readonly {
    readonly uid: string
    readonly cloud_partition: string
    readonly labels: readonly string[]
  }[]
  readonly unmapped: Readonly<Record<string, unknown>>
}

interface Read {
  readonly errors: readonly string[]
  readonly events: readonly Event[]
}

describe('the OCSF report', () => {
  const audit = sampleAudit({ showPassed: true })
  const text = render('ocsf', audit)
  const events = JSON.parse(text) as readonly Event[]
  const { errors, events: understood } = readBy('ocsf', text) as Read

  it("is valid by OCSF's own schema", () => {
    expect(errors).toEqual([])
  })

  it('is understood by py-ocsf-models, event by event', () => {
    expect(understood).toHaveLength(audit.findings.length)
    for (const [at, event] of understood.entries()) {
      const { fingerprint, title, ruleId, resource } = audit.findings[at] ?? expect.fail('one too many')
      expect(event.finding_info).toMatchObject({ uid: fingerprint, title })
      expect(event.compliance.control).toBe(ruleId)
      expect(event.resources[0]?.uid).toBe(resource.id)
      expect(event.cloud.account.uid).toBe(resource.account)
    }
  })

  it('is refused by both where it is wrong: the checks can fail', () => {
    const one = JSON.stringify(events.slice(0, 1))
    const { errors: found } = readBy('ocsf', one.replace('"region":', '"Region":')) as Read
    expect(found).not.toEqual([])
    expect(() => readBy('ocsf', one.replace('"severity_id":5', '"severity_id":50'))).toThrow(/severity_id/)
  })

  it('is of class Compliance Finding, its times those of the snapshot in milliseconds', () => {
    for (const event of understood) {
      expect(event).toMatchObject({ category_uid: 2, class_uid: 2003, activity_id: 1, type_uid: 200_301 })
      expect(event.metadata.profiles).toEqual(['cloud'])
      expect([event.time, event.finding_info.created_time]).toEqual([
        Date.UTC(2026, 10, 24, 16),
        Date.UTC(2026, 10, 24, 16),
      ])
    }
  })

  it('grades and marks: severity 1 to 5; pass 1, warning 2, fail 3; suppressed where waived', () => {
    const severities = { info: 1, low: 2, medium: 3, high: 4, critical: 5 }
    const compliance = { pass: 1, unknown: 2, fail: 3, waived: 3 }
    const status = { pass: 4, unknown: 1, fail: 1, waived: 3 }
    for (const [at, event] of understood.entries()) {
      const { severity, verdict, baseline } = audit.findings[at] ?? expect.fail('one too many')
      expect(event.severity_id).toBe(severities[severity])
      expect(event.compliance.status_id).toBe(compliance[verdict])
      expect(event.status_id).toBe(status[verdict])
      expect(event.unmapped).toMatchObject({ verdict, baseline, audit_incomplete: true })
    }
  })

  it('says what could not be seen, and by whom a finding is waived', () => {
    for (const event of events) {
      expect(/kms:GetKeyPolicy denied/.test(event.compliance.status_details?.[0] ?? '')).toBe(
        event.unmapped['verdict'] === 'unknown',
      )
      expect('waiver' in event.unmapped).toBe(event.unmapped['verdict'] === 'waived')
    }
  })

  it.each([
    ['arn:aws-us-gov:s3:::logs', 'us-gov-west-1', 'aws-us-gov'],
    ['arn:aws-cn:s3:::logs', 'global', 'aws-cn'],
    ['arn:aws:s3:::logs', 'eu-west-1', 'aws'],
  ])('knows the partition of %s in %s', (id, region, partition) => {
    const one = auditOf([rule('open')], [verdict(rule('open'), 'fail', id, { region })])
    const [event] = JSON.parse(render('ocsf', one)) as Event[]
    expect(event?.resources[0]?.cloud_partition).toBe(partition)
  })

  it('is one array, or one event a line', () => {
    const lines = render('ocsf-ndjson', audit).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(events)
    expect(render('ocsf', auditOf([], []))).toBe('[]\n')
    expect(render('ocsf-ndjson', auditOf([], []))).toBe('')
  })
})

import { describe, expect, it } from 'vitest'
import { adviceFor, notSeen, operationsText } from '../../src/report/outline.ts'
import type { Audit } from '../../src/score/audit.ts'
import type { CallRecord, Missing } from '../../src/snapshot/model.ts'
import { auditOf, call, rule, verdict } from './sample.ts'

const denied = (service: string, operation: string, over: Partial<CallRecord> = {}): CallRecord =>
  call({ service, operation, permission: `${service}:${operation}`, outcome: 'denied', ...over })
const accounts = denied('organizations', 'ListAccounts', { region: 'global', reserved: true })
/** Of a rule that reads security groups and the organization's accounts, and passes. */
const reading = rule('open', { operations: ['ec2:DescribeSecurityGroups', 'organizations:ListAccounts'] })
const audited = (...calls: readonly CallRecord[]): Audit =>
  auditOf([reading], [verdict(reading, 'pass', 'sg-1')], { calls: [call(), ...calls] })

describe('what was not seen', () => {
  it('is one entry where no verdict hangs on it, however many services were denied', () => {
    const audit = audited(
      denied('codeartifact', 'ListDomains'),
      denied('codeartifact', 'ListDomains', { region: 'us-east-1' }),
      denied('sqs', 'ListQueues'),
      denied('events', 'ListEventBuses', { outcome: 'throttled' }),
    )
    expect(notSeen(audit)).toMatchObject([
      {
        operation: '2 operations',
        outcome: 'denied',
        permission: 'codeartifact:ListDomains, sqs:ListQueues',
        places: ['111122223333/eu-west-1', '111122223333/us-east-1'],
        rules: [],
      },
      { operation: 'events:ListEventBuses', outcome: 'throttled', rules: [] },
    ])
    expect(audit.incomplete).toBe(false)
    expect(operationsText(notSeen(audit))).toBe('3 operations')
  })

  it('is one entry for what was never called, as soon as that is much', () => {
    const never = (api: string): Missing => ({
      operation: `ec2:${api}`,
      outcome: 'not-collected',
      permission: `ec2:${api}`,
    })
    const apis = ['DescribeVpcs', 'DescribeSubnets', 'DescribeRouteTables', 'DescribeVolumes']
    const blind = (count: number): Audit =>
      auditOf(
        [reading],
        [{ ...verdict(reading, 'unknown', 'sg-1'), missing: apis.slice(0, count).map(never) }],
      )
    expect(notSeen(blind(3))).toHaveLength(3)
    expect(notSeen(blind(4))).toMatchObject([
      {
        operation: '4 operations',
        outcome: 'not-collected',
        rules: ['open'],
        resources: 1,
        operations: 4,
        detail: 'ec2:DescribeRouteTables, ec2:DescribeSubnets, ec2:DescribeVolumes, ec2:DescribeVpcs',
      },
    ])
  })

  it('is an entry an operation where a rule reads it', () => {
    const audit = audited(call({ region: 'us-east-1', outcome: 'denied' }), denied('sqs', 'ListQueues'))
    expect(notSeen(audit)).toMatchObject([
      { operation: 'ec2:DescribeSecurityGroups', outcome: 'denied', rules: ['open'] },
      { operation: 'sqs:ListQueues', rules: [] },
    ])
    expect(audit.incomplete).toBe(true)
  })

  it('does not make an audit incomplete that AWS answers to the management account only', () => {
    const audit = audited(accounts)
    expect(audit.incomplete).toBe(false)
    const [seen] = notSeen(audit)
    expect(seen).toMatchObject({ operation: 'organizations:ListAccounts', rules: [], reserved: true })
    expect(seen && adviceFor(seen)).toMatch(/^scan the organization's management account, too/)
  })

  it('does, where a verdict hangs on it', () => {
    const missing: Missing = {
      operation: 'organizations:ListAccounts',
      outcome: 'denied',
      permission: 'organizations:ListAccounts',
    }
    const unknown = { ...verdict(reading, 'unknown', 'sg-1'), missing: [missing] }
    const audit = auditOf([reading], [unknown], { calls: [call(), accounts] })
    expect(audit.incomplete).toBe(true)
    expect(notSeen(audit)).toMatchObject([{ rules: ['open'], resources: 1, reserved: true }])
  })

  it('does, where it failed otherwise than by a denial', () => {
    expect(audited({ ...accounts, outcome: 'throttled' }).incomplete).toBe(true)
  })
})

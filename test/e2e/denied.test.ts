/**
 * What the permissions are for: with those that `permissions` prints nothing is denied, and without one of them,
 * or without any set of them, what is missing is told and no verdict is wrong.
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { openFolder } from '../../src/cli/shared/files.ts'
import type { Answers, Ask } from '../../src/collect/answers.ts'
import { permissionOf } from '../../src/collect/dsl.ts'
import { services } from '../../src/collect/index.ts'
import { SEVERITIES } from '../../src/rules/model.ts'
import type { Finding } from '../../src/score/audit.ts'
import { openRawFolder } from '../../src/snapshot/import.ts'
import { REGIONS, replayed } from './estate.ts'
import { denied } from './faults.ts'
import { actionOf, allows, type Policy } from './iam.ts'
import { askId, remembering, snapshotOf, type Verdicts, verdictsOf, wronged } from './in-process.ts'
import { startProxy } from './proxy.ts'
import { tool } from './tool.ts'

let answers: Answers
let full: Verdicts
let regions: Map<string, string>
/** Every permission that some call about the estate needs. */
let used: string[]

beforeAll(async () => {
  const source = await openRawFolder(await openFolder(inject('answers')), services)
  const memory = remembering(source.answers)
  answers = async (ask) => memory.replies.get(askId(ask)) ?? memory.answers(ask)
  const snapshot = await snapshotOf(answers)
  full = await verdictsOf(snapshot)
  regions = new Map(snapshot.resources.map((resource) => [resource.id, resource.region]))
  const asked = snapshot.manifest.calls.filter((call) => call.calls > 0).map((call) => call.permission)
  used = [...new Set(asked)].sort()
})

const AWS_SAYS = {
  code: 'AccessDenied',
  message: 'not authorized to perform this action',
  outcome: 'denied',
} as const

/** Judges what is left when AWS denies what `isDenied` names. */
async function without(isDenied: (permission: string, ask: Ask) => boolean): Promise<Verdicts> {
  const snapshot = await snapshotOf(async (ask) =>
    isDenied(permissionOf(ask.service, ask.operation), ask)
      ? { pages: [], calls: 1, failure: AWS_SAYS }
      : answers(ask),
  )
  return verdictsOf(snapshot)
}

const wrong = (verdicts: Verdicts): string[] => wronged(full, verdicts, (id) => regions.get(id))

/** Answers that decide no verdict, anywhere or in this estate. */
const DECIDES_NOTHING: Readonly<Record<string, string>> = {
  's3:GetBucketPolicyStatus': 'it grades how much a finding weighs',
  'ec2:GetTransitGatewayRouteTableAssociations': 'nothing is attached to the transit gateways of the estate',
  'ec2:SearchTransitGatewayRoutes': 'nothing is attached to the transit gateways of the estate',
  'elasticloadbalancing:DescribeLoadBalancerAttributes':
    'an Application Load Balancer spreads over its zones in any case',
  'elasticloadbalancing:DescribeTargetGroupAttributes':
    'an Application Load Balancer keeps no client addresses',
  'organizations:DescribePolicy':
    'a control policy that was not read is not reckoned with, and the answer says so',
  'organizations:ListTargetsForPolicy':
    'the control policies of the estate deny nothing that a rule asks about',
  'codeartifact:GetDomainPermissionsPolicy': 'no key that is shared encrypts a domain',
  'codeartifact:GetRepositoryPermissionsPolicy': 'no key that is shared encrypts a repository',
  'rds:DescribeDBClusterSnapshotAttributes': 'no key that is shared encrypts a snapshot of a cluster',
  'ses:GetEmailIdentityPolicies': 'no key that is shared encrypts an identity',
  'lambda:ListFunctionUrlConfigs': 'no function of the estate has a URL',
}

/** What the audit fails to say where one permission is denied. */
function untold(permission: string, { audit }: Verdicts): string[] {
  const isIt = (one: { permission: string; outcome: string }): boolean =>
    one.permission === permission && one.outcome === 'denied'
  const lines = audit.coverage.filter(isIt)
  if (lines.length === 0) return [`${permission}: no line of the coverage tells`]
  const blind = audit.findings.some(({ verdict, missing }) => verdict === 'unknown' && missing?.some(isIt))
  const decides = lines.some((line) => line.affects.length > 0) && !Object.hasOwn(DECIDES_NOTHING, permission)
  return decides === blind ? [] : [`${permission}: ${decides ? 'rules read it, and none' : 'one'} is unknown`]
}

const rank = (finding: Finding): number => SEVERITIES.indexOf(finding.severity)

/** Findings that weigh less than they do where everything was read. */
function understated(verdicts: Verdicts): string[] {
  const failed = verdicts.audit.findings.filter((finding) => finding.verdict === 'fail')
  const before = new Map(full.audit.findings.map((finding) => [finding.fingerprint, rank(finding)]))
  return failed
    .filter((finding) => rank(finding) > (before.get(finding.fingerprint) ?? -1))
    .map((finding) => `${finding.ruleId} ${finding.resource.id} weighs less: ${finding.severity}`)
}

describe('with the permissions that are printed', () => {
  it('nothing is denied, and each of them is needed', async () => {
    const policy = JSON.parse((await tool(['permissions'])).stdout) as Policy
    const proxy = await startProxy({
      ...(await replayed(inject('answers'), inject('emulator'))),
      fault: (call) => (allows(policy, call) ? undefined : denied(call)),
    })
    const ended = await tool(['collect', '-q', '-o', '-'], { endpoint: proxy.url })
    const asked = new Set(proxy.calls.map(actionOf))
    await proxy.close()
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).not.toContain('"denied"')
    const granted = policy.Statement.flatMap((one) => one.Action)
    // S3 tells each bucket's Region in its listing; where it does not, it is asked.
    expect(granted.filter((action) => !asked.has(action))).toEqual(['s3:GetBucketLocation'])
  })
})

describe('without one permission', () => {
  it('an unknown verdict names it, or a line of the coverage where no rule reads the answer', async () => {
    const problems: string[] = []
    for (const permission of used) {
      const verdicts = await without((needed) => needed === permission)
      problems.push(...untold(permission, verdicts), ...wrong(verdicts), ...understated(verdicts))
    }
    expect(used.length).toBeGreaterThan(100)
    expect(problems).toEqual([])
  })
})

describe('without any set of permissions', () => {
  it('each verdict is the full one, or unknown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(used, { minLength: 2 }), async (denied) => {
        const verdicts = await without((needed) => denied.includes(needed))
        expect([...wrong(verdicts), ...understated(verdicts)]).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('in some Regions only, each verdict is the full one, or unknown', async () => {
    const places = fc.subarray(['global', ...REGIONS], { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(fc.subarray(used, { minLength: 1 }), places, async (denied, where) => {
        const verdicts = await without(
          (needed, ask) => denied.includes(needed) && where.includes(ask.place.region),
        )
        expect([...wrong(verdicts), ...understated(verdicts)]).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})

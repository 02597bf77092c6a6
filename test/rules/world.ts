/** A small account for the tests of the rules: hand-written shapes, resources and rules. */
import type { Analysis } from '../../src/analyze/analysis.ts'
import { type EvaluateOptions, evaluate } from '../../src/rules/evaluate.ts'
import { type Loaded, loadRules } from '../../src/rules/load.ts'
import type { Shapes } from '../../src/rules/shapes.ts'
import { indexSnapshot } from '../../src/snapshot/index.ts'
import type { CallRecord, Json, Missing, Resource, Snapshot } from '../../src/snapshot/model.ts'

export const ACCOUNT = '123456789012'
export const REGION = 'eu-west-1'
export const GROUP = 'AWS::EC2::SecurityGroup'
export const INTERFACE = 'AWS::EC2::NetworkInterface'
export const BUCKET = 'AWS::S3::Bucket'

const list = (operation: string) => ({ operation, permission: operation, lists: true })
const answer = (operation: string, into: string) => ({ operation, permission: operation, into })

export const shapes: Shapes = {
  operations: {},
  types: {
    [GROUP]: {
      fields: {
        GroupId: 'string',
        GroupName: 'string',
        VpcId: 'string',
        Description: 'string',
        IpPermissions: ['list', ['struct', 'ec2.IpPermission']],
        Tags: ['list', ['struct', 'ec2.Tag']],
      },
      always: ['GroupId', 'GroupName'],
      absent: {},
      operations: [list('ec2:DescribeSecurityGroups')],
    },
    [INTERFACE]: {
      fields: {
        NetworkInterfaceId: 'string',
        Status: 'string',
        Groups: ['list', ['struct', 'ec2.GroupIdentifier']],
        Attachment: ['struct', 'ec2.Attachment'],
        SourceDestCheck: 'bool',
      },
      always: ['NetworkInterfaceId', 'Attachment.DeleteOnTermination'],
      absent: { SourceDestCheck: true },
      operations: [list('ec2:DescribeNetworkInterfaces')],
    },
    [BUCKET]: {
      fields: {
        Name: 'string',
        CreationDate: 'timestamp',
        Policy: 'any',
        Encryption: ['struct', 's3.Encryption'],
        Versioning: ['struct', 's3.Versioning'],
        Tags: ['list', ['struct', 'ec2.Tag']],
        Replica: ['struct', 's3.Replica'],
      },
      always: ['Name', 'CreationDate'],
      absent: { 'Versioning.Enabled': false },
      operations: [
        list('s3:ListBuckets'),
        answer('s3:GetBucketPolicy', 'Policy'),
        answer('s3:GetEncryptionConfiguration', 'Encryption'),
        answer('s3:GetBucketVersioning', 'Versioning'),
        answer('s3:GetBucketTagging', 'Tags'),
      ],
    },
  },
  structs: {
    'ec2.IpPermission': {
      FromPort: 'int',
      ToPort: 'int',
      IpProtocol: 'string',
      IpRanges: ['list', ['struct', 'ec2.IpRange']],
    },
    'ec2.IpRange': { CidrIp: 'string', Description: 'string' },
    'ec2.Tag': { Key: 'string', Value: 'string' },
    'ec2.GroupIdentifier': { GroupId: 'string', GroupName: 'string' },
    'ec2.Attachment': { InstanceId: 'string', DeleteOnTermination: 'bool' },
    's3.Encryption': { Algorithm: 'string', KeyId: 'string', Rules: ['list', 'string'] },
    's3.Versioning': { Enabled: 'bool', Days: 'int', Labels: ['map', 'string'] },
    // A structure that contains itself, as AWS's filters and expressions do.
    's3.Replica': {
      Name: 'string',
      Of: ['struct', 's3.Replica'],
      Others: ['list', ['struct', 's3.Replica']],
    },
  },
}

/** Two analyses as rules know them: what they say is a test's own matter. */
export const analyses: readonly Analysis[] = [
  {
    name: 'network',
    shapes: {
      [BUCKET]: {
        n: 'int',
        reachable: ['list', 'string'],
        by: ['struct', 'network.Path'],
        paths: ['list', ['struct', 'network.Path']],
      },
    },
    structs: { 'network.Path': { name: 'string', hops: ['list', 'string'] } },
    operations: ['ec2:DescribeRouteTables'],
    prepare: () => () => ({ known: {} }),
  },
  {
    name: 'policy',
    shapes: { [BUCKET]: { kind: 'string', public: 'bool' } },
    structs: {},
    operations: ['s3:GetBucketPolicy'],
    prepare: () => () => ({ known: {} }),
  },
]

/** A rule file with what a test does not care about filled in. */
export function ruleText(lines: string, base = ''): string {
  const has = (key: string): boolean => new RegExp(`^${key}:`, 'm').test(lines)
  const defaults: Record<string, string> = {
    id: 'test-rule',
    title: 'A rule',
    pillar: 'data',
    severity: 'medium',
    resource: BUCKET,
    message: "'{name} fails'",
    risk: 'some',
    fix: '{ text: Repair it. }',
  }
  const rest = Object.entries(defaults).filter(([key]) => !has(key))
  return `${lines}\n${rest.map(([key, value]) => `${key}: ${value}`).join('\n')}\n${base}`
}

export const load = (lines: string): Loaded =>
  loadRules([{ file: 'rules/data/test-rule.yaml', text: ruleText(lines) }], shapes, analyses)

export const denied = (operation: string): Missing => ({
  operation,
  outcome: 'denied',
  permission: operation,
})

export function bucket(config: { [key: string]: Json }, rest: Partial<Resource> = {}): Resource {
  return {
    id: 'arn:aws:s3:::files',
    type: BUCKET,
    account: ACCOUNT,
    region: REGION,
    name: 'files',
    tags: {},
    config: { Name: 'files', CreationDate: '2025-01-01T00:00:00Z', ...config },
    ...rest,
  }
}

export function group(
  id: string,
  config: { [key: string]: Json } = {},
  rest: Partial<Resource> = {},
): Resource {
  const arn = `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/${id}`
  return {
    id: arn,
    type: GROUP,
    account: ACCOUNT,
    region: REGION,
    tags: {},
    config: { GroupId: id, GroupName: id, ...config },
    ...rest,
  }
}

export function networkInterface(
  id: string,
  config: { [key: string]: Json },
  rest: Partial<Resource> = {},
): Resource {
  const arn = `arn:aws:ec2:${REGION}:${ACCOUNT}:network-interface/${id}`
  return {
    id: arn,
    type: INTERFACE,
    account: ACCOUNT,
    region: REGION,
    tags: {},
    config: { NetworkInterfaceId: id, ...config },
    ...rest,
  }
}

export function called(permission: string, type: string, rest: Partial<CallRecord> = {}): CallRecord {
  const [service = '', operation = ''] = permission.split(':')
  return {
    account: ACCOUNT,
    region: REGION,
    service,
    operation,
    outcome: 'ok',
    calls: 1,
    permission,
    lists: [type],
    ...rest,
  }
}

/** Every type was listed and answered. */
export const allCalls: readonly CallRecord[] = [
  called('ec2:DescribeSecurityGroups', GROUP),
  called('ec2:DescribeNetworkInterfaces', INTERFACE),
  called('s3:ListBuckets', BUCKET, { region: 'global' }),
  ...['GetBucketPolicy', 'GetEncryptionConfiguration', 'GetBucketVersioning', 'GetBucketTagging'].map((api) =>
    called(`s3:${api}`, BUCKET, { region: 'global', lists: [] }),
  ),
]

export function snapshot(resources: readonly Resource[], calls: readonly CallRecord[] = allCalls): Snapshot {
  return {
    manifest: {
      schemaVersion: 1,
      tool: { name: 'aws-secaudit', version: '0' },
      time: '2026-01-01T00:00:00Z',
      partition: 'aws',
      accounts: [{ id: ACCOUNT }],
      regions: [REGION],
      calls,
    },
    resources,
  }
}

export interface Setting extends EvaluateOptions {
  readonly calls?: readonly CallRecord[]
}

/** Loads one rule, which must have no error, and judges the resources with it. */
export function audit(lines: string, resources: readonly Resource[], setting: Setting = {}) {
  const { rules, problems } = load(lines)
  const errors = problems.filter((problem) => problem.level === 'error')
  if (errors.length > 0) throw new Error(errors.map((error) => error.message).join('\n'))
  const { calls, ...options } = setting
  return evaluate(rules, indexSnapshot(snapshot(resources, calls)), { keepPasses: true, ...options })
}

/** What one expression says of a bucket: its verdict, and the operations behind an unknown. */
export function verdict(
  pass: string,
  subject: Resource,
  setting: Setting & { others?: readonly Resource[] } = {},
) {
  const { others = [], ...rest } = setting
  const lines = `pass: ${JSON.stringify(pass)}\nresource: ${subject.type}`
  const { verdicts } = audit(lines, [subject, ...others], rest)
  const own = verdicts.find((one) => one.resource.id === subject.id)
  return {
    kind: own?.kind ?? 'notApplicable',
    because: own?.missing.map((one) => one.detail ?? one.operation) ?? [],
  }
}

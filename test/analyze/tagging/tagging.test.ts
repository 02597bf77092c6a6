import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSystemKey, meaningOf } from '../../../src/analyze/tagging/spelling.ts'
import { TAGGABLE } from '../../../src/analyze/tagging/taggable.ts'
import { tagging } from '../../../src/analyze/tagging/tagging.ts'
import type { JsonObject, Resource } from '../../../src/snapshot/model.ts'
import { factsOf, missing, resource, type Setting, shapes } from '../account.ts'

const account = resource('AWS::Account', '123456789012', {}, { region: 'global' })
const volume = (short: string, tags: Record<string, string> = {}, config: JsonObject = {}) =>
  resource('AWS::EC2::Volume', short, config, { tags })
const bucket = (short: string, tags: Record<string, string> = {}, rest: Partial<Resource> = {}) =>
  resource('AWS::S3::Bucket', short, { Tags: [] }, { tags, ...rest })

function facts(resources: readonly Resource[], setting: Setting = {}) {
  const of = factsOf(tagging, [account, ...resources], setting)
  const { known } = of.of(account)
  const list = (member: string) => known[member] as readonly JsonObject[]
  return {
    types: list('types'),
    keys: list('keys'),
    values: list('values'),
    complete: known['complete'] ?? of.why(account, 'complete'),
    taggable: list('types').flatMap((type) =>
      (type['sets'] as readonly JsonObject[]).flatMap((set) => set['resources'] as readonly string[]),
    ),
  }
}

describe('what a key or value means', () => {
  it('does not hang on case, separators or number', () => {
    for (const spelling of [
      'CostCenter',
      'costcenter',
      'cost-center',
      'Cost_Centers',
      'cost:center',
      'COST CENTER',
    ])
      expect(meaningOf(spelling)).toBe('costcenter')
    expect(meaningOf('Policies')).toBe(meaningOf('policy'))
  })
  it('stays apart where the word is another', () => {
    expect(meaningOf('CostCentre')).not.toBe(meaningOf('CostCenter'))
    expect(meaningOf('Environment')).not.toBe(meaningOf('Env'))
    expect(meaningOf('Class')).not.toBe(meaningOf('Clas'))
    expect(meaningOf('DNS')).not.toBe(meaningOf('DN'))
    expect(meaningOf('IES')).not.toBe(meaningOf('Y'))
    expect([meaningOf('Ties'), meaningOf('Class'), meaningOf('SSIDs')]).toEqual(['ty', 'class', 'ssid'])
  })
  it('is its own meaning', () => {
    const word = fc.stringMatching(/^[A-Za-z]{4,12}([ _.:-][A-Za-z]{2,8})?$/)
    fc.assert(
      fc.property(word, (text) => {
        expect(meaningOf(text.toUpperCase())).toBe(meaningOf(text))
        expect(meaningOf(text.replaceAll(/[ _.:-]/g, ''))).toBe(meaningOf(text))
      }),
    )
  })
  it('is not asked of keys that AWS writes', () => {
    expect(isSystemKey('aws:cloudformation:stack-name')).toBe(true)
    expect(isSystemKey('awsome')).toBe(false)
  })
})

describe('an account’s keys', () => {
  it('are each told with their places, and resources of one set of keys together', () => {
    const [a, b, c] = [volume('a', { Owner: 'x' }), volume('b', { Owner: 'y' }), volume('c', { owner: 'x' })]
    const { types, keys } = facts([a, b, c])
    expect(types).toEqual([
      {
        type: 'AWS::EC2::Volume',
        whole: true,
        count: 3,
        sets: [
          { keys: ['Owner'], resources: [a.id, b.id] },
          { keys: ['owner'], resources: [c.id] },
        ],
      },
    ])
    expect(keys).toEqual([
      { key: 'Owner', meaning: 'owner', count: 2, resources: [a.id, b.id] },
      { key: 'owner', meaning: 'owner', count: 1, resources: [c.id] },
    ])
  })

  it('are sorted, with the types and the sets that they stand in', () => {
    const made = [
      volume('a', { Team: 'x', Owner: 'x' }),
      volume('b', { Env: 'x' }),
      bucket('c', { Env: 'y' }),
    ]
    const gateway = resource('AWS::EC2::NatGateway', 'nat-1', {}, { tags: { Zone: 'x', Env: 'b' } })
    const { types, keys, values } = facts([...made, gateway])
    expect(
      types.map(({ type, sets }) => [type, (sets as readonly JsonObject[]).map((set) => set['keys'])]),
    ).toEqual([
      ['AWS::EC2::NatGateway', [['Env', 'Zone']]],
      ['AWS::EC2::Volume', [['Env'], ['Owner', 'Team']]],
      ['AWS::S3::Bucket', [['Env']]],
    ])
    expect(keys.map(({ key }) => key)).toEqual(['Env', 'Owner', 'Team', 'Zone'])
    expect(values.map(({ key, value }) => `${key}=${value}`)).toEqual([
      'Env=b',
      'Env=x',
      'Env=y',
      'Owner=x',
      'Team=x',
      'Zone=x',
    ])
  })

  it('are not those that AWS writes', () => {
    const { keys, types } = facts([volume('a', { 'aws:autoscaling:groupName': 'web' })])
    expect(keys).toEqual([])
    expect(types[0]).toMatchObject({ sets: [{ keys: [] }] })
  })
})

describe('an account’s values', () => {
  it('are told by key, with what they mean', () => {
    const { values } = facts([volume('a', { Env: 'Prod' }), volume('b', { Env: 'prod' })])
    expect(values.map(({ key, value, meaning, count }) => [key, value, meaning, count])).toEqual([
      ['Env', 'Prod', 'prod', 1],
      ['Env', 'prod', 'prod', 1],
    ])
  })

  it('are left out where they only name things', () => {
    const named = Array.from({ length: 150 }, (_, at) =>
      volume(`v${at}`, { Name: `disk-${at}`, Env: 'prod' }),
    )
    expect(new Set(facts(named).values.map(({ key }) => key))).toEqual(new Set(['Env']))
  })

  it('are told where they are few, or come back: as many as a hundred, or each of them twice', () => {
    const count = (values: number, each: number) =>
      facts(Array.from({ length: values * each }, (_, at) => volume(`v${at}`, { App: `app-${at % values}` })))
        .values.length
    expect([count(100, 1), count(101, 1), count(101, 2), count(101, 3)]).toEqual([100, 0, 101, 101])
  })

  it('never hold a credential', () => {
    const { values } = facts([volume('a', { build: 'AKIAIOSFODNN7EXAMPLE', password: 'hunter2' })])
    expect(JSON.stringify(values)).not.toMatch(/AKIA|hunter2/)
  })
})

describe('what counts as taggable', () => {
  const counted = (one: Resource, ...others: readonly Resource[]): boolean =>
    facts([one, ...others]).taggable.includes(one.id)

  it('is what the account made', () => {
    expect(counted(volume('a'))).toBe(true)
    expect(counted(bucket('files'))).toBe(true)
    expect(counted(resource('AWS::EC2::SecurityGroup', 'sg-1', { GroupName: 'web' }))).toBe(true)
    const own = { KeyMetadata: { KeyManager: 'CUSTOMER' }, Tags: [] }
    expect(counted(resource('AWS::KMS::Key', 'k', own))).toBe(true)
    expect(counted(resource('AWS::SSM::ManagedInstance', 'mi-1', { InstanceId: 'mi-1', Tags: [] }))).toBe(
      true,
    )
  })

  it('is what the account made itself, whichever way an answer says so', () => {
    for (const [type, config] of [
      ['AWS::EC2::VPC', { VpcId: 'vpc-1', IsDefault: false }],
      ['AWS::EC2::Subnet', { DefaultForAz: false, OwnerId: '123456789012' }],
      ['AWS::EC2::RouteTable', { Associations: [{ Main: false }] }],
      ['AWS::EC2::RouteTable', {}],
      ['AWS::EC2::NetworkAcl', { IsDefault: false }],
      ['AWS::EC2::NetworkInterface', { RequesterManaged: false, Attachment: { DeleteOnTermination: false } }],
      ['AWS::EC2::NetworkInterface', { RequesterManaged: false, Attachment: null }],
      ['AWS::EC2::InternetGateway', { Attachments: [] }],
      ['AWS::EC2::VPCEndpoint', { RequesterManaged: false }],
      ['AWS::EC2::TransitGatewayVpcAttachment', {}],
      ['AWS::EC2::Instance', { Operator: { Managed: false } }],
      ['AWS::EC2::EIP', {}],
      ['AWS::EC2::EIP', { ServiceManaged: null }],
      ['AWS::EC2::EIP', { ServiceManaged: '' }],
      ['AWS::SSM::PatchBaseline', { BaselineId: 'pb-1', Tags: [] }],
      ['AWS::SSM::Document', { Name: 'runbook' }],
      ['AWS::RDS::DBSnapshot', { SnapshotType: 'manual' }],
      ['AWS::RDS::DBClusterSnapshot', { SnapshotType: 'manual' }],
      ['AWS::SecretsManager::Secret', {}],
    ] as const)
      expect([type, config, counted(resource(type, 'x', config))]).toEqual([type, config, true])
  })

  it('is not what AWS made or keeps', () => {
    const vpc = resource('AWS::EC2::VPC', 'vpc-1', { VpcId: 'vpc-1', IsDefault: true })
    expect(counted(vpc)).toBe(false)
    const gateway = resource('AWS::EC2::InternetGateway', 'igw-1', { Attachments: [{ VpcId: 'vpc-1' }] })
    expect(counted(gateway, vpc)).toBe(false)
    expect(counted(gateway)).toBe(true)
    for (const [type, config] of [
      ['AWS::EC2::Subnet', { DefaultForAz: true }],
      ['AWS::EC2::SecurityGroup', { GroupName: 'default' }],
      ['AWS::EC2::NetworkAcl', { IsDefault: true }],
      ['AWS::EC2::RouteTable', { Associations: [{ Main: false }, { Main: true }] }],
      ['AWS::EC2::NetworkInterface', { RequesterManaged: true }],
      ['AWS::EC2::NetworkInterface', { Attachment: { DeleteOnTermination: true } }],
      ['AWS::EC2::PrefixList', { OwnerId: 'AWS' }],
      ['AWS::EC2::Instance', { Operator: { Managed: true } }],
      ['AWS::EC2::EIP', { ServiceManaged: 'nat' }],
      ['AWS::EC2::VPCEndpoint', { RequesterManaged: true }],
      ['AWS::KMS::Key', { KeyMetadata: { KeyManager: 'AWS' }, Tags: [] }],
      ['AWS::SSM::PatchBaseline', { BaselineId: 'arn:aws:ssm:eu-west-1:1:patchbaseline/pb-0', Tags: [] }],
      ['AWS::SSM::ManagedInstance', { InstanceId: 'i-1', Tags: [] }],
      ['AWS::SSM::Document', { Name: 'SSM-SessionManagerRunShell' }],
      ['AWS::RDS::DBSnapshot', { SnapshotType: 'automated' }],
      ['AWS::RDS::DBClusterSnapshot', { SnapshotType: 'automated' }],
      ['AWS::SecretsManager::Secret', { OwningService: 'rds' }],
    ] as const)
      expect([type, counted(resource(type, 'x', config))]).toEqual([type, false])
  })

  it('is not what another account shares', () => {
    expect(counted(resource('AWS::EC2::Subnet', 's', { OwnerId: '999999999999' }))).toBe(false)
    const attachment = (VpcOwnerId: string) =>
      resource('AWS::EC2::TransitGatewayVpcAttachment', 't', { VpcOwnerId })
    expect(counted(attachment('999999999999'))).toBe(false)
    expect(counted(attachment('123456789012'))).toBe(true)
  })
})

describe('what was not read', () => {
  it('says so of an internet gateway that may be a default VPC’s', () => {
    const gateway = resource('AWS::EC2::InternetGateway', 'igw-1', { Attachments: [{ VpcId: 'vpc-1' }] })
    const denied = facts([gateway], { denied: ['ec2:DescribeVpcs'] })
    expect(denied.taggable).toEqual([])
    expect(denied.complete).toContain('ec2:DescribeVpcs')
    const vpc = (IsDefault: boolean) => resource('AWS::EC2::VPC', 'vpc-1', { VpcId: 'vpc-1', IsDefault })
    expect(facts([gateway, vpc(true)]).taggable).toEqual([])
    expect(facts([gateway, vpc(false)]).taggable).toContain(gateway.id)
    // Seen is seen, whatever another Region refused.
    expect(facts([gateway, vpc(false)], { denied: ['ec2:DescribeVpcs'] }).taggable).toContain(gateway.id)
  })

  it('says nothing of what is attached to other things', () => {
    const attached = volume('a', {}, { Attachments: [{ InstanceId: 'i-1' }] })
    expect(facts([attached], { denied: ['ec2:DescribeVpcs'] }).taggable).toEqual([attached.id])
  })

  it('is another account’s own matter', () => {
    const other = bucket(
      'b',
      {},
      { account: '999999999999', missing: { Tags: missing('s3:GetBucketTagging') } },
    )
    const setting = { accounts: ['123456789012', '999999999999'] }
    expect(facts([other, volume('a')], setting)).toMatchObject({ complete: true, types: [{ count: 1 }] })
  })

  it('is nothing where tags stand there, whoever asked for them', () => {
    expect(facts([bucket('b')], { uncalled: ['s3:GetBucketTagging'] }).complete).toBe(true)
  })

  it('is told, and takes nothing from what was', () => {
    const unread = bucket('b', {}, { config: {}, missing: { Tags: missing('s3:GetBucketTagging') } })
    const { complete, keys } = facts([volume('a', { Owner: 'x' }), unread])
    expect(complete).toEqual(['s3:GetBucketTagging'])
    expect(keys).toHaveLength(1)
  })

  it('is told of its own type: what stands beside it may be all there is of another', () => {
    const unread = bucket('b', {}, { config: {}, missing: { Tags: missing('s3:GetBucketTagging') } })
    const wholes = (setting: Setting = {}) =>
      facts([volume('a'), bucket('c'), unread], setting).types.map(({ type, whole }) => [type, whole])
    expect(wholes()).toEqual([
      ['AWS::EC2::Volume', true],
      ['AWS::S3::Bucket', false],
    ])
    expect(wholes({ denied: ['ec2:DescribeVolumes'] })[0]).toEqual(['AWS::EC2::Volume', false])
  })

  it('may be a list, tags that nobody asked for, or who a key belongs to', () => {
    expect(facts([], { denied: ['ec2:DescribeVolumes'] }).complete).toEqual(['ec2:DescribeVolumes'])
    const untold = bucket('b', {}, { config: {} })
    expect(facts([untold], { uncalled: ['s3:GetBucketTagging'] }).complete).toEqual(['s3:GetBucketTagging'])
    const key = resource('AWS::KMS::Key', 'k', {}, { missing: { KeyMetadata: missing('kms:DescribeKey') } })
    expect(facts([key]).complete).toEqual(['kms:DescribeKey'])
    const queue = resource('AWS::EC2::NetworkInterface', 'e', {}, { missing: { TagSet: missing('x:y') } })
    expect(facts([queue]).complete).toEqual(['x:y'])
    const untagged = volume('a')
    expect(facts([{ ...untagged, missing: { Tags: missing('x:y') } }]).complete).toEqual(['x:y'])
  })

  it('is told of every Region, not only of the first', () => {
    const regions = ['eu-west-1', 'us-east-1']
    expect(facts([], { regions }).complete).toBe(true)
    expect(facts([], { regions, denied: ['ec2:DescribeVpcs'] }).complete).toEqual(['ec2:DescribeVpcs'])
  })

  it('is not what a service has that the snapshot may leave out, unless it refused', () => {
    const operation = 'secretsmanager:ListSecrets'
    expect(facts([], { uncalled: [operation] }).complete).toBe(true)
    expect(facts([], { denied: [operation] }).complete).toEqual([operation])
    const untold = (outcome: 'not-collected' | 'denied') =>
      resource('AWS::EFS::FileSystem', 'fs-1', {}, { missing: { Tags: { ...missing('x:y'), outcome } } })
    expect(facts([untold('not-collected')]).complete).toBe(true)
    expect(facts([untold('denied')]).complete).toEqual(['x:y'])
  })
})

describe('the table of taggable types', () => {
  /** Types whose tags are another's, or that nobody tags. */
  const LEFT_OUT = [
    'AWS::EC2::TransitGatewayAttachment', // its VPC attachments stand in the table
    'AWS::EC2::VPCBlockPublicAccessExclusion',
    'AWS::ElasticLoadBalancingV2::Listener',
    'AWS::IAM::Role',
    'AWS::IAM::User',
    'AWS::Inspector2::Filter',
    'AWS::Macie::Bucket', // the bucket's own
  ]
  it('has every type that the collectors know tags of, but those that are left out', () => {
    const tagged = Object.entries(shapes.types)
      .filter(([, { fields }]) =>
        ['Tags', 'TagSet', 'tags', 'TagList'].some((name) => Object.hasOwn(fields, name)),
      )
      .map(([type]) => type)
    expect([...Object.keys(TAGGABLE), ...LEFT_OUT].sort()).toEqual(tagged.sort())
  })
  it('names the operations that the collectors have', () => {
    for (const [type, { lists, tags, needs }] of Object.entries(TAGGABLE)) {
      const known = (shapes.types[type]?.operations ?? []).map(({ operation }) => operation)
      const asked = [...lists, ...(tags ? [tags.operation] : []), ...(needs ? [needs.operation] : [])]
      expect([type, asked.filter((one) => !known.includes(one) && one !== 's3:GetBucketLocation')]).toEqual([
        type,
        [],
      ])
    }
  })
})

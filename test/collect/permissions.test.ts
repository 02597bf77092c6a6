import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { service } from '../../src/collect/dsl.ts'
import { services } from '../../src/collect/index.ts'
import {
  asCloudFormation,
  asTerraform,
  type Granted,
  permissions,
  policyDocument,
} from '../../src/collect/permissions.ts'
import { sts } from '../../src/collect/sts.ts'

const library = service('library', { load: () => Promise.resolve({}) }, (op) => [
  op.single('GetCard', {
    resource: 'X::Card',
    id: () => 'arn:x',
    permission: 'library:GET',
    grantedOn: 'arn:*:cards',
  }),
  op.single('GetShelf', { resource: 'X::Shelf', id: () => 'arn:x' }),
  op.single('GetBook', { resource: 'X::Book', id: () => 'arn:x' }),
])
const granted: readonly Granted[] = [
  { on: '*', actions: ['ec2:DescribeRegions', 'library:GetBook', 'library:GetShelf'] },
  { on: 'arn:*:cards', actions: ['library:GET'] },
]
const statement = (Sid: string, Action: readonly string[], Resource: string) => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
})
const statements = [
  statement('AwsSecauditRead', ['ec2:DescribeRegions', 'library:GetBook', 'library:GetShelf'], '*'),
  statement('AwsSecauditReadCards', ['library:GET'], 'arn:*:cards'),
]

describe('the permissions', () => {
  it('are granted on everything, but for those that would open more than the call on it', () => {
    expect(permissions({ services: [library] })).toEqual(granted)
    expect(policyDocument(granted)).toEqual({ Version: '2012-10-17', Statement: statements })
  })

  it('are those of the wanted operations alone', () => {
    const only = new Set(['library:GetBook'])
    expect(permissions({ services: [library], only })).toEqual([
      { on: '*', actions: ['ec2:DescribeRegions', 'library:GetBook'] },
    ])
  })

  it('leave out what AWS answers to anyone', () => {
    expect(permissions({ services: [sts] })).toEqual([{ on: '*', actions: ['ec2:DescribeRegions'] }])
  })

  it('say the same in CloudFormation', () => {
    const template = parse(asCloudFormation(granted), { customTags: [{ tag: '!Ref', resolve: String }] })
    expect(template.Resources.AwsSecauditRead.Properties.PolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: statements,
    })
  })

  it('say the same in Terraform', () => {
    const blocks = asTerraform(granted).match(/ {2}statement \{[^}]*\}/g) ?? []
    expect(blocks.map((block) => block.match(/"[^"]+"/g))).toEqual([
      [
        '"AwsSecauditRead"',
        '"Allow"',
        '"ec2:DescribeRegions"',
        '"library:GetBook"',
        '"library:GetShelf"',
        '"*"',
      ],
      ['"AwsSecauditReadCards"', '"Allow"', '"library:GET"', '"arn:*:cards"'],
    ])
  })

  // IAM User Guide, "IAM and AWS STS quotas": white space does not count.
  it('fit into one managed policy, which may have 6,144 characters', () => {
    expect(JSON.stringify(policyDocument(permissions({ services }))).length).toBeLessThanOrEqual(6144)
  })

  it('are all to read', () => {
    const reading = /^[a-z0-9-]+:(GET$|Get|List|Describe|BatchGet|Search)/
    const actions = permissions({ services }).flatMap((each) => each.actions)
    expect(actions.filter((action) => !reading.test(action))).toEqual([])
  })
})

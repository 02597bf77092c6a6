import { describe, expect, it } from 'vitest'
import { iam } from '../../src/collect/iam.ts'
import { sts } from '../../src/collect/sts.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather, pathsOf } from './gather.ts'

const details = 'global/iam/get-account-authorization-details'
const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole' }] }
const role = {
  RoleName: 'deploy',
  RoleId: 'AROAEXAMPLEEXAMPLE000',
  Arn: `arn:aws:iam::${ACCOUNT}:role/ci/deploy`,
  Path: '/ci/',
  CreateDate: '2024-01-01T00:00:00Z',
  AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trust)),
  Tags: [{ Key: 'Owner', Value: 'platform' }],
}
const user = {
  UserName: 'ann',
  UserId: 'AIDAEXAMPLEEXAMPLE000',
  Arn: `arn:aws:iam::${ACCOUNT}:user/ann`,
  Path: '/',
}

describe('the IAM collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(iam, [sts])).toEqual([])
  })

  it('takes roles with their trust policies, and users, from one call', async () => {
    const found = await gather([iam], { [details]: { RoleDetailList: [role], UserDetailList: [user] } })
    expect(found.only('AWS::IAM::Role')).toMatchObject({
      id: role.Arn,
      region: 'global',
      name: 'deploy',
      tags: { Owner: 'platform' },
      config: { RoleId: role.RoleId, AssumeRolePolicyDocument: trust },
    })
    expect(found.only('AWS::IAM::User')).toMatchObject({ id: user.Arn, name: 'ann' })
    expect(pathsOf(found, 'GetAccountAuthorizationDetails')).toEqual([details])
    expect(found.calls.filter((call) => call.operation === 'GetAccountAuthorizationDetails')).toEqual([
      expect.objectContaining({
        outcome: 'ok',
        calls: 1,
        lists: ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::ManagedPolicy'],
      }),
    ])
  })

  it('says of none of them that there are none where it was denied', async () => {
    const found = await gather([iam], { [`${details}.error`]: failed('AccessDenied') })
    expect(found.calls).toContainEqual(
      expect.objectContaining({
        outcome: 'denied',
        permission: 'iam:GetAccountAuthorizationDetails',
        lists: ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::ManagedPolicy'],
      }),
    )
  })

  it('keeps what roles’ own policies say, of users’ only what they are called', async () => {
    const reads = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
    }
    const written = encodeURIComponent(JSON.stringify(reads))
    const found = await gather([iam], {
      [details]: {
        RoleDetailList: [
          {
            ...role,
            RolePolicyList: [{ PolicyName: 'inline', PolicyDocument: written }],
            InstanceProfileList: [{ InstanceProfileName: 'web', Roles: [{ RoleName: 'hunter2' }] }],
          },
        ],
        UserDetailList: [{ ...user, UserPolicyList: [{ PolicyName: 'inline', PolicyDocument: 'hunter2' }] }],
      },
    })
    expect(found.only('AWS::IAM::Role').config).toMatchObject({
      RolePolicyList: [{ PolicyName: 'inline', PolicyDocument: reads }],
      InstanceProfileList: [{ InstanceProfileName: 'web' }],
    })
    expect(found.only('AWS::IAM::User').config['UserPolicyList']).toEqual([{ PolicyName: 'inline' }])
    expect(JSON.stringify(found.resources)).not.toContain('hunter2')
  })

  it('keeps of a managed policy the version that holds', async () => {
    const reads = { Version: '2012-10-17', Statement: [] }
    const managed = {
      Arn: `arn:aws:iam::${ACCOUNT}:policy/reads`,
      PolicyName: 'reads',
      PolicyVersionList: [
        { VersionId: 'v2', IsDefaultVersion: true, Document: encodeURIComponent(JSON.stringify(reads)) },
        { VersionId: 'v1', IsDefaultVersion: false, Document: 'hunter2' },
      ],
    }
    const found = await gather([iam], { [details]: { Policies: [managed] } })
    expect(found.only('AWS::IAM::ManagedPolicy')).toMatchObject({
      id: managed.Arn,
      name: 'reads',
      config: { PolicyVersionList: [{ VersionId: 'v2', IsDefaultVersion: true, Document: reads }] },
    })
    expect(JSON.stringify(found.resources)).not.toContain('hunter2')
  })
})

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
      expect.objectContaining({ outcome: 'ok', calls: 1, lists: ['AWS::IAM::Role', 'AWS::IAM::User'] }),
    ])
  })

  it('says of neither that there are none where it was denied', async () => {
    const found = await gather([iam], { [`${details}.error`]: failed('AccessDenied') })
    expect(found.calls).toContainEqual(
      expect.objectContaining({
        outcome: 'denied',
        permission: 'iam:GetAccountAuthorizationDetails',
        lists: ['AWS::IAM::Role', 'AWS::IAM::User'],
      }),
    )
  })

  it('keeps what principals’ own policies are called, not what they say', async () => {
    const inline = { PolicyName: 'inline', PolicyDocument: 'hunter2' }
    const found = await gather([iam], {
      [details]: {
        RoleDetailList: [
          {
            ...role,
            RolePolicyList: [inline],
            InstanceProfileList: [{ InstanceProfileName: 'web', Roles: [{ RoleName: 'hunter2' }] }],
          },
        ],
        UserDetailList: [{ ...user, UserPolicyList: [inline] }],
        Policies: [{ PolicyName: 'managed', PolicyVersionList: [{ Document: 'hunter2' }] }],
      },
    })
    expect(found.only('AWS::IAM::Role').config).toMatchObject({
      RolePolicyList: [{ PolicyName: 'inline' }],
      InstanceProfileList: [{ InstanceProfileName: 'web' }],
    })
    expect(found.only('AWS::IAM::User').config['UserPolicyList']).toEqual([{ PolicyName: 'inline' }])
    expect(JSON.stringify(found.resources)).not.toContain('hunter2')
  })
})

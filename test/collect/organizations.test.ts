import { describe, expect, it } from 'vitest'
import { organizations } from '../../src/collect/organizations.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather, pathsOf } from './gather.ts'

const ORGANIZATION = 'AWS::Organizations::Organization'
const POLICY = 'AWS::Organizations::Policy'
const here = 'global/organizations'
const arn = (rest: string): string => `arn:aws:organizations::${ACCOUNT}:${rest}`
const organization = {
  Id: 'o-exampleorgid',
  Arn: arn('organization/o-exampleorgid'),
  FeatureSet: 'ALL',
  MasterAccountId: ACCOUNT,
  MasterAccountEmail: 'root@example.com',
}
const policy = (Id: string, kind: string, AwsManaged = false) => ({
  Id,
  Arn: arn(`policy/o-exampleorgid/${kind}/${Id}`),
  Name: Id,
  Type: kind.toUpperCase(),
  AwsManaged,
})
const content = (Effect: string) => ({
  Policy: { Content: JSON.stringify({ Statement: [{ Effect, Action: '*', Resource: '*' }] }) },
})

describe('the Organizations collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(organizations)).toEqual([])
  })

  it('finds the organization and its accounts, whose e-mail addresses nobody needs', async () => {
    const Paths = [`o-exampleorgid/r-ab12/ou-ab12-11111111/${ACCOUNT}/`]
    const account = { Id: ACCOUNT, Arn: arn(`account/o-exampleorgid/${ACCOUNT}`), State: 'ACTIVE', Paths }
    const found = await gather([organizations], {
      [`${here}/describe-organization`]: { Organization: organization },
      [`${here}/list-accounts`]: { Accounts: [{ ...account, Name: 'prod', Email: 'root@example.com' }] },
    })
    expect(found.only(ORGANIZATION)).toMatchObject({
      id: organization.Arn,
      region: 'global',
      config: { Id: 'o-exampleorgid', MasterAccountId: ACCOUNT },
    })
    expect(found.only('AWS::Organizations::Account')).toMatchObject({ name: 'prod', config: account })
    expect(JSON.stringify(found.resources)).not.toContain('root@example.com')
  })

  it('finds what control policies say and where they hang; AWS’s own hang everywhere', async () => {
    const Targets = [{ TargetId: 'ou-ab12-11111111', Type: 'ORGANIZATIONAL_UNIT' }]
    const found = await gather([organizations], {
      [`${here}/list-policies.service-control-policy`]: {
        Policies: [
          policy('p-11111111', 'service_control_policy'),
          policy('p-FullAWSAccess', 'service_control_policy', true),
        ],
      },
      [`${here}/list-policies.resource-control-policy`]: {
        Policies: [policy('p-22222222', 'resource_control_policy')],
      },
      [`${here}/describe-policy/p-11111111`]: content('Deny'),
      [`${here}/describe-policy/p-22222222`]: content('Deny'),
      [`${here}/describe-policy/p-FullAWSAccess`]: content('Allow'),
      [`${here}/list-targets-for-policy/p-11111111`]: { Targets },
      [`${here}/list-targets-for-policy/p-22222222`]: { Targets: [] },
    })
    const policies = found.resources.filter((each) => each.type === POLICY)
    expect(policies.map(({ config }) => [config['Type'], config['Content'], config['Targets']])).toEqual([
      ['RESOURCE_CONTROL_POLICY', { Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] }, []],
      ['SERVICE_CONTROL_POLICY', { Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] }, Targets],
      ['SERVICE_CONTROL_POLICY', { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }, undefined],
    ])
    expect(policies.every((each) => each.missing === undefined)).toBe(true)
    expect(pathsOf(found, 'ListTargetsForPolicy')).toHaveLength(2)
  })

  it('finds an account in no organization: nothing is there, nothing was denied', async () => {
    const none = failed(
      'AWSOrganizationsNotInUseException',
      'Your account is not a member of an organization.',
    )
    const found = await gather([organizations], {
      [`${here}/describe-organization.error`]: none,
      [`${here}/list-accounts.error`]: none,
      [`${here}/describe-effective-policy.error`]: none,
    })
    expect(found.resources).toEqual([])
    for (const operation of ['DescribeOrganization', 'ListAccounts', 'DescribeEffectivePolicy'])
      expect(found.calls).toContainEqual(expect.objectContaining({ operation, outcome: 'not-enabled' }))
  })

  it('marks the calls that AWS keeps to the management account: a member is denied whatever is granted', async () => {
    const denied = failed('AccessDeniedException', "You don't have permissions to access this resource.")
    const found = await gather([organizations], {
      [`${here}/describe-organization`]: { Organization: organization },
      [`${here}/list-accounts.error`]: denied,
    })
    const line = (operation: string) => found.calls.find((call) => call.operation === operation)
    expect(line('ListAccounts')).toMatchObject({ outcome: 'denied', reserved: true })
    expect(line('DescribeOrganization')).not.toHaveProperty('reserved')
  })

  it('finds what the organization sets for S3; without such a policy there is none', async () => {
    const effective = `${here}/describe-effective-policy`
    const settings = { s3_attributes: { public_access_block_configuration: 'all' } }
    const set = await gather([organizations], {
      [effective]: {
        EffectivePolicy: {
          PolicyType: 'S3_POLICY',
          TargetId: ACCOUNT,
          PolicyContent: JSON.stringify(settings),
        },
      },
    })
    expect(set.only('AWS::Organizations::EffectiveS3Policy')).toMatchObject({
      id: arn(`effective-policy/s3_policy/${ACCOUNT}`),
      config: { PolicyContent: settings },
    })

    const unset = await gather([organizations], {
      [`${effective}.error`]: failed('EffectivePolicyNotFoundException'),
    })
    expect(unset.resources).toEqual([])
    expect(unset.calls).toContainEqual(
      expect.objectContaining({ operation: 'DescribeEffectivePolicy', outcome: 'ok' }),
    )
  })
})

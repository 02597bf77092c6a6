/** What stands around an account: its organization, whom its control policies bound, and who is who. */
import { describe, expect, it } from 'vitest'
import { access } from '../../../src/analyze/policy/analysis.ts'
import type { Json, JsonObject, Resource } from '../../../src/snapshot/model.ts'
import { ACCOUNT, factsOf, missing, resource, type Setting } from '../account.ts'

const ORG = 'o-abcdefghij'
const MEMBER = '222233334444'
const STRANGER = '999988887777'
const MANAGEMENT = '555566667777'

const place = { region: 'global' }
const organization = resource(
  'AWS::Organizations::Organization',
  ORG,
  { Id: ORG, MasterAccountId: MANAGEMENT },
  place,
)
const member = (id: string, config: JsonObject = {}, org = ORG): Resource =>
  resource(
    'AWS::Organizations::Account',
    id,
    { Id: id, State: 'ACTIVE', ...config },
    {
      ...place,
      id: `arn:aws:organizations::${MANAGEMENT}:account/${org}/${id}`,
    },
  )
const UNITS = { Paths: [`${ORG}/r-abcd/ou-abcd-11111111/ou-abcd-22222222/${ACCOUNT}`] }
const ORGANIZATION = [organization, member(ACCOUNT, UNITS), member(MEMBER)]

const policy = (...Statement: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement })
const allow = (Principal: Json, rest: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal,
  Action: 'sqs:*',
  Resource: '*',
  ...rest,
})
const queue = (...statements: JsonObject[]): Resource =>
  resource('AWS::SQS::Queue', 'jobs', { Attributes: { Policy: policy(...statements) } })

function said(
  one: Resource,
  name: string,
  others: readonly Resource[] = ORGANIZATION,
  setting: Setting = {},
): unknown {
  const facts = factsOf(access, [one, ...others], setting)
  const why = facts.why(one, name)
  return why.length > 0 ? { missing: why } : facts.of(one).known[name]
}

describe('who belongs to the organization', () => {
  const to = (account: string) => queue(allow({ AWS: `arn:aws:iam::${account}:root` }))

  it('is no stranger', () => {
    expect([said(to(MEMBER), 'exposure'), said(to(STRANGER), 'exposure')]).toEqual([
      'organization',
      'external-unknown',
    ])
  })

  it('is told by ListAccounts of the own organization alone', () => {
    const elsewhere = [organization, member(ACCOUNT), member(MEMBER, {}, 'o-elsewhere1')]
    expect(said(to(MEMBER), 'exposure', elsewhere)).toBe('external-unknown')
    // Answers of older tools have no Id: the ARN ends in it.
    const { Id: _, ...config } = member(MEMBER).config
    expect(said(to(MEMBER), 'exposure', [organization, { ...member(MEMBER), config }])).toBe('organization')
  })

  it('is unknown while the accounts could not be listed, and nobody where there is no organization', () => {
    const listing = { denied: ['organizations:ListAccounts'] }
    expect(said(to(STRANGER), 'exposure', [organization], listing)).toEqual({
      missing: ['organizations:ListAccounts'],
    })
    expect(said(to(STRANGER), 'exposure', [])).toBe('external-unknown')
    const denied = { denied: ['organizations:DescribeOrganization'] }
    expect(said(to(STRANGER), 'exposure', [], denied)).toEqual({
      missing: ['organizations:DescribeOrganization'],
    })
    expect(said(to(STRANGER), 'exposure', [], { uncalled: ['organizations:DescribeOrganization'] })).toEqual({
      missing: ['organizations:DescribeOrganization'],
    })
  })

  it('is let in by its path', () => {
    const path = (value: string) =>
      queue(allow('*', { Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': value } } }))
    expect(said(path(`${ORG}/*`), 'exposure')).toBe('organization')
    expect(said(path('o-elsewhere1/*'), 'exposure')).toBe('external-unknown')
  })
})

describe('a control policy', () => {
  const control = (
    Type: 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY',
    Targets: Json,
    config: JsonObject = {},
    more: Partial<Resource> = {},
  ): Resource =>
    resource(
      'AWS::Organizations::Policy',
      'p-1',
      {
        Id: 'p-1',
        Name: 'closed',
        Type,
        AwsManaged: false,
        Targets,
        Content: policy({
          Effect: 'Deny',
          ...(Type === 'RESOURCE_CONTROL_POLICY' ? { Principal: '*' } : {}),
          Action: 'sqs:*',
          Resource: '*',
        }),
        ...config,
      },
      { ...place, id: `arn:aws:organizations::${MANAGEMENT}:policy/${ORG}/p-1`, ...more },
    )
  const rcp = (Targets: Json, config: JsonObject = {}, more: Partial<Resource> = {}) =>
    control('RESOURCE_CONTROL_POLICY', Targets, config, more)
  const open = queue(allow('*'))
  const exposure = (...controls: Resource[]) => said(open, 'exposure', [...ORGANIZATION, ...controls])
  const target = (Type: string, TargetId: string): Json => [{ Type, TargetId }]

  it('of resources bounds the root’s accounts, an account, or the units that it lies in', () => {
    expect(exposure()).toBe('public')
    for (const [type, id] of [
      ['ROOT', 'r-abcd'],
      ['ACCOUNT', ACCOUNT],
      ['ORGANIZATIONAL_UNIT', 'ou-abcd-11111111'],
      ['ORGANIZATIONAL_UNIT', 'ou-abcd-22222222'],
    ] as const)
      expect([id, exposure(rcp(target(type, id)))]).toEqual([id, 'none'])
  })

  it('does not bound those of other accounts or units', () => {
    const known = [organization, member(ACCOUNT, UNITS)]
    for (const targets of [
      target('ACCOUNT', MEMBER),
      target('ORGANIZATIONAL_UNIT', 'ou-abcd-99999999'),
      [],
    ] as const)
      expect(said(open, 'exposure', [...known, rcp(targets)])).toBe('public')
  })

  it('may bound an account of which nobody knows the unit', () => {
    const known = [organization, member(ACCOUNT)]
    const unit = rcp(target('ORGANIZATIONAL_UNIT', 'ou-abcd-11111111'))
    expect(said(open, 'exposure', [...known, unit])).not.toBe('none')
    expect(said(open, 'public', [...known, unit])).not.toBe(true)
    expect(said(open, 'exposure', [...known, rcp(target('ROOT', 'r-abcd'))])).toBe('none')
  })

  it('may bound it where what it is attached to was not read', () => {
    const { Targets: _t, ...untargeted } = rcp([]).config
    const targets = rcp(
      [],
      {},
      {
        config: untargeted,
        missing: { Targets: missing('organizations:ListTargetsForPolicy') },
      },
    )
    expect(said(open, 'public', [...ORGANIZATION, targets])).not.toBe(true)
  })

  it('that could not be read leaves the answer to the resource alone', () => {
    const { Content: _, ...silent } = rcp(target('ROOT', 'r-abcd')).config
    const content = { config: silent, missing: { Content: missing('organizations:DescribePolicy') } }
    expect(exposure(rcp([], {}, content))).toBe('public')
    expect(said(open, 'exposure', ORGANIZATION, { denied: ['organizations:ListPolicies'] })).toBe('public')
  })

  it('that is AWS’s own, or another organization’s, bounds nobody', () => {
    const root = target('ROOT', 'r-abcd')
    expect(exposure(rcp(root, { AwsManaged: true }))).toBe('public')
    const id = `arn:aws:organizations::${MANAGEMENT}:policy/o-elsewhere1/p-1`
    expect(exposure(rcp(root, {}, { id }))).toBe('public')
  })

  it('of principals bounds the organization’s, not strangers', () => {
    const scp = control('SERVICE_CONTROL_POLICY', target('ROOT', 'r-abcd'))
    expect(exposure(scp)).toBe('public')
    const members = queue(allow({ AWS: `arn:aws:iam::${MEMBER}:root` }))
    expect(said(members, 'exposure', [...ORGANIZATION, scp])).toBe('none')
    // The management account is bounded by none.
    const manager = queue(allow({ AWS: `arn:aws:iam::${MANAGEMENT}:root` }))
    expect(said(manager, 'exposure', [...ORGANIZATION, member(MANAGEMENT), scp])).toBe('organization')
  })
})

describe('who is known by a unique id', () => {
  const known = (type: string, config: JsonObject, account = MEMBER): Resource =>
    resource(type, 'x', config, { ...place, account })
  const role = known('AWS::IAM::Role', { RoleId: 'AROAEXAMPLEEXAMPLE000' })
  const user = known('AWS::IAM::User', { UserId: 'AIDAEXAMPLEEXAMPLE000' })
  const when = (id: string) => queue(allow('*', { Condition: { StringLike: { 'aws:userid': id } } }))

  it('is of the account that has the role or user, where a condition asks for the id', () => {
    for (const [id, one] of [
      ['AROAEXAMPLEEXAMPLE000:*', role],
      ['AIDAEXAMPLEEXAMPLE000', user],
    ] as const) {
      expect([id, said(when(id), 'exposure', [...ORGANIZATION, one])]).toEqual([id, 'organization'])
      expect([id, said(when(id), 'exposure')]).not.toEqual([id, 'organization'])
    }
  })

  it('is nobody as a principal: AWS leaves the id of what was deleted', () => {
    const named = queue(allow({ AWS: 'AROAEXAMPLEEXAMPLE000' }))
    expect(said(named, 'exposure', [...ORGANIZATION, role])).toBe('none')
  })
})

/** S3’s own meaning of "public", and Block Public Access. */
import { describe, expect, it } from 'vitest'
import { accessOf } from '../../../src/analyze/policy/access.ts'
import { parseDocument } from '../../../src/analyze/policy/document.ts'
import {
  effective,
  grantsPublicly,
  isNarrow,
  levelsWith,
  policyIsPublic,
} from '../../../src/analyze/policy/s3-block.ts'
import { NO, UNKNOWN, YES } from '../../../src/analyze/policy/truth.ts'
import type { Json, JsonObject } from '../../../src/snapshot/model.ts'
import { ACCOUNT, allow, deny, inputOf, ORG, policy, STRANGER, SURROUNDINGS, when } from './parts.ts'

const UNREAD = { unread: [{ operation: 'x:Read', permission: 'x:Read', outcome: 'denied' as const }] }

describe('S3’s own "public"', () => {
  const S3 = (...statements: Json[]) => grantsPublicly(parseDocument(policy(...statements)))
  const held = (Condition: JsonObject) => S3(when(Condition))

  it('is everyone without one of the keys that the page lists, held to fixed values', () => {
    expect([S3(allow('*')), S3(allow({ AWS: STRANGER })), S3(deny()), S3()]).toEqual([YES, NO, NO, NO])
    expect([
      S3({ ...allow('*'), Principal: { AWS: '*' } }),
      S3({ Effect: 'Allow', NotPrincipal: { AWS: STRANGER }, Action: '*', Resource: '*' }),
    ]).toEqual([YES, YES])
    expect([
      S3(allow({ Federated: 'accounts.google.com' })),
      S3(allow({ Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/a` })),
    ]).toEqual([YES, NO])
    expect([S3(allow({ AWS: STRANGER }), allow('*')), S3('x')]).toEqual([YES, UNKNOWN])
  })

  it.each([
    [{ StringEquals: { 'aws:PrincipalOrgID': ORG } }, NO],
    [{ StringEquals: { 'aws:PrincipalAccount': STRANGER } }, NO],
    [{ ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${STRANGER}:role/a` } }, NO],
    [{ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${STRANGER}:role/*` } }, YES],
    [{ StringLike: { 'aws:SourceVpc': 'vpc-1' } }, NO],
    [{ StringEquals: { 'aws:SourceVpce': ['vpce-1', 'vpce-*'] } }, UNKNOWN],
    [{ StringLike: { 'aws:SourceAccount': '1?2' } }, YES],
    [{ StringEquals: { 'aws:SourceOwner': `$${'{aws:username}'}` } }, UNKNOWN],
    [{ StringEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'k' } }, NO],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::a' } }, NO],
    [{ StringEquals: { 's3:DataAccessPointAccount': STRANGER } }, NO],
    [{ ArnLike: { 's3:DataAccessPointArn': `arn:aws:s3:*:${STRANGER}:accesspoint/*` } }, NO],
    [{ ArnLike: { 's3:DataAccessPointArn': 'arn:aws:s3:*:*:accesspoint/*' } }, YES],
    [{ StringEquals: { 'aws:userid': 'AROAEXAMPLEEXAMPLE000:a' } }, NO],
    [{ StringLike: { 'aws:userid': 'AROAEXAMPLEEXAMPLE000:*' } }, UNKNOWN],
    [{ StringLike: { 'aws:userid': 'A*:a' } }, YES],
    [{ StringLike: { 'aws:userid': 'xAROAEXAMPLEEXAMPLE000:*' } }, YES],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, NO],
    [{ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '0.0.0.0/1'] } }, YES],
    [{ StringEquals: { 'aws:SourceIp': '203.0.113.0/24' } }, YES],
    [{ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, YES],
    [{ StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } }, YES],
    [{ StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } }, YES],
    [{ 'ForAllValues:StringEquals': { 'aws:SourceVpc': 'vpc-1' } }, YES],
    [{ 'ForAnyValue:StringEquals': { 'aws:SourceVpc': 'vpc-1' } }, NO],
    [{ Null: { 'aws:SourceVpc': 'false' } }, YES],
    [{ StringMatches: { 'aws:SourceVpc': 'vpc-1' } }, YES],
    [{ StringEquals: { 'aws:Referer': 'x' } }, YES],
    [{ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1/*' } }, UNKNOWN],
    [{ StringEquals: { 'aws:PrincipalServiceName': 's' } }, UNKNOWN],
    [{ StringEquals: { 'aws:SourceOrgID': ORG } }, UNKNOWN],
    [{ 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-1/*' } }, UNKNOWN],
    [{ ArnEquals: { 'aws:SourceVpcArn': 'a' } }, UNKNOWN],
    [{ StringEquals: { 'aws:VpceAccount': STRANGER } }, UNKNOWN],
    [{ StringEquals: { 'aws:VpceOrgID': ORG } }, UNKNOWN],
    [{ StringEquals: { 'aws:VpceOrgPaths': 'o-1/' } }, UNKNOWN],
    [{ StringEquals: { 'aws:Referer': 'x', 'aws:SourceVpc': 'vpc-1' } }, NO],
  ])('with %j is %s', (condition, answer) => {
    expect(held(condition)).toBe(answer)
  })

  it('is not known where a Deny may take it away, and nothing says that somebody gets past it', () => {
    const open = policy(allow('*'))
    const denied = policy(allow('*'), deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }))
    expect([
      policyIsPublic(open, NO),
      policyIsPublic(denied, NO),
      policyIsPublic(denied, UNKNOWN),
      policyIsPublic(denied, YES),
    ]).toEqual([YES, UNKNOWN, UNKNOWN, YES])
    expect([
      policyIsPublic(undefined, YES),
      policyIsPublic(UNREAD, YES),
      policyIsPublic(policy(deny()), NO),
    ]).toEqual([NO, UNKNOWN, NO])
  })

  it('hears of the policy alone whether somebody gets past its Denies, not of an ACL', () => {
    const everybody = {
      Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
      Permission: 'READ',
    }
    const blocks = { bucket: null, account: null, organization: null }
    const bucket = { acl: { Owner: { ID: 'o' }, Grants: [everybody] }, ownership: 'ObjectWriter', blocks }
    const arn = 'arn:aws:s3:::files'
    const get = { Action: 's3:GetObject', Resource: `${arn}/*` }
    const answer = (...statements: Json[]) =>
      accessOf(inputOf(statements, { id: arn, arn, type: 'AWS::S3::Bucket', bucket }), SURROUNDINGS)
    expect(answer(allow('*', get), deny(get))).toMatchObject({ public: true, policyIsPublic: null })
    expect(answer(allow('*', get), deny({ ...get, Action: 's3:PutObject' }))).toMatchObject({
      public: true,
      policyIsPublic: true,
    })
  })

  it.each([
    ['203.0.0.0/8', true],
    ['203.0.0.0/7', false],
    ['10.0.0.0/8', true],
    ['172.16.0.0/12', true],
    ['192.168.0.0/16', true],
    ['2001:db8::/32', true],
    ['2001:db8::/31', false],
    ['x', false],
  ])('takes the block %s for fixed: %s', (block, narrow) => {
    expect(isNarrow(block)).toBe(narrow)
  })

  it('is blocked where one level says so, unknown where one was not read', () => {
    const on = { IgnorePublicAcls: true }
    const off = { IgnorePublicAcls: false }
    expect([
      effective({ bucket: on, account: UNREAD, organization: null }, 'IgnorePublicAcls'),
      effective({ bucket: off, account: UNREAD, organization: null }, 'IgnorePublicAcls'),
      effective({ bucket: off, account: null, organization: null }, 'IgnorePublicAcls'),
      effective({ bucket: on, account: null, organization: null }, 'BlockPublicAcls'),
    ]).toEqual([YES, UNKNOWN, NO, NO])
    expect(levelsWith({ bucket: on, account: on, organization: on }, 'IgnorePublicAcls')).toEqual([
      'organization',
      'account',
      'bucket',
    ])
    expect(levelsWith({ bucket: UNREAD, account: off, organization: on }, 'IgnorePublicAcls')).toEqual([
      'organization',
    ])
  })
})

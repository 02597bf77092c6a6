/** Resources with policies of realistic size, each a little different: what the bench of `access` decides. */
import type { JsonObject, Resource } from '../../src/snapshot/model.ts'

export const ACCOUNT = '123456789012'
export const MEMBERS = ['123456789012', '210987654321', '321098765432']
export const PARTNERS = ['432109876543', '543210987654', '654321098765']
export const ORG = 'o-a1b2c3d4e5'
export const REGION = 'eu-west-1'

type Statement = JsonObject

const root = (account: string): string => `arn:aws:iam::${account}:root`
const role = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`
export const pick = <T>(of: readonly T[], at: number): T => of[at % of.length] as T

function statement(
  Sid: string,
  Effect: string,
  Principal: JsonObject | string,
  Action: string | string[],
  rest: JsonObject = {},
): Statement {
  return { Sid, Effect, Principal, Action, ...rest }
}

const NO_TLS = { Bool: { 'aws:SecureTransport': 'false' } }
const OUTSIDERS = {
  StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORG },
  BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
}

/** What the policies of buckets are made of: TLS, a perimeter, logs of services, a distribution, readers, a partner. */
function bucketPolicy(at: number, arn: string): Statement[] {
  const both = { Resource: [arn, `${arn}/*`] }
  const objects = { Resource: `${arn}/*` }
  const all: Statement[] = [
    statement('DenyInsecureTransport', 'Deny', '*', 's3:*', { ...both, Condition: NO_TLS }),
    statement(
      'AllowApplication',
      'Allow',
      { AWS: [role(ACCOUNT, `app-${at % 997}`), role(ACCOUNT, 'deploy')] },
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      objects,
    ),
    statement('AWSLogDelivery', 'Allow', { Service: 'delivery.logs.amazonaws.com' }, 's3:PutObject', {
      Resource: `${arn}/AWSLogs/${ACCOUNT}/*`,
      Condition: {
        StringEquals: { 'aws:SourceAccount': ACCOUNT, 's3:x-amz-acl': 'bucket-owner-full-control' },
        ArnLike: { 'aws:SourceArn': `arn:aws:logs:${REGION}:${ACCOUNT}:*` },
      },
    }),
    statement('Distribution', 'Allow', { Service: 'cloudfront.amazonaws.com' }, 's3:GetObject', {
      ...objects,
      Condition: {
        StringEquals: { 'AWS:SourceArn': `arn:aws:cloudfront::${ACCOUNT}:distribution/E${at % 991}` },
      },
    }),
    statement('Organization', 'Allow', '*', ['s3:GetObject', 's3:ListBucket'], {
      ...both,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': ORG } },
    }),
    statement('Partner', 'Allow', { AWS: root(pick(PARTNERS, at)) }, 's3:GetObject', objects),
    statement('Perimeter', 'Deny', '*', 's3:*', { ...both, Condition: OUTSIDERS }),
    statement('Office', 'Deny', '*', 's3:*', {
      ...both,
      Condition: {
        NotIpAddress: { 'aws:SourceIp': [`203.0.${at % 256}.0/24`, '198.51.100.0/24'] },
        StringNotEquals: { 'aws:SourceVpce': [`vpce-${at % 499}`, 'vpce-1a2b3c4d'] },
        Bool: { 'aws:ViaAWSService': 'false' },
      },
    }),
    statement('Website', 'Allow', '*', 's3:GetObject', objects),
  ]
  return all.filter((_, n) => n === 0 || (at >> n) % 2 === 1 || n === 1 + (at % 5))
}

function keyPolicy(at: number): Statement[] {
  const Resource = '*'
  const users = { AWS: [role(ACCOUNT, `app-${at % 997}`), role(pick(MEMBERS, at), 'worker')] }
  const USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey']
  return [
    statement('Enable IAM policies', 'Allow', { AWS: root(ACCOUNT) }, 'kms:*', { Resource }),
    statement(
      'Administrators',
      'Allow',
      { AWS: role(ACCOUNT, 'key-admin') },
      ['kms:Create*', 'kms:Describe*', 'kms:Enable*', 'kms:List*', 'kms:Put*', 'kms:ScheduleKeyDeletion'],
      { Resource },
    ),
    statement('Users', 'Allow', users, USE, { Resource }),
    statement('Resources', 'Allow', users, ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'], {
      Resource,
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
    statement('Service', 'Allow', { AWS: '*' }, USE, {
      Resource,
      Condition: {
        StringEquals: { 'kms:ViaService': `s3.${REGION}.amazonaws.com`, 'kms:CallerAccount': ACCOUNT },
      },
    }),
  ].slice(0, 3 + (at % 3))
}

function queuePolicy(at: number, arn: string, service: string): Statement[] {
  const Resource = arn
  return [
    statement('Owner', 'Allow', { AWS: root(ACCOUNT) }, `${service}:*`, { Resource }),
    statement('Topic', 'Allow', { Service: 'sns.amazonaws.com' }, `${service}:SendMessage`, {
      Resource,
      Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:sns:${REGION}:${ACCOUNT}:topic-${at % 983}` } },
    }),
    statement('Bucket', 'Allow', { Service: 's3.amazonaws.com' }, `${service}:SendMessage`, {
      Resource,
      Condition: {
        ArnLike: { 'aws:SourceArn': `arn:aws:s3:*:*:uploads-${at % 977}` },
        StringEquals: { 'aws:SourceAccount': ACCOUNT },
      },
    }),
    statement('Partner', 'Allow', { AWS: pick(PARTNERS, at) }, `${service}:SendMessage`, { Resource }),
    statement('Insecure', 'Deny', '*', `${service}:*`, { Resource, Condition: NO_TLS }),
  ].slice(0, 2 + (at % 4))
}

function topicPolicy(at: number, arn: string): Statement[] {
  return [
    statement(
      '__default_statement_ID',
      'Allow',
      { AWS: '*' },
      ['SNS:Publish', 'SNS:Subscribe', 'SNS:GetTopicAttributes'],
      {
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': ACCOUNT } },
      },
    ),
    statement('Events', 'Allow', { Service: 'events.amazonaws.com' }, 'sns:Publish', { Resource: arn }),
    statement('Accounts', 'Allow', { AWS: MEMBERS.map(root) }, 'sns:Subscribe', { Resource: arn }),
  ].slice(0, 1 + (at % 3))
}

const GITHUB = 'token.actions.githubusercontent.com'

function trustPolicy(at: number): Statement[] {
  const service = pick(['ec2', 'lambda', 'ecs-tasks', 'states', 'glue'], at)
  const trusts = [
    statement('Service', 'Allow', { Service: `${service}.amazonaws.com` }, 'sts:AssumeRole'),
    statement('Account', 'Allow', { AWS: root(pick(PARTNERS, at)) }, 'sts:AssumeRole', {
      Condition: { StringEquals: { 'sts:ExternalId': `id-${at}` } },
    }),
    statement(
      'Pipeline',
      'Allow',
      { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}` },
      'sts:AssumeRoleWithWebIdentity',
      {
        Condition: {
          StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' },
          StringLike: { [`${GITHUB}:sub`]: `repo:shop/app-${at % 499}:*` },
        },
      },
    ),
    statement('Team', 'Allow', { AWS: '*' }, ['sts:AssumeRole', 'sts:TagSession'], {
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': ORG },
        ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/team-${at % 89}-*` },
      },
    }),
  ]
  return [pick(trusts, at), ...(at % 4 === 0 ? [pick(trusts, at + 1)] : [])]
}

function functionPolicy(at: number, arn: string): Statement[] {
  return Array.from({ length: 1 + (at % 4) }, (_, n) =>
    statement(
      `invoke-${n}`,
      'Allow',
      { Service: pick(['s3.amazonaws.com', 'events.amazonaws.com', 'apigateway.amazonaws.com'], at + n) },
      'lambda:InvokeFunction',
      {
        Resource: arn,
        Condition: {
          StringEquals: { 'AWS:SourceAccount': ACCOUNT },
          ArnLike: { 'AWS:SourceArn': `arn:aws:events:${REGION}:${ACCOUNT}:rule/rule-${at % 971}-${n}` },
        },
      },
    ),
  )
}

function secretPolicy(at: number): Statement[] {
  return [
    statement(
      'Readers',
      'Allow',
      { AWS: [role(pick(MEMBERS, at), 'app'), role(ACCOUNT, `app-${at % 997}`)] },
      'secretsmanager:GetSecretValue',
      { Resource: '*' },
    ),
    statement('Outsiders', 'Deny', '*', 'secretsmanager:*', { Resource: '*', Condition: OUTSIDERS }),
  ]
}

const OWNER_ID = 'a1'.repeat(32)

/** Of ten resources four are buckets, two roles, and one each a key, a queue, a topic or secret, and a function. */
export function resourceAt(at: number): { resource: Resource; statements: Statement[] } {
  const named = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`
  const make = (
    type: string,
    id: string,
    statements: Statement[],
    config: (policy: JsonObject) => JsonObject,
  ) => ({
    statements,
    resource: {
      id,
      type,
      account: ACCOUNT,
      region: REGION,
      tags: {},
      config: config({ Version: '2012-10-17', Statement: statements }),
    },
  })
  const kind = at % 10
  if (kind < 4) {
    const arn = `arn:aws:s3:::bucket-${at}`
    const on = at % 3 !== 0
    return make('AWS::S3::Bucket', arn, bucketPolicy(at, arn), (Policy) => ({
      Name: `bucket-${at}`,
      Policy,
      Acl: { Owner: { ID: OWNER_ID }, Grants: [] },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlock: {
        BlockPublicAcls: on,
        IgnorePublicAcls: on,
        BlockPublicPolicy: on,
        RestrictPublicBuckets: on,
      },
    }))
  }
  if (kind < 6) {
    const arn = `arn:aws:iam::${ACCOUNT}:role/role-${at}`
    return make('AWS::IAM::Role', arn, trustPolicy(at), (AssumeRolePolicyDocument) => ({
      AssumeRolePolicyDocument,
    }))
  }
  if (kind === 6) {
    const KeyMetadata = { KeyManager: 'CUSTOMER', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' }
    return make('AWS::KMS::Key', named('kms', `key/${at}`), keyPolicy(at), (Policy) => ({
      KeyMetadata,
      Policy,
      Grants: [],
    }))
  }
  if (kind === 7) {
    const arn = named('sqs', `queue-${at}`)
    return make('AWS::SQS::Queue', arn, queuePolicy(at, arn, 'sqs'), (Policy) => ({ Attributes: { Policy } }))
  }
  if (kind === 8) {
    const arn = named('lambda', `function:f-${at}`)
    return make('AWS::Lambda::Function', arn, functionPolicy(at, arn), (Policy) => ({ Policy }))
  }
  if (at % 20 === 9) {
    const arn = named('sns', `topic-${at}`)
    return make('AWS::SNS::Topic', arn, topicPolicy(at, arn), (Policy) => ({ Attributes: { Policy } }))
  }
  return make(
    'AWS::SecretsManager::Secret',
    named('secretsmanager', `secret:s-${at}-abcdef`),
    secretPolicy(at),
    (ResourcePolicy) => ({ ResourcePolicy }),
  )
}

/** The names that made-up policies are made of: few, so that statements meet. */
import type { World } from './model.ts'

export const OWN = '111111111111'
export const MEMBER = '222222222222'
export const TRUSTED = '333333333333'
export const EXTERNAL = '444444444444'
/** A member that no policy names. */
export const OTHER_MEMBER = '121212121212'
/** Nobody's: no policy names it. */
export const STRANGER = '777777777777'
export const OWN_ORG = 'o-ownown1234'
export const OTHER_ORG = 'o-other56789'
export const STRANGE_ORG = 'o-strange000'
/** A stranger's, whose id begins as the own one's does. */
export const NEAR_ORG = 'o-ownzzzzzzz'
export const NOW = '2026-11-01T00:00:00Z'
export const OWNER_ID = 'c1'.repeat(32)
export const TRUSTED_ID = 'c3'.repeat(32)

export const world: World = {
  orgId: OWN_ORG,
  orgAccounts: [OWN, MEMBER, OTHER_MEMBER],
  paths: { [OWN]: `${OWN_ORG}/r-1/ou-1-z/`, [MEMBER]: `${OWN_ORG}/r-1/ou-1-a/` },
  trustedAccounts: [TRUSTED],
  canonicalIds: { [OWNER_ID]: OWN, [TRUSTED_ID]: TRUSTED },
}

export const GITHUB = `arn:aws:iam::${OWN}:oidc-provider/token.actions.githubusercontent.com`

export const ARNS: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'arn:aws:s3:::data',
  'AWS::KMS::Key': `arn:aws:kms:us-east-1:${OWN}:key/k1`,
  'AWS::SQS::Queue': `arn:aws:sqs:us-east-1:${OWN}:jobs`,
  'AWS::SNS::Topic': `arn:aws:sns:us-east-1:${OWN}:news`,
  'AWS::IAM::Role': `arn:aws:iam::${OWN}:role/app`,
  'AWS::Lambda::Function': `arn:aws:lambda:us-east-1:${OWN}:function:f`,
  'AWS::ECR::Repository': `arn:aws:ecr:us-east-1:${OWN}:repository/r`,
  'AWS::SecretsManager::Secret': `arn:aws:secretsmanager:us-east-1:${OWN}:secret:s-abcdef`,
}

export const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::Bucket': [
    's3:GetObject',
    's3:Get*',
    's3:*',
    '*',
    's3:PutObject',
    's3:Put*',
    'S3:getobject',
    's3:?etObject',
    's3:ListBucket',
    's3:ListBucket*',
    's3:PutObjectAcl',
    's3:ListAllMyBuckets',
  ],
  'AWS::KMS::Key': [
    'kms:*',
    'kms:Decrypt',
    'kms:Encrypt',
    'kms:GenerateDataKey*',
    'kms:CreateGrant',
    'kms:Put*',
    'kms:DescribeKey',
  ],
  'AWS::SQS::Queue': ['sqs:*', 'sqs:SendMessage', 'SQS:ReceiveMessage', 'sqs:Get*', 's3:GetObject'],
  'AWS::SNS::Topic': ['sns:Publish', 'sns:Subscribe', 'sns:*', 'SNS:Get*'],
  'AWS::IAM::Role': ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:*', '*'],
  'AWS::Lambda::Function': [
    'lambda:InvokeFunction',
    'lambda:InvokeFunctionUrl',
    'lambda:Invoke*',
    'lambda:*',
  ],
  'AWS::ECR::Repository': ['ecr:BatchGetImage', 'ecr:*', 'ecr:Get*', 'ecr:PutImage'],
  'AWS::SecretsManager::Secret': ['secretsmanager:GetSecretValue', 'secretsmanager:*', 'secretsmanager:Put*'],
}

/** Operators that a key is compared with, and what it is compared to. */
export interface Comparison {
  readonly key: string
  readonly operators: readonly string[]
  readonly values: readonly string[]
}

const EQUAL = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIfExists',
  'StringNotEqualsIfExists',
  'StringEqualsIgnoreCase',
]
const LIKE = [...EQUAL, 'StringLike', 'StringNotLike', 'StringLikeIfExists']
const ARN = [
  'ArnLike',
  'ArnEquals',
  'ArnNotLike',
  'ArnNotEquals',
  'ArnLikeIfExists',
  'StringLike',
  'StringNotLike',
]
const BOOL = ['Bool', 'BoolIfExists']
const IP = ['IpAddress', 'NotIpAddress', 'IpAddressIfExists', 'NotIpAddressIfExists']
const NUMBER = [
  'NumericEquals',
  'NumericLessThan',
  'NumericGreaterThanEquals',
  'NumericLessThanIfExists',
  'NumericNotEquals',
]
const DATE = ['DateLessThan', 'DateGreaterThan']
const SETS = [
  'ForAllValues:StringEquals',
  'ForAnyValue:StringEquals',
  'ForAnyValue:StringLike',
  'ForAllValues:StringNotEquals',
  'ForAnyValue:StringNotEquals',
]

export const COMPARISONS: readonly Comparison[] = [
  { key: 'aws:PrincipalOrgID', operators: LIKE, values: [OWN_ORG, OTHER_ORG, 'o-*', 'o-own*'] },
  {
    key: 'aws:PrincipalOrgPaths',
    operators: ['ForAnyValue:StringLike', 'ForAnyValue:StringEquals', 'ForAnyValue:StringNotLike'],
    values: [`${OWN_ORG}/*`, `${OWN_ORG}/r-1/ou-1-a/*`, `${OTHER_ORG}/*`, `${OWN_ORG}/r-1/ou-1-a/`],
  },
  { key: 'aws:PrincipalAccount', operators: LIKE, values: [OWN, MEMBER, EXTERNAL, '4444*'] },
  {
    key: 'aws:PrincipalArn',
    operators: ARN,
    values: [
      `arn:aws:iam::${EXTERNAL}:role/*`,
      'arn:aws:iam::*:role/Admin',
      `arn:aws:iam::${OWN}:*`,
      `arn:aws:iam::${EXTERNAL}:role/Admin`,
      `arn:aws:iam::${EXTERNAL}:user/a*`,
    ],
  },
  { key: 'aws:userid', operators: LIKE, values: [EXTERNAL, '*:deploy', 'AROA*', 'AIDA*'] },
  { key: 'aws:username', operators: LIKE, values: ['alice', 'a*', 'bob'] },
  { key: 'aws:PrincipalType', operators: EQUAL, values: ['User', 'AssumedRole', 'Anonymous', 'Account'] },
  { key: 'aws:PrincipalIsAWSService', operators: BOOL, values: ['true', 'false'] },
  { key: 'aws:PrincipalServiceName', operators: LIKE, values: ['sns.amazonaws.com', '*.amazonaws.com'] },
  {
    key: 'aws:SourceIp',
    operators: IP,
    values: [
      '203.0.113.0/24',
      '203.0.113.128/25',
      '10.0.0.0/8',
      '2001:db8::/32',
      '0.0.0.0/0',
      '198.51.100.7/32',
    ],
  },
  { key: 'aws:SourceVpc', operators: LIKE, values: ['vpc-1', 'vpc-2', 'vpc-*'] },
  { key: 'aws:SourceVpce', operators: LIKE, values: ['vpce-1', 'vpce-2', 'vpce-1*'] },
  { key: 'aws:SourceAccount', operators: LIKE, values: [OWN, EXTERNAL, '4444*'] },
  {
    key: 'aws:SourceArn',
    operators: ARN,
    values: [
      `arn:aws:sns:us-east-1:${OWN}:*`,
      `arn:aws:sns:*:${EXTERNAL}:topic`,
      'arn:aws:s3:::logs',
      'arn:aws:*:*:*:*',
    ],
  },
  { key: 'aws:SourceOrgID', operators: LIKE, values: [OWN_ORG, OTHER_ORG] },
  { key: 'aws:SecureTransport', operators: ['Bool'], values: ['true', 'false'] },
  { key: 'aws:MultiFactorAuthPresent', operators: BOOL, values: ['true', 'false'] },
  { key: 'aws:ViaAWSService', operators: BOOL, values: ['true', 'false'] },
  { key: 'aws:PrincipalTag/team', operators: LIKE, values: ['red', 'r*', 'blue'] },
  { key: 'aws:TagKeys', operators: SETS, values: ['owner', 'env', 'cost'] },
  { key: 'aws:CurrentTime', operators: DATE, values: ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'] },
  { key: 'aws:UserAgent', operators: LIKE, values: ['secret*', 'curl', '*curl*'] },
  { key: 's3:prefix', operators: LIKE, values: ['home/*', 'home/a', ''] },
  { key: 's3:x-amz-acl', operators: EQUAL, values: ['private', 'public-read'] },
  { key: 's3:TlsVersion', operators: NUMBER, values: ['1.2', '1.3'] },
  {
    key: 'kms:ViaService',
    operators: LIKE,
    values: ['s3.us-east-1.amazonaws.com', '*.us-east-1.amazonaws.com'],
  },
  { key: 'kms:CallerAccount', operators: EQUAL, values: [OWN, EXTERNAL] },
  { key: 'sts:ExternalId', operators: EQUAL, values: ['e1', 'e2'] },
  { key: 'sns:Protocol', operators: EQUAL, values: ['https', 'sqs'] },
  { key: 'lambda:FunctionUrlAuthType', operators: EQUAL, values: ['NONE', 'AWS_IAM'] },
  {
    key: 'token.actions.githubusercontent.com:sub',
    operators: LIKE,
    values: ['repo:us/app:*', 'repo:us/*', 'repo:*'],
  },
  { key: 'token.actions.githubusercontent.com:aud', operators: EQUAL, values: ['sts.amazonaws.com'] },
]

/** Keys of one service only, and the actions whose requests carry them (Service Authorization Reference); without actions, all. */
export const SERVICE_KEYS: Readonly<
  Record<string, { readonly type: string; readonly actions?: readonly string[] }>
> = {
  's3:prefix': { type: 'AWS::S3::Bucket', actions: ['s3:ListBucket', 's3:ListBucketVersions'] },
  's3:x-amz-acl': {
    type: 'AWS::S3::Bucket',
    actions: [
      's3:BypassGovernanceRetention',
      's3:CreateBucket',
      's3:PutBucketAcl',
      's3:PutObject',
      's3:PutObjectAcl',
      's3:PutObjectVersionAcl',
    ],
  },
  's3:TlsVersion': { type: 'AWS::S3::Bucket' },
  'kms:ViaService': { type: 'AWS::KMS::Key' },
  'kms:CallerAccount': { type: 'AWS::KMS::Key' },
  'sts:ExternalId': { type: 'AWS::IAM::Role', actions: ['sts:AssumeRole'] },
  'sns:Protocol': { type: 'AWS::SNS::Topic', actions: ['sns:Subscribe'] },
  'lambda:FunctionUrlAuthType': {
    type: 'AWS::Lambda::Function',
    actions: [
      'lambda:AddPermission',
      'lambda:CreateFunctionUrlConfig',
      'lambda:DeleteFunctionUrlConfig',
      'lambda:GetFunctionUrlConfig',
      'lambda:InvokeFunctionUrl',
      'lambda:ListFunctionUrlConfigs',
      'lambda:RemovePermission',
      'lambda:UpdateFunctionUrlConfig',
    ],
  },
  'token.actions.githubusercontent.com:sub': { type: 'AWS::IAM::Role' },
  'token.actions.githubusercontent.com:aud': { type: 'AWS::IAM::Role' },
}

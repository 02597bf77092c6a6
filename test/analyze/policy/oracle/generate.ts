/** Made-up policies from a small vocabulary, so that their statements meet, nest and contradict each other. */
import fc from 'fast-check'
import { ALL_USERS, AUTHENTICATED_USERS } from './bucket.ts'
import type {
  BucketSettings,
  ConditionBlock,
  PolicyDocument,
  PolicyInput,
  PrincipalElement,
  Statement,
} from './model.ts'
import {
  ACTIONS,
  ARNS,
  COMPARISONS,
  type Comparison,
  EXTERNAL,
  GITHUB,
  MEMBER,
  NOW,
  OWN,
  OWNER_ID,
  SERVICE_KEYS,
  TRUSTED,
  TRUSTED_ID,
  world,
} from './vocabulary.ts'

const NAMES = [
  '*',
  OWN,
  `arn:aws:iam::${MEMBER}:root`,
  `arn:aws:iam::${TRUSTED}:root`,
  EXTERNAL,
  `arn:aws:iam::${EXTERNAL}:root`,
  `arn:aws:iam::${EXTERNAL}:role/Admin`,
  `arn:aws:iam::${EXTERNAL}:user/alice`,
  `arn:aws:iam::${OWN}:role/app/Admin`,
  `arn:aws:sts::${EXTERNAL}:assumed-role/Admin/deploy`,
  'AROAEXAMPLEGONEGONEGO',
  'arn:aws:iam::*:role/Admin',
]

const one = <T>(of: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...of)
const some = <T>(of: readonly T[], most = 2): fc.Arbitrary<T | T[]> =>
  fc.oneof(
    { weight: 3, arbitrary: one(of) },
    { weight: 1, arbitrary: fc.uniqueArray(one(of), { minLength: 1, maxLength: most }) },
  )

function principal(type: string): fc.Arbitrary<PrincipalElement> {
  const services = some(['sns.amazonaws.com', 'cloudtrail.amazonaws.com']).map((Service) => ({ Service }))
  const kinds: fc.WeightedArbitrary<PrincipalElement>[] = [
    { weight: 4, arbitrary: fc.constant('*') },
    { weight: 4, arbitrary: some(NAMES, 3).map((AWS) => ({ AWS })) },
    { weight: 1, arbitrary: services },
  ]
  if (type === 'AWS::IAM::Role') kinds.push({ weight: 2, arbitrary: fc.constant({ Federated: GITHUB }) })
  if (type === 'AWS::S3::Bucket')
    kinds.push({
      weight: 1,
      arbitrary: one([OWNER_ID, TRUSTED_ID]).map((CanonicalUser) => ({ CanonicalUser })),
    })
  return fc.oneof(...kinds)
}

const VARIABLES: readonly Comparison[] = [
  {
    key: 'aws:PrincipalTag/team',
    operators: ['StringEquals', 'StringNotEquals'],
    values: [`\${aws:RequestTag/team}`, `\${aws:PrincipalTag/area, 'red'}`],
  },
  { key: 's3:prefix', operators: ['StringLike'], values: [`home/\${aws:username}/*`, `home/\${aws:userid}`] },
  {
    key: 'aws:UserAgent',
    operators: ['StringEquals', 'StringLike'],
    values: [`\${aws:username}`, `\${*}`, `a\${?}`],
  },
  {
    key: 'aws:PrincipalAccount',
    operators: ['StringEquals', 'StringNotEquals'],
    values: [`\${aws:SourceAccount}`, `\${aws:PrincipalTag/account}`],
  },
]

function comparisonsFor(type: string): Comparison[] {
  return [...COMPARISONS, ...COMPARISONS, ...VARIABLES].filter(({ key }) => {
    const of = SERVICE_KEYS[key]
    return of === undefined || of.type === type
  })
}

function condition(comparison: Comparison): fc.Arbitrary<ConditionBlock> {
  const { key, operators, values } = comparison
  const spelt = one([key, key.toLowerCase()])
  const compared = fc
    .tuple(one(operators), some(values), spelt)
    .map(([operator, value, name]): ConditionBlock => ({ [operator]: { [name]: value } }))
  const isNull = fc
    .tuple(one(['true', 'false']), spelt)
    .map(([value, name]): ConditionBlock => ({ Null: { [name]: value } }))
  return fc.oneof({ weight: 6, arbitrary: compared }, { weight: 1, arbitrary: isNull })
}

function merge(blocks: readonly ConditionBlock[]): ConditionBlock {
  const merged: Record<string, Record<string, string | readonly string[]>> = {}
  for (const block of blocks) {
    for (const [operator, keys] of Object.entries(block)) {
      merged[operator] = { ...(keys as Record<string, string>), ...merged[operator] }
    }
  }
  return merged
}

function resources(type: string): fc.Arbitrary<Partial<Statement>> {
  const arn = ARNS[type] ?? ''
  if (type === 'AWS::IAM::Role' || type === 'AWS::ECR::Repository') return fc.constant({})
  if (type !== 'AWS::S3::Bucket') {
    return one<Partial<Statement>>([
      { Resource: arn },
      { Resource: '*' },
      { Resource: `${arn}*` },
      { Resource: 'arn:aws:sns:*' },
    ])
  }
  return one<Partial<Statement>>([
    { Resource: [arn, `${arn}/*`] },
    { Resource: `${arn}/*` },
    { Resource: arn },
    { Resource: '*' },
    { Resource: `${arn}/logs/*` },
    { Resource: `${arn}/*.txt` },
    { Resource: `${arn}/home/\${aws:username}/*` },
    { Resource: 'arn:aws:s3:::*' },
    { NotResource: `${arn}/logs/*` },
    { NotResource: [arn, `${arn}/logs/*`] },
  ])
}

function statement(type: string, chosen: readonly Comparison[]): fc.Arbitrary<Statement> {
  const blocks = chosen.map((comparison) => fc.option(condition(comparison), { freq: 2, nil: undefined }))
  return fc
    .record({
      Effect: fc.oneof(
        { weight: 5, arbitrary: fc.constant('Allow' as const) },
        { weight: 3, arbitrary: fc.constant('Deny' as const) },
      ),
      who: principal(type),
      notWho: fc.integer({ min: 0, max: 9 }),
      action: some(ACTIONS[type] ?? [], 3),
      notAction: fc.integer({ min: 0, max: 9 }),
      resource: resources(type),
      conditions: fc.tuple(...blocks),
    })
    .map(({ Effect, who, notWho, action, notAction, resource, conditions }): Statement => {
      const found = conditions.filter((block): block is ConditionBlock => block !== undefined)
      const everyone = who === '*' || JSON.stringify(who).includes('"*"')
      return {
        Effect,
        ...(notWho === 0 && !everyone ? { NotPrincipal: who } : { Principal: who }),
        ...(notAction === 0 ? { NotAction: action } : { Action: action }),
        ...resource,
        ...(found.length > 0 ? { Condition: merge(found) } : {}),
      }
    })
}

const block = fc.option(
  fc.record({
    BlockPublicAcls: fc.boolean(),
    IgnorePublicAcls: fc.boolean(),
    BlockPublicPolicy: fc.boolean(),
    RestrictPublicBuckets: fc.boolean(),
  }),
  { freq: 2, nil: null },
)

const bucket: fc.Arbitrary<BucketSettings> = fc.record({
  owner: fc.constant(OWNER_ID),
  acl: fc.array(
    fc.record({
      Grantee: one<BucketSettings['acl'][number]['Grantee']>([
        { Type: 'CanonicalUser', ID: OWNER_ID },
        { Type: 'CanonicalUser', ID: TRUSTED_ID },
        { Type: 'Group', URI: ALL_USERS },
        { Type: 'Group', URI: AUTHENTICATED_USERS },
      ]),
      Permission: one(['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP', 'FULL_CONTROL']),
    }),
    { maxLength: 2 },
  ),
  ownership: one(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter', null] as const),
  blocks: fc.record({
    bucket: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: block }),
    account: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: block }),
    organization: fc.constant(null),
  }),
})

const grants = fc.array(
  fc.record({
    GrantId: one(['g1', 'g2']),
    GranteePrincipal: one([
      `arn:aws:iam::${EXTERNAL}:role/Admin`,
      `arn:aws:iam::${OWN}:role/app/Admin`,
      'sns.amazonaws.com',
    ]),
    Operations: fc.uniqueArray(one(['Decrypt', 'Encrypt', 'CreateGrant', 'DescribeKey']), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  { maxLength: 1 },
)

/** A policy asks for two keys, seldom three, so that its statements ask for the same. */
function document(type: string): fc.Arbitrary<PolicyDocument> {
  return fc
    .uniqueArray(one(comparisonsFor(type)), {
      minLength: 1,
      maxLength: 3,
      selector: (comparison) => comparison.key,
    })
    .chain((chosen) =>
      fc.record({
        Version: fc.oneof(
          { weight: 9, arbitrary: fc.constant('2012-10-17') },
          { weight: 1, arbitrary: fc.constant('2008-10-17') },
        ),
        Statement: fc.array(statement(type, chosen), { minLength: 1, maxLength: 4 }),
      }),
    )
}

export const policies: fc.Arbitrary<PolicyInput> = one(Object.keys(ARNS)).chain((type) =>
  fc
    .record({ policy: document(type), bucket, grants })
    .map(({ policy, bucket: settings, grants: given }) => ({
      type,
      arn: ARNS[type] ?? '',
      account: OWN,
      now: NOW,
      policy,
      world,
      ...(type === 'AWS::S3::Bucket' ? { bucket: settings } : {}),
      ...(type === 'AWS::KMS::Key' ? { grants: given } : {}),
    })),
)

/** What a call that was denied leaves unknown, and what the rest decides all the same. */
import { describe, expect, it } from 'vitest'
import type { AccessAnswer } from '../../../src/analyze/policy/answer.ts'
import type { Json } from '../../../src/snapshot/model.ts'
import { type Account, answersOf, type Example, folderOf, rawAnswers } from './answers.ts'
import examples from './examples.json' with { type: 'json' }

const account: Account = examples.account
const OWN = account.accountId
const TRUSTED = account.trustedAccounts[0] ?? ''
const OWNER = Object.keys(examples.account.canonicalIds)[0] ?? ''
const KEY = `arn:aws:kms:us-east-1:${OWN}:key/0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0`
const KEY_ID = KEY.slice(KEY.lastIndexOf('/') + 1)

const ALL = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
}

const policy = (...Statement: object[]): object => ({ Version: '2012-10-17', Statement })
const OPEN = policy({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::corp-data/*',
})
const PARTNER = policy({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${TRUSTED}:root` },
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::corp-data/*',
})

const BUCKET = {
  policy: 'global/s3api/get-bucket-policy/corp-data',
  acl: 'global/s3api/get-bucket-acl/corp-data',
  bucketBlock: 'global/s3api/get-public-access-block/corp-data',
  accountBlock: 'global/s3control/get-public-access-block',
  ownership: 'global/s3api/get-bucket-ownership-controls/corp-data',
} as const
const KMS = {
  policy: `us-east-1/kms/get-key-policy/${KEY_ID}`,
  grants: `us-east-1/kms/list-grants/${KEY_ID}`,
} as const

/** The answer from what the AWS CLI printed, where these calls were denied. */
async function answer(example: Example, denied: readonly string[]): Promise<AccessAnswer> {
  const answers = rawAnswers(example, account)
  for (const path of denied) {
    delete answers[path]
    answers[`${path}.error`] = { Code: 'AccessDenied', Message: 'not for you' }
  }
  const [found] = await answersOf(folderOf(OWN, answers), account)
  if (!found) throw new Error('there is no answer')
  return found
}

interface Bucket {
  readonly policy?: object
  readonly acl?: readonly object[]
  readonly bucket?: object
  readonly account?: object
  readonly ownership?: string
}

function bucket(of: Bucket, ...denied: (keyof typeof BUCKET)[]): Promise<AccessAnswer> {
  const { policy: document = null, acl = [], ownership = 'BucketOwnerEnforced' } = of
  const config = {
    policy: document,
    acl: { Owner: { ID: OWNER }, Grants: acl },
    objectOwnership: ownership,
    publicAccessBlock: { bucket: of.bucket ?? null, account: of.account ?? null },
  }
  const example = { id: '', title: '', resourceType: 's3-bucket', config, expected: {} }
  return answer(
    example,
    denied.map((name) => BUCKET[name]),
  )
}

function key(of: { policy: object; grants?: readonly object[] }, ...denied: (keyof typeof KMS)[]) {
  const config = { policy: of.policy, grants: of.grants ?? [], keyArn: KEY }
  const example = { id: '', title: '', resourceType: 'kms-key', config, expected: {} }
  return answer(
    example,
    denied.map((name) => KMS[name]),
  )
}

const operations = ({ missing }: AccessAnswer): string[] =>
  missing.map(({ permission, outcome }) => `${permission} ${outcome}`)

/** What is public, how wide it is, and what keeps it from being known. */
const said = (one: AccessAnswer): Json[] => [one.public, one.exposure, operations(one)]

const EVERYBODY = {
  Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
  Permission: 'READ',
}

describe('a denied GetBucketPolicy', () => {
  const unread = ['s3:GetBucketPolicy denied']

  it('leaves unknown whether the bucket is public', async () => {
    expect(said(await bucket({}, 'policy'))).toEqual([null, 'possible-public', unread])
  })

  it('decides nothing where an ACL is public: the policy may deny what the ACL grants', async () => {
    const open = { acl: [EVERYBODY], ownership: 'ObjectWriter' }
    expect(said(await bucket(open, 'policy'))).toEqual([null, 'possible-public', unread])
  })

  it.each([
    ['account', { account: ALL }],
    ['bucket', { bucket: { ...ALL, BlockPublicAcls: false, BlockPublicPolicy: false } }],
  ])('is decided by a block of the %s: not public', async (_, blocks) => {
    const closed = await bucket(blocks, 'policy')
    expect(closed.public).toBe(false)
    expect(operations(closed)).toEqual(unread)
    for (const { class: name, answer: says } of closed.classes)
      if (name === 'anonymous' || name === 'any-principal') expect([name, says]).toEqual([name, 'no'])
  })

  it('is not decided by settings that keep only new policies out', async () => {
    const half = { account: { ...ALL, RestrictPublicBuckets: false } }
    expect(said(await bucket(half, 'policy'))).toEqual([null, 'possible-public', unread])
  })
})

describe('a denied GetBucketAcl', () => {
  it('leaves unknown whether a bucket with ACLs is public', async () => {
    const one = await bucket({ ownership: 'ObjectWriter' }, 'acl')
    expect(said(one)).toEqual([null, 'possible-public', ['s3:GetBucketAcl denied']])
  })

  it('does not matter where ACLs are switched off', async () => {
    expect(said(await bucket({}, 'acl'))).toEqual([false, 'none', []])
  })

  it('does not matter to "public" where public ACLs are ignored', async () => {
    const one = await bucket({ ownership: 'ObjectWriter', account: { IgnorePublicAcls: true } }, 'acl')
    expect(one.public).toBe(false)
  })

  it('does not matter where the policy is public and every block known to be off', async () => {
    const one = await bucket({ policy: OPEN, ownership: 'ObjectWriter' }, 'acl')
    expect([one.public, one.exposure]).toEqual([true, 'public'])
  })
})

describe('a denied GetBucketOwnershipControls', () => {
  it('leaves unknown whether a public ACL counts', async () => {
    const one = await bucket({ acl: [EVERYBODY] }, 'ownership')
    expect(said(one)).toEqual([null, 'possible-public', ['s3:GetBucketOwnershipControls denied']])
  })

  it('does not matter where the ACL lets in nobody', async () => {
    expect((await bucket({}, 'ownership')).public).toBe(false)
  })
})

describe('a denied GetPublicAccessBlock', () => {
  it('of the bucket leaves unknown whether a public policy is in effect', async () => {
    const one = await bucket({ policy: OPEN }, 'bucketBlock')
    expect(said(one)).toEqual([null, 'possible-public', ['s3:GetBucketPublicAccessBlock denied']])
  })

  it('of the account does the same', async () => {
    const one = await bucket({ policy: OPEN }, 'accountBlock')
    expect(said(one)).toEqual([null, 'possible-public', ['s3:GetAccountPublicAccessBlock denied']])
  })

  it('of the bucket does not matter where the account blocks', async () => {
    const one = await bucket({ policy: OPEN, account: ALL }, 'bucketBlock')
    expect([one.public, operations(one)]).toEqual([false, []])
    expect(one.blockedBy).toEqual(['RestrictPublicBuckets (account)'])
  })

  it('of the account does not matter where the bucket blocks', async () => {
    const one = await bucket({ policy: OPEN, bucket: ALL }, 'accountBlock')
    expect([one.public, operations(one)]).toEqual([false, []])
    expect(one.blockedBy).toEqual(['RestrictPublicBuckets (bucket)'])
  })

  it('does not matter where there is nothing to block', async () => {
    expect(said(await bucket({}, 'bucketBlock', 'accountBlock'))).toEqual([false, 'none', []])
  })

  it('does not matter to a policy that is not public', async () => {
    const one = await bucket({ policy: PARTNER }, 'bucketBlock', 'accountBlock')
    expect(said(one)).toEqual([false, 'external-known', []])
    expect(one.crossAccount).toEqual([TRUSTED])
  })
})

const OWN_IAM = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${OWN}:root` },
  Action: 'kms:*',
  Resource: '*',
}
const OUTSIDERS = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:*',
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:PrincipalAccount': OWN } },
}

describe('a denied GetKeyPolicy', () => {
  it('leaves unknown who gets at the key', async () => {
    const one = await key({ policy: policy(OWN_IAM) }, 'policy')
    expect(said(one)).toEqual([null, 'possible-public', ['kms:GetKeyPolicy denied']])
    expect(one.kms).toBeUndefined()
  })

  it('leaves a grant in doubt, too: the policy may deny what it grants', async () => {
    const grants = [
      { GrantId: 'g1', GranteePrincipal: `arn:aws:iam::${TRUSTED}:role/app`, Operations: ['Decrypt'] },
    ]
    const one = await key({ policy: policy(OWN_IAM), grants }, 'policy')
    const trusted = one.classes.find(({ class: name }) => name === 'trusted-account')
    expect(trusted).toMatchObject({ who: TRUSTED, answer: 'unknown' })
  })
})

describe('a denied ListGrants', () => {
  const unread = ['kms:ListGrants denied']

  it('leaves unknown who gets at the key by a grant', async () => {
    const one = await key({ policy: policy(OWN_IAM) }, 'grants')
    expect(operations(one)).toEqual(unread)
    expect(one.classes).toContainEqual(expect.objectContaining({ class: 'any-principal', answer: 'unknown' }))
  })

  it('does not matter where the policy is public', async () => {
    const open = { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' }
    const one = await key({ policy: policy(OWN_IAM, open) }, 'grants')
    expect([one.public, one.exposure]).toEqual([true, 'public'])
  })

  it('does not matter to those whom the policy denies: no grant gets past it', async () => {
    const one = await key({ policy: policy(OWN_IAM, OUTSIDERS) }, 'grants')
    expect([one.public, one.exposure]).toEqual([false, 'same-account'])
    expect(one.classes).toContainEqual(expect.objectContaining({ class: 'any-principal', answer: 'no' }))
  })
})

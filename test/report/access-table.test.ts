import { describe, expect, it } from 'vitest'
import type { AccessAnswer } from '../../src/analyze/policy/answer.ts'
import { accessDetail, accessTable, requestsTable } from '../../src/report/access-table.ts'
import { columns } from '../../src/report/escape.ts'

const BUCKET: AccessAnswer = {
  resource: 'arn:aws:s3:::corp-data',
  type: 'AWS::S3::Bucket',
  account: '210987654321',
  region: 'us-east-1',
  exposure: 'none',
  public: false,
  crossAccount: [],
  unknownAccounts: [],
  orgs: [],
  orgOnly: false,
  services: [],
  confusedDeputy: false,
  federated: [],
  canonicalUsers: [],
  network: { vpcs: [], vpces: [], cidrs: [], other: [] },
  policyIsPublic: false,
  unknownPrincipalIds: [],
  serviceSourceAccounts: [],
  grants: [],
  blockedBy: [],
  classes: [],
  notes: [],
  missing: [],
}

const PUBLIC: AccessAnswer = {
  ...BUCKET,
  resource: 'arn:aws:s3:::open-data',
  exposure: 'public',
  public: true,
  grants: [
    {
      statement: 'Policy read',
      effect: 'Allow',
      principals: ['*'],
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::open-data/*'],
      conditions: ['Bool aws:SecureTransport true'],
    },
  ],
  witness: {
    principal: 'anonymous',
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::open-data/any',
    context: { 'aws:SecureTransport': 'true' },
  },
}

const ACCOUNT: AccessAnswer = {
  ...BUCKET,
  exposure: 'external-unknown',
  crossAccount: ['321098765432', '543210987654'],
  unknownAccounts: ['543210987654'],
  blockedBy: ['Policy outsiders'],
}

const DENIED = {
  operation: 's3:GetBucketPolicy',
  outcome: 'denied',
  permission: 's3:GetBucketPolicy',
} as const

const table = (answers: readonly AccessAnswer[], width = 80): string =>
  [...accessTable(answers, { width })].join('')
const detail = (answer: AccessAnswer, width = 80): string => [...accessDetail(answer, { width })].join('')

describe('a list of everything', () => {
  it('names worst first what others get at, with statement and request, and counts the rest', () => {
    expect(table([BUCKET, ACCOUNT, PUBLIC])).toBe(
      `public  open-data  S3 Bucket                              210987654321 us-east-1
  by          Policy read: * may s3:GetObject on arn:aws:s3:::open-data/* if
              Bool aws:SecureTransport true
  allowed     anonymous s3:GetObject arn:aws:s3:::open-data/any with
              aws:SecureTransport true

external-unknown  corp-data  S3 Bucket                    210987654321 us-east-1
  accounts    543210987654 (not the organization’s, not trusted); 321098765432
  closed by   Policy outsiders

3 resources: 1 public, 1 external-unknown, 1 none
`,
    )
  })

  it('says what was not read, and marks an answer that hangs on it', () => {
    const text = table([{ ...BUCKET, missing: [DENIED] }])
    expect(text).toContain('none?  corp-data')
    expect(text).toContain('not known   s3:GetBucketPolicy denied: grant s3:GetBucketPolicy')
  })

  it('does not call an account a stranger where the organization was not read', () => {
    const missing = { ...DENIED, operation: 'organizations:ListAccounts' }
    expect(table([{ ...ACCOUNT, missing: [missing] }])).toContain(
      '543210987654 (not trusted; the organization was not',
    )
  })

  it('shows a service that acts for anyone, though only services get in', () => {
    const text = table([
      { ...BUCKET, exposure: 'service', services: ['sns.amazonaws.com'], confusedDeputy: true },
    ])
    expect(text).toContain('services    sns.amazonaws.com, for any account that asks it to (confused')
  })

  it('says that there is nothing, where there is nothing', () => {
    expect(table([])).toBe('0 resources with a policy of their own\n')
  })

  it.each([40, 80, 120])('fits %d columns, however long the names', (width) => {
    const long = 'x'.repeat(300)
    const grant = { ...PUBLIC.grants[0], statement: long, principals: [long] }
    const wide = { ...PUBLIC, resource: `arn:aws:s3:::${long}`, grants: [grant] } as AccessAnswer
    const short = { ...PUBLIC, resource: 'arn:aws:s3:::資料バケツ' }
    const one = { class: 'account', who: long, answer: 'yes', blockedBy: [], missing: [] } as const
    const classes = [{ ...one, statements: [long, long] }]
    const text = table([wide, short, ACCOUNT], width) + detail({ ...wide, classes }, width)
    for (const line of text.split('\n')) expect(columns(line)).toBeLessThanOrEqual(width)
  })
})

describe('one resource', () => {
  it('answers for each class of callers, and says what closes it', () => {
    const classes: AccessAnswer['classes'] = [
      {
        class: 'anonymous',
        answer: 'no',
        statements: [],
        blockedBy: ['RestrictPublicBuckets (bucket)'],
        missing: [],
      },
      {
        class: 'account',
        who: '543210987654',
        answer: 'yes',
        statements: ['Policy read'],
        blockedBy: [],
        missing: [],
      },
      { class: 'organization', answer: 'unknown', statements: [], blockedBy: [], missing: [DENIED] },
    ]
    const text = detail({ ...ACCOUNT, classes })
    expect(text).toContain('  resource    arn:aws:s3:::corp-data\n')
    expect(text).toContain('    no  anonymous  closed by RestrictPublicBuckets (bucket)\n')
    expect(text).toContain('    yes account 543210987654  Policy read\n')
    expect(text).toContain('    ?   own organization  s3:GetBucketPolicy denied\n')
  })

  it('tells who administers and who uses a key', () => {
    const kms = {
      admins: ['arn:aws:iam::210987654321:role/admin'],
      users: [],
      adminAndUser: [],
      accountDelegation: { admin: true, use: false },
      grantUsers: ['arn:aws:iam::210987654321:role/app'],
    }
    const text = detail({ ...BUCKET, kms })
    expect(text).toContain('administer  arn:aws:iam::210987654321:role/admin')
    expect(text).toContain('by grant    arn:aws:iam::210987654321:role/app')
    expect(text).toContain('own IAM     decides on administration')
  })

  it('tells of an endpoint whether it bounds whom and what', () => {
    const text = detail({ ...BUCKET, unrestrictedPrincipals: true, unrestrictedResources: null })
    expect(text).toContain('principals  not bounded')
    expect(text).toContain('resources   not known')
  })
})

describe('what an account wrote', () => {
  const evil = '\u001b]8;;http://evil\u0007\u202e\n'

  it('never reaches the terminal as more than text', () => {
    const grant = {
      statement: evil,
      effect: 'Allow' as const,
      principals: [evil],
      actions: [evil],
      resources: [evil],
      conditions: [evil],
    }
    const answer: AccessAnswer = {
      ...PUBLIC,
      resource: `arn:aws:s3:::a${evil}`,
      grants: [grant],
      witness: { principal: evil, action: evil, resource: evil, context: { [evil]: [evil] } },
      crossAccount: [evil],
      orgs: [evil],
      services: [evil],
      federated: [evil],
      unknownPrincipalIds: [evil],
      network: { vpcs: [evil], vpces: [], cidrs: [], other: [] },
      blockedBy: [evil],
      notes: [evil],
      missing: [{ operation: evil, outcome: 'denied', permission: evil }],
      classes: [
        { class: 'account', who: evil, answer: 'yes', statements: [evil], blockedBy: [], missing: [] },
      ],
    }
    const request = { principal: evil, action: evil, resource: evil, context: {} }
    const decided = {
      id: evil,
      request,
      answer: { decision: 'allowed', statements: [evil], delegated: false, missing: [] },
    } as const
    const text = table([answer]) + detail(answer) + [...requestsTable([decided], { width: 80 })].join('')
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(text).toContain('\\x1b')
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytes, call, resource, snapshot } from '../snapshot/build.ts'
import { captured } from './captured.ts'

const ACCOUNT = '123456789012'
const STRANGER = '543210987654'
const OPEN = 'arn:aws:s3:::open-data'
const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:jobs`
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:jobs`
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/0b1c2d3e`

const policy = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement })
const allow = (Principal: unknown, Action: string, more: object = {}): object => ({
  Effect: 'Allow',
  Principal,
  Action,
  Resource: '*',
  ...more,
})

/** An open bucket, a queue that an account outside may fill, a closed topic and a key. */
const RESOURCES = [
  resource(TOPIC, {
    type: 'AWS::SNS::Topic',
    config: { Attributes: { Policy: policy(allow({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, 'sns:Publish')) } },
  }),
  resource(QUEUE, {
    type: 'AWS::SQS::Queue',
    config: {
      Attributes: {
        Policy: policy(
          allow({ AWS: `arn:aws:iam::${STRANGER}:root` }, 'sqs:SendMessage', { Sid: 'partner' }),
        ),
      },
    },
  }),
  resource(OPEN, {
    type: 'AWS::S3::Bucket',
    name: 'open-data',
    config: {
      Name: 'open-data',
      Policy: policy(allow('*', 's3:GetObject', { Resource: `${OPEN}/*` })),
      Acl: { Owner: { ID: 'f'.repeat(64) }, Grants: [] },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    },
  }),
  resource('arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1'),
]

const CALLS = [
  call('GetPublicAccessBlock', { service: 's3api', permission: 's3:GetBucketPublicAccessBlock' }),
  call('GetPublicAccessBlock', {
    service: 's3control',
    region: 'global',
    permission: 's3:GetAccountPublicAccessBlock',
    lists: ['AWS::S3::AccountPublicAccessBlock'],
  }),
  call('DescribeOrganization', { service: 'organizations', region: 'global', outcome: 'not-enabled' }),
]

let folder = ''
let file = ''
let blind = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-'))
  file = join(folder, 'whole.ndjson')
  blind = join(folder, 'blind.ndjson')
  await writeFile(file, bytes(snapshot(RESOURCES, CALLS)))
  const denied = { operation: 'kms:GetKeyPolicy', outcome: 'denied', permission: 'kms:GetKeyPolicy' } as const
  const key = resource(KEY, {
    type: 'AWS::KMS::Key',
    config: { KeyMetadata: { KeyManager: 'CUSTOMER' }, Grants: [] },
    missing: { Policy: denied },
  })
  await writeFile(blind, bytes(snapshot([...RESOURCES, key], CALLS)))
})
afterAll(() => rm(folder, { recursive: true }))

const access = (...args: string[]) => captured('access', ...args)

async function requests(...lines: (object | string)[]): Promise<string> {
  const path = join(folder, 'requests.ndjson')
  await writeFile(
    path,
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  )
  return path
}

const parsed = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const GET = { principal: 'anonymous', action: 's3:GetObject', resource: `${OPEN}/a.txt` }
const SEND = { principal: `arn:aws:iam::${STRANGER}:role/r`, action: 'sqs:SendMessage', resource: QUEUE }

describe('access', () => {
  it('answers one JSON object a line for each resource with a policy of its own', async () => {
    const { code, out } = await access(file, '--format', 'json')
    expect(code).toBe(0)
    expect(parsed(out).map(({ resource: id, exposure }) => [id, exposure])).toEqual([
      [TOPIC, 'same-account'],
      [QUEUE, 'external-unknown'],
      [OPEN, 'public'],
    ])
    expect(parsed(out)[2]).toMatchObject({
      type: 'AWS::S3::Bucket',
      public: true,
      witness: { principal: 'anonymous', action: 's3:GetObject' },
      grants: [{ statement: 'Policy Statement[0]', effect: 'Allow' }],
      missing: [],
    })
  })

  it('shows what others get at, the worst first', async () => {
    const { out } = await access(file)
    expect(out.indexOf('public  open-data')).toBe(0)
    expect(out.indexOf('external-unknown  jobs')).toBeGreaterThan(0)
    expect(out).toContain('3 resources: 1 public, 1 external-unknown, 1 same-account\n')
  })

  it('takes accounts that are trusted', async () => {
    const { out } = await access(file, '--trusted-account', STRANGER, '--resource', QUEUE, '--format', 'json')
    expect(JSON.parse(out)).toMatchObject({ exposure: 'external-known', unknownAccounts: [] })
  })

  it.each([OPEN, 'open-data'])('answers for one resource, by ARN or name: %s', async (name) => {
    const { code, out } = await access(file, '--resource', name)
    expect(code).toBe(0)
    expect(out).toContain('who can get in\n    yes anonymous  Policy Statement[0]\n')
    expect(out).not.toContain('jobs')
  })

  it('exits 4 where an answer hangs on what was not read', async () => {
    const { code, out } = await access(blind)
    expect(code).toBe(4)
    expect(out).toContain('possible-public?  0b1c2d3e')
    expect(out).toContain('kms:GetKeyPolicy denied: grant kms:GetKeyPolicy')
    expect((await access(blind, '--allow-incomplete')).code).toBe(0)
    expect((await access(blind, '--resource', OPEN)).code).toBe(0)
  })

  it('exits 4 and says so where resources could not be listed', async () => {
    const lists = ['AWS::SecretsManager::Secret']
    const permission = 'secretsmanager:ListSecrets'
    const failed = call('ListSecrets', { service: 'secretsmanager', outcome: 'denied', lists, permission })
    const path = join(folder, 'unlisted.ndjson')
    await writeFile(path, bytes(snapshot(RESOURCES, [...CALLS, failed])))
    const { code, err } = await access(path)
    expect(code).toBe(4)
    expect(err).toContain(
      'not listed: secretsmanager:ListSecrets denied: grant secretsmanager:ListSecrets (eu-west-1)',
    )
  })
})

describe('access --requests', () => {
  it('decides each request, with its id, in their order', async () => {
    const asked = await requests(
      { id: 'a', ...GET, context: { 'aws:SecureTransport': false } },
      { id: 2, ...GET, action: 's3:PutObject' },
      '',
      { id: 'c', ...SEND },
    )
    const { code, out } = await access(file, '--requests', asked, '--format', 'json')
    expect(code).toBe(0)
    expect(parsed(out)).toEqual([
      { id: 'a', decision: 'allowed', statements: ['Policy Statement[0]'], missing: [] },
      { id: 2, decision: 'implicit-deny', statements: [], missing: [] },
      { id: 'c', decision: 'allowed', statements: ['Policy partner'], missing: [] },
    ])
  })

  it('shows request, decision and statement', async () => {
    const { out } = await access(file, '--requests', await requests({ id: 'who', ...SEND }))
    expect(out).toContain('allowed  who\n')
    expect(out).toContain(`request     arn:aws:iam::${STRANGER}:role/r sqs:SendMessage\n`)
    expect(out).toContain('by          Policy partner\n')
  })

  it('names the setting that may restrict it and was not read', async () => {
    const path = join(folder, 'unset.ndjson')
    await writeFile(path, bytes(snapshot(RESOURCES, CALLS.slice(1))))
    const { code, out } = await access(path, '--requests', await requests(GET), '--format', 'json')
    expect(code).toBe(4)
    expect(JSON.parse(out)).toMatchObject({
      decision: 'unknown',
      missing: [{ permission: 's3:GetBucketPublicAccessBlock', outcome: 'not-collected' }],
    })
  })

  it('exits 4 where a decision hangs on what was not read', async () => {
    const asked = await requests({ id: 1, principal: SEND.principal, action: 'kms:Decrypt', resource: KEY })
    const { code, out } = await access(blind, '--requests', asked, '--format', 'json')
    expect(code).toBe(4)
    expect(JSON.parse(out)).toMatchObject({
      decision: 'unknown',
      missing: [{ operation: 'kms:GetKeyPolicy', outcome: 'denied' }],
    })
  })
})

describe('a wrong question', () => {
  it.each([
    [['--resource', 'nowhere'], '"nowhere" is no resource of this snapshot that has a policy'],
    [['--resource', 'arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1'], 'which has no policy of its own'],
    [['--resource', 'jobs'], '"jobs" is the name of 2 resources'],
    [['--trusted-account', 'partner'], '"partner" is no account'],
    [['--resource', OPEN, '--requests', 'x'], '--requests and --resource do not go together'],
    [['--requests', '/nowhere.ndjson'], "requests /nowhere.ndjson can't be read: it does not exist"],
  ])('is refused before anything is printed: %j', async (args, message) => {
    const { code, out, err } = await access(file, ...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
  })

  it.each([
    [JSON.stringify(GET).slice(0, -9), 'is no JSON'],
    ['[]', 'is no object'],
    [{ ...GET, resorce: OPEN }, 'has an unknown key "resorce"'],
    [{ ...GET, action: undefined }, 'has no "action"'],
    [{ ...GET, principal: 7 }, 'has a "principal" that is no text'],
    [{ ...GET, principal: 'alice' }, 'has a "principal" that is no ARN'],
    [{ ...GET, action: 's3:Get*' }, 'has an "action" that is no service:Action'],
    [{ ...GET, resource: 'open-data' }, 'has a "resource" that is no ARN'],
    [{ ...GET, id: {} }, 'has an "id" that is no text or number'],
    [{ ...GET, context: ['aws:SourceIp'] }, 'has a "context" that is no object'],
    [{ ...GET, context: { 'aws:SourceIp': { a: 1 } } }, 'has a "aws:SourceIp" in its context'],
    [{ ...GET, resource: 'arn:aws:s3:::another/x' }, '"arn:aws:s3:::another/x" is no resource'],
  ])('in a file is named by its line: %j', async (line, message) => {
    const asked = await requests(GET, line)
    const { code, out, err } = await access(file, '--requests', asked)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`${asked}:2`)
    expect(err).toContain(message)
  })
})

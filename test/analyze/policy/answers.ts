/** Examples as the raw answers that the AWS CLI would have printed, and the way from there to `access`. */
import { accessAnswers } from '../../../src/analyze/policy/accesses.ts'
import type { AccessAnswer } from '../../../src/analyze/policy/answer.ts'
import { services } from '../../../src/collect/index.ts'
import shapesJson from '../../../src/generated/shapes.json' with { type: 'json' }
import { assemble } from '../../../src/snapshot/assemble.ts'
import { openRawFolder, type RawFolder } from '../../../src/snapshot/import.ts'
import { indexSnapshot, type SnapshotIndex } from '../../../src/snapshot/index.ts'
import type { Json } from '../../../src/snapshot/model.ts'
import type { Shapes } from '../../../src/snapshot/shapes.ts'
import { snapshot } from '../../snapshot/build.ts'

const shapes = shapesJson as unknown as Shapes

interface Levels {
  readonly bucket: object | null
  readonly account: object | null
}

export interface Example {
  readonly id: string
  readonly title: string
  readonly resourceType: string
  readonly policyError?: string
  readonly config: {
    readonly policy: object | null
    readonly acl?: object
    readonly publicAccessBlock?: Levels
    readonly publicAccessBlockError?: { readonly bucket?: string; readonly account?: string }
    readonly objectOwnership?: string | null
    readonly grants?: readonly object[]
    readonly keyArn?: string
  }
  readonly expected: Readonly<Record<string, Json>>
}

export interface Account {
  readonly accountId: string
  readonly orgId: string
  readonly orgAccounts: readonly string[]
  readonly trustedAccounts: readonly string[]
  readonly snapshotTime: string
}

type Answers = Record<string, object>

const failure = (Code: string): object => ({ Code, Message: Code })

/** An answer under its path, or under its error's. */
function put(answers: Answers, path: string, answer: object | null, error: string): void {
  if (answer === null) answers[`${path}.error`] = failure(error)
  else answers[path] = answer
}

const policyText = (policy: object | null, member = 'Policy'): object | null =>
  policy && { [member]: JSON.stringify(policy) }

function bucketAnswers({ config }: Example): Answers {
  const answers: Answers = {
    'global/s3api/list-buckets': {
      Buckets: [{ Name: 'corp-data', CreationDate: '2024-01-01T00:00:00+00:00', BucketRegion: 'us-east-1' }],
    },
    'global/s3api/get-bucket-acl/corp-data': config.acl ?? {},
    'us-east-1/s3control/list-access-points': { AccessPointList: [] },
  }
  const none = 'NoSuchPublicAccessBlockConfiguration'
  const { bucket, account } = config.publicAccessBlock ?? { bucket: null, account: null }
  const errors = config.publicAccessBlockError ?? {}
  const block = (settings: object | null): object | null =>
    settings && { PublicAccessBlockConfiguration: settings }
  const ownership = config.objectOwnership
  const controls = ownership ? { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } } : null
  put(answers, 'global/s3api/get-bucket-policy/corp-data', policyText(config.policy), 'NoSuchBucketPolicy')
  put(answers, 'global/s3api/get-public-access-block/corp-data', block(bucket), errors.bucket ?? none)
  put(answers, 'global/s3control/get-public-access-block', block(account), errors.account ?? none)
  put(
    answers,
    'global/s3api/get-bucket-ownership-controls/corp-data',
    controls,
    'OwnershipControlsNotFoundError',
  )
  return answers
}

function keyAnswers({ config, policyError }: Example): Answers {
  const Arn = config.keyArn ?? ''
  const KeyId = Arn.slice(Arn.lastIndexOf('/') + 1)
  const metadata = {
    KeyId,
    Arn,
    KeyManager: 'CUSTOMER',
    KeyState: 'Enabled',
    Enabled: true,
    Origin: 'AWS_KMS',
  }
  const answers: Answers = {
    'us-east-1/kms/list-keys': { Keys: [{ KeyId, KeyArn: Arn }] },
    [`us-east-1/kms/describe-key/${KeyId}`]: { KeyMetadata: { ...metadata, KeySpec: 'SYMMETRIC_DEFAULT' } },
    [`us-east-1/kms/list-grants/${KeyId}`]: { Grants: config.grants ?? [] },
  }
  put(
    answers,
    `us-east-1/kms/get-key-policy/${KeyId}`,
    policyText(config.policy),
    policyError ?? 'NotFoundException',
  )
  return answers
}

const ACCOUNT = '210987654321'
const QUEUE_URL = `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/jobs`
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:events`
const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f1`
const REPOSITORY = `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/r`
const SECRET = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:s-abcdef`

const path = (text: string): string => encodeURIComponent(text)

const MAKERS: Readonly<Record<string, (example: Example) => Answers>> = {
  's3-bucket': bucketAnswers,
  'kms-key': keyAnswers,
  'sqs-queue': ({ config }) => ({
    'us-east-1/sqs/list-queues': { QueueUrls: [QUEUE_URL] },
    [`us-east-1/sqs/get-queue-attributes/${path(QUEUE_URL)}`]: {
      Attributes: policyText(config.policy) ?? {},
    },
  }),
  'sns-topic': ({ config }) => ({
    'us-east-1/sns/list-topics': { Topics: [{ TopicArn: TOPIC }] },
    [`us-east-1/sns/get-topic-attributes/${path(TOPIC)}`]: { Attributes: policyText(config.policy) ?? {} },
  }),
  'lambda-function': ({ config }) => ({
    'us-east-1/lambda/list-functions': { Functions: [{ FunctionName: 'f1', FunctionArn: FUNCTION }] },
    'us-east-1/lambda/get-policy/f1': policyText(config.policy) ?? {},
  }),
  'ecr-repository': ({ config }) => ({
    'us-east-1/ecr/describe-repositories': {
      repositories: [{ repositoryArn: REPOSITORY, repositoryName: 'r', registryId: ACCOUNT }],
    },
    'us-east-1/ecr/get-repository-policy/r': policyText(config.policy, 'policyText') ?? {},
  }),
  'secretsmanager-secret': ({ config }) => ({
    'us-east-1/secretsmanager/list-secrets': { SecretList: [{ ARN: SECRET, Name: 's' }] },
    [`us-east-1/secretsmanager/get-resource-policy/${path(SECRET)}`]:
      policyText(config.policy, 'ResourcePolicy') ?? {},
  }),
  'iam-role': ({ config }) => ({
    'global/iam/get-account-authorization-details': {
      RoleDetailList: [
        {
          RoleName: 'r1',
          RoleId: 'AROAEXAMPLEEXAMPLE000',
          Arn: `arn:aws:iam::${ACCOUNT}:role/r1`,
          Path: '/',
          AssumeRolePolicyDocument: config.policy ?? {},
        },
      ],
      UserDetailList: [],
    },
  }),
}

/** @returns answers by path below the account, without `.json` */
export function rawAnswers(example: Example, { orgId, orgAccounts, accountId }: Account): Answers {
  const make = MAKERS[example.resourceType]
  if (!make) throw new Error(`no raw answers of ${example.resourceType}`)
  const arn = (rest: string): string => `arn:aws:organizations::${accountId}:${rest}`
  return {
    'global/organizations/describe-organization': {
      Organization: { Id: orgId, Arn: arn(`organization/${orgId}`), MasterAccountId: accountId },
    },
    'global/organizations/list-accounts': {
      Accounts: orgAccounts.map((Id) => ({ Id, Arn: arn(`account/${orgId}/${Id}`), Status: 'ACTIVE' })),
    },
    ...make(example),
  }
}

export function folderOf(account: string, answers: Answers): RawFolder {
  const files = new Map(
    Object.entries(answers).map(([name, answer]) => [`${account}/${name}.json`, JSON.stringify(answer)]),
  )
  return { name: 'raw', files: [...files.keys()], read: async (name) => files.get(name) ?? '' }
}

/** Imports a folder of raw answers as the command line does. */
export async function importFolder(folder: RawFolder, time: string): Promise<SnapshotIndex> {
  const source = await openRawFolder(folder, services)
  const { resources, calls } = await assemble({
    services,
    places: source.places,
    answers: source.answers,
    shapes,
  })
  const made = snapshot(resources, calls, time)
  const accounts = [...new Set(source.places.map((place) => place.account))].map((id) => ({ id }))
  return indexSnapshot({ ...made, manifest: { ...made.manifest, accounts } }, (type) =>
    (shapes.types[type]?.operations ?? []).flatMap(({ operation, permission, lists }) =>
      lists ? [{ operation, permission }] : [],
    ),
  )
}

export async function answersOf(folder: RawFolder, about: Account): Promise<AccessAnswer[]> {
  const index = await importFolder(folder, about.snapshotTime)
  return accessAnswers(index, { trustedAccounts: about.trustedAccounts, now: about.snapshotTime })
}

/** The members that an example names, as the answer has them; what AWS's page does not settle is left out. */
export function shown(
  answer: AccessAnswer | undefined,
  expected: Example['expected'],
): Record<string, unknown> {
  const all: Record<string, unknown> = { ...answer }
  return Object.fromEntries(
    Object.entries(expected).flatMap(([name, value]) => (value === null ? [] : [[name, all[name]]])),
  )
}

export function wanted(expected: Example['expected']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(expected).flatMap(([name, value]) =>
      value === null ? [] : [[name, value === 'possible' ? null : value]],
    ),
  )
}

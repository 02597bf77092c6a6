/**
 * Every concrete request that a policy's own values make, class by class: written from what AWS says that callers carry,
 * without a look at the engine. A class's requests are the product of its callers, of the operations that the policy's
 * patterns tell apart, and of the values of each key that some statement asks for.
 */
import { actionMatches, operations } from './actions.ts'
import { formatAddress, parseCidr } from './conditions.ts'
import type { AccessRequest, Context, PolicyInput, Statement } from './model.ts'
import { many } from './model.ts'
import { namesEveryone } from './principals.ts'
import {
  EXTERNAL,
  GITHUB,
  MEMBER,
  NEAR_ORG,
  OTHER_MEMBER,
  OTHER_ORG,
  OWN,
  OWN_ORG,
  SERVICE_KEYS,
  STRANGE_ORG,
  STRANGER,
  TRUSTED,
} from './vocabulary.ts'

export interface CallerClass {
  readonly name: string
  readonly who?: string
  readonly callers: readonly Asker[]
}

interface Asker {
  readonly principal: string
  readonly kind: 'anonymous' | 'aws' | 'service' | 'federated'
  readonly account?: string
  /** What its requests always carry. */
  readonly context: Context
}

/** `${*}` and the like as the character that they stand for, callers' names as they are; in the old language any of them stands for itself. */
function literalsIn({ policy }: PolicyInput, text: string): string[] {
  if (policy?.Version !== '2012-10-17') return [text]
  const plain = text.replace(/\$\{([*?$])\}/g, '$1')
  const filled = ['zz', 'alice', 'bob', 'AROAZZZZZZZZZZZZZZZZZ:zz'].map((value) =>
    plain.replace(/\$\{aws:user(name|id)\}/g, value),
  )
  return [...new Set(filled)].filter((one) => !one.includes('${'))
}

function keysIn(input: PolicyInput): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const add = (key: string, values: readonly string[]): void => {
    const lower = key.toLowerCase()
    found.set(lower, [...new Set([...(found.get(lower) ?? []), ...values])])
  }
  const variables = (text: string): void => {
    for (const [, inside = ''] of text.matchAll(/\$\{([^}]*)\}/g)) {
      const key = inside.split(',')[0]?.trim() ?? ''
      if (key.includes(':')) add(key, [])
    }
  }
  for (const statement of input.policy?.Statement ?? []) {
    for (const text of [...many(statement.Resource), ...many(statement.NotResource)]) variables(text)
    for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
      for (const [key, values] of Object.entries(keys)) {
        const written = many(values).map(String)
        const inCapitals = /IgnoreCase/.test(operator) ? written.map((text) => text.toUpperCase()) : []
        const texts = [...written, ...inCapitals.filter((text) => !text.includes('${'))]
        add(
          key,
          texts.flatMap((text) => (text.includes('${') ? literalsIn(input, text) : [text])),
        )
        for (const text of texts) variables(text)
      }
    }
  }
  return found
}

const fill = (pattern: string, star: string): string => pattern.replaceAll('*', star).replaceAll('?', 'z')

/** Two fillings of a pattern, its own text, and a text that no policy has. */
function textsFor(values: readonly string[]): string[] {
  return [...new Set([...values.flatMap((value) => [value, fill(value, 'z'), fill(value, '')]), 'zz'])]
}

const flags = ['true', 'false']

interface Keys {
  readonly asked: ReadonlyMap<string, readonly string[]>
}

const asks = ({ asked }: Keys, key: string): boolean => asked.has(key.toLowerCase())
const valuesOf = ({ asked }: Keys, key: string): readonly string[] => asked.get(key.toLowerCase()) ?? []

/** Addresses that lie in no block of the vocabulary but everything. */
const ELSEWHERE = ['192.0.2.1', '2001:4860::1']

function addresses(keys: Keys): string[] {
  const blocks = valuesOf(keys, 'aws:SourceIp').flatMap((text) => parseCidr(text) ?? [])
  const at = blocks.flatMap(({ bits, first, last }) =>
    [first - 1n, first, last, last + 1n]
      .filter((value) => value >= 0n && value < 1n << BigInt(bits))
      .map((value) => formatAddress(bits, value)),
  )
  return [...new Set([...ELSEWHERE, ...at])].filter((text) => !isPrivate(text))
}

const PRIVATE = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/3',
  'fc00::/7 fe80::/10 ff00::/8 ::/8',
].flatMap((text) => text.split(' ').flatMap((block) => parseCidr(block) ?? []))

/** No caller comes over the internet from there. */
function isPrivate(text: string): boolean {
  const at = parseCidr(text)
  return (
    !at ||
    PRIVATE.some((block) => block.bits === at.bits && at.first >= block.first && at.first <= block.last)
  )
}

/** By address over the internet, or by an endpoint: each has keys that the other has not. */
function networks(keys: Keys, asker: Asker): Context[] {
  if (asker.kind === 'service') return [{}]
  const bySourceIp = asks(keys, 'aws:SourceIp')
  const byEndpoint = asks(keys, 'aws:SourceVpc') || asks(keys, 'aws:SourceVpce')
  if (!bySourceIp && !byEndpoint) return [{}]
  const internet = bySourceIp
    ? addresses(keys).map((address): Context => ({ 'aws:SourceIp': address }))
    : [{}]
  const ids = (key: string, prefix: string): string[] => [
    ...new Set([
      `${prefix}0zz`,
      ...textsFor(valuesOf(keys, key)).filter((text) => text.startsWith(prefix) && !/[*?]/.test(text)),
    ]),
  ]
  const endpoint = ids('aws:SourceVpc', 'vpc-').flatMap((vpc) =>
    ids('aws:SourceVpce', 'vpce-').map((vpce): Context => ({ 'aws:SourceVpc': vpc, 'aws:SourceVpce': vpce })),
  )
  return [...internet, ...endpoint]
}

/** A service asks for a resource of some account: its account, its ARN and its organization agree. */
function sources(keys: Keys, asker: Asker): Context[] {
  const asked = ['aws:SourceAccount', 'aws:SourceArn', 'aws:SourceOrgID'].some((key) => asks(keys, key))
  if (asker.kind !== 'service' || !asked) return [{}]
  const accounts = [OWN, MEMBER, EXTERNAL, STRANGER, '444412345678']
  return accounts.flatMap((account) => {
    const arns = new Set([`arn:aws:sqs:us-east-1:${account}:zz`, 'arn:aws:s3:::zz'])
    for (const text of valuesOf(keys, 'aws:SourceArn')) {
      const parts = text.split(':')
      if (parts[4] === account || parts[4] === '' || parts[4] === '*') {
        arns.add(
          [...parts.slice(0, 4), parts[4] === '*' ? account : parts[4], ...parts.slice(5)]
            .join(':')
            .replaceAll('*', 'z'),
        )
      }
    }
    const orgs = account === OWN || account === MEMBER ? [OWN_ORG] : [undefined, OTHER_ORG, STRANGE_ORG]
    return [...arns].flatMap((arn) =>
      orgs.map(
        (org): Context => ({
          'aws:SourceAccount': account,
          'aws:SourceArn': arn,
          ...(org === undefined ? {} : { 'aws:SourceOrgID': org }),
        }),
      ),
    )
  })
}

const HOST = 'token.actions.githubusercontent.com'

function claims(keys: Keys, asker: Asker): Context[] {
  if (asker.principal !== GITHUB) return [{}]
  const subs = [
    'repo:zz/zz:zz',
    ...textsFor(valuesOf(keys, `${HOST}:sub`)).filter((text) => !/[*?]/.test(text)),
  ]
  const auds = ['zz', ...valuesOf(keys, `${HOST}:aud`)]
  return subs.flatMap((sub) => auds.map((aud): Context => ({ [`${HOST}:sub`]: sub, [`${HOST}:aud`]: aud })))
}

/** Keys that only signed requests carry. */
const SIGNED = /^aws:(principaltag\/|multifactorauthpresent|requesttag\/never)/

const MADE_ELSEWHERE =
  /^aws:(principal(orgid|orgpaths|account|arn|type|isawsservice|servicename)$|userid|username|source|currenttime|epochtime|viaawsservice)|^token\.|^kms:(viaservice|calleraccount)/

function subsets(values: readonly string[]): string[][] {
  const found: string[][] = []
  for (let bits = 1; bits < 1 << values.length; bits++) found.push(values.filter((_, at) => (bits >> at) & 1))
  return found
}

function valuesFor(key: string, values: readonly string[]): (string | readonly string[] | undefined)[] {
  if (key === 'aws:securetransport') return flags
  if (key === 'aws:multifactorauthpresent') return [undefined, ...flags]
  if (key === 's3:tlsversion') return [undefined, ...values, '1.1', '1.25', '1.4']
  if (key !== 'aws:tagkeys') return [undefined, ...textsFor(values)]
  const all = [...values, 'zz']
  return [undefined, ...subsets(all)]
}

/** Everything else that the policy asks for and the caller sets at will, as far as the action's requests carry it. */
function parameters(keys: Keys, asker: Asker, action: string): Context[] {
  let found: Context[] = [{}]
  for (const [key, values] of keys.asked) {
    if (MADE_ELSEWHERE.test(key)) continue
    const service = Object.entries(SERVICE_KEYS).find(([name]) => name.toLowerCase() === key)?.[1]
    if (service?.actions && !service.actions.includes(action)) continue
    if (SIGNED.test(key) && asker.kind !== 'aws') continue
    const options = valuesFor(key, values)
    found = found.flatMap((context) =>
      options.map((value): Context => (value === undefined ? context : { ...context, [key]: value })),
    )
  }
  return found
}

/** Through a service the same principal asks, and the service is named. */
function vias(keys: Keys, asker: Asker): Context[] {
  const asked = asks(keys, 'aws:ViaAWSService') || asks(keys, 'kms:ViaService')
  if (!asked) return [{}]
  const direct: Context = { 'aws:ViaAWSService': 'false' }
  if (asker.kind !== 'aws') return [direct]
  const services = [
    'zz.us-west-2.amazonaws.com',
    ...valuesOf(keys, 'kms:ViaService').map((text) => fill(text, 'z')),
  ]
  return [
    direct,
    ...services.map((service): Context => ({ 'aws:ViaAWSService': 'true', 'kms:ViaService': service })),
  ]
}

/** Of the operations that the policy's patterns treat alike, and that carry the same keys, one. */
function operationsOf(input: PolicyInput, keys: Keys): { action: string; resource: string }[] {
  const statements = input.policy?.Statement ?? []
  // The old language has no variables: there the text stands for itself.
  const literal = `home/\${aws:username}/zz`
  const objects = [
    'zz',
    'logs/zz',
    'zz.txt',
    'logs/zz.txt',
    'home/alice/zz',
    'home/bob/zz',
    'home/Admin/zz',
    'home/zz/zz',
    'home/a/zz',
    literal,
  ]
  const seen = new Map<string, { action: string; resource: string }>()
  for (const operation of operations(input, objects)) {
    const acl = `${input.bucket?.acl.map((grant) => grant.Permission).join()}${ACL_ACTIONS.test(operation.action)}`
    const carried = [...keys.asked.keys()].map((key) => {
      const service = Object.entries(SERVICE_KEYS).find(([name]) => name.toLowerCase() === key)?.[1]
      return service?.actions?.includes(operation.action) === true
    })
    const grant = input.grants?.some((one) => one.Operations.includes(operation.action.split(':')[1] ?? ''))
    const alike = [
      ...statements.map((statement) => speaks(statement, operation.action)),
      ...carried,
      grant,
      acl !== 'false' && ACL_ACTIONS.test(operation.action) ? operation.action : '',
      operation.resource,
      ROLE_ACTIONS.test(operation.action) ? operation.action : '',
      operation.action === 'lambda:InvokeFunctionUrl',
    ]
    const key = JSON.stringify(alike)
    if (!seen.has(key)) seen.set(key, operation)
  }
  return [...seen.values()]
}

const ROLE_ACTIONS = /^sts:/
const ACL_ACTIONS = /^s3:(ListBucket(Versions|MultipartUploads)?|PutObject|GetBucketAcl|PutBucketAcl)$/

function speaks(statement: Statement, action: string): boolean {
  if (statement.Action !== undefined)
    return many(statement.Action).some((pattern) => actionMatches(pattern, action))
  return !many(statement.NotAction).some((pattern) => actionMatches(pattern, action))
}

/** What AWS takes from whom. [STS, S3, SQS, SNS, Lambda API References] */
function takes(input: PolicyInput, asker: Asker, action: string): boolean {
  if (input.type === 'AWS::IAM::Role') {
    if (asker.kind === 'anonymous') return false
    if (action === 'sts:AssumeRole') return asker.kind !== 'federated'
    if (action === 'sts:AssumeRoleWithWebIdentity') return asker.kind === 'federated'
    return action !== 'sts:AssumeRoleWithSAML'
  }
  // A token is good for a role; what it does then, the role's session does.
  if (asker.kind === 'federated') return false
  if (asker.kind !== 'anonymous') return true
  if (input.type === 'AWS::Lambda::Function') return action === 'lambda:InvokeFunctionUrl'
  return ['AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::SNS::Topic'].includes(input.type)
}

/** Requests of one caller, in all their forms. */
export function* requestsOf(input: PolicyInput, asker: Asker): Generator<AccessRequest> {
  const keys: Keys = { asked: keysIn(input) }
  for (const { action, resource } of operationsOf(input, keys)) {
    if (!takes(input, asker, action)) continue
    for (const network of networks(keys, asker)) {
      for (const source of sources(keys, asker)) {
        for (const claim of claims(keys, asker)) {
          for (const via of vias(keys, asker)) {
            for (const free of parameters(keys, asker, action)) {
              const context = { ...asker.context, ...network, ...source, ...claim, ...via, ...free }
              yield { principal: asker.principal, action, resource, context }
            }
          }
        }
      }
    }
  }
}

const TELLS_APART = ['aws:PrincipalArn', 'aws:userid', 'aws:username', 'aws:PrincipalType']

/** Whether principals of one account can differ to the policy in more than being named. */
function tellsApart(input: PolicyInput, keys: Keys): boolean {
  const spares = input.policy?.Statement.some((statement) => statement.NotPrincipal !== undefined)
  return spares === true || TELLS_APART.some((key) => asks(keys, key))
}

/** The principals of an account that the policy names, and some of each kind that its patterns may fit. */
function principalsOf(input: PolicyInput, keys: Keys, account: string): string[] {
  const kinds = [
    'role/zz',
    'user/zz',
    'root',
    'user/alice',
    'user/bob',
    'role/Admin',
    'role/app/Admin',
    'user/az',
    // A path takes colons, so that a pattern for roles of every account fits a user too. [IAM API Reference, "CreateUser"]
    'user/z:role/Admin',
  ]
  const names = tellsApart(input, keys) ? kinds : ['role/zz']
  const arns = new Set(names.map((name) => `arn:aws:iam::${account}:${name}`))
  for (const statement of input.policy?.Statement ?? []) {
    for (const element of [statement.Principal, statement.NotPrincipal]) {
      if (typeof element !== 'object' || namesEveryone(element)) continue
      for (const name of many(element['AWS'])) if (name.includes(`::${account}:`)) arns.add(name)
    }
  }
  for (const { GranteePrincipal } of input.grants ?? []) {
    if (GranteePrincipal.includes(`::${account}:`)) arns.add(GranteePrincipal)
  }
  return [...arns]
}

const PATHS: Readonly<Record<string, readonly string[]>> = {
  [OWN_ORG]: [`${OWN_ORG}/r-1/ou-1-z/`, `${OWN_ORG}/r-1/ou-1-a/`, `${OWN_ORG}/r-1/ou-1-a/ou-1-b/`],
  [OTHER_ORG]: [`${OTHER_ORG}/r-9/`],
  [STRANGE_ORG]: [`${STRANGE_ORG}/r-9/`],
  [NEAR_ORG]: [`${NEAR_ORG}/r-9/`],
}

/** An account whose place in the organization is known stands there; any other may stand anywhere. */
function standings(
  { world }: PolicyInput,
  keys: Keys,
  account: string,
  orgs: readonly (string | undefined)[],
): Context[] {
  if (!asks(keys, 'aws:PrincipalOrgID') && !asks(keys, 'aws:PrincipalOrgPaths')) return [{}]
  const place = world.paths[account]
  return orgs.flatMap((org): Context[] => {
    if (org === undefined) return [{}]
    const paths = place === undefined ? (PATHS[org] ?? []) : [place]
    return paths.map((path) => ({ 'aws:PrincipalOrgID': org, 'aws:PrincipalOrgPaths': [path] }))
  })
}

function askersIn(input: PolicyInput, account: string, orgs: readonly (string | undefined)[]): Asker[] {
  const keys: Keys = { asked: keysIn(input) }
  return principalsOf(input, keys, account).flatMap((principal) =>
    standings(input, keys, account, orgs).flatMap((standing) =>
      idsOf(keys, principal, account).map(
        (userid): Asker => ({
          principal,
          kind: 'aws',
          account,
          context: {
            ...standing,
            'aws:userid': userid,
            'aws:PrincipalType': typeOf(principal),
            ...(principal.includes(':user/')
              ? { 'aws:username': principal.slice(principal.lastIndexOf('/') + 1) }
              : {}),
          },
        }),
      ),
    ),
  )
}

function typeOf(arn: string): string {
  if (arn.endsWith(':root')) return 'Account'
  return arn.includes(':user/') ? 'User' : 'AssumedRole'
}

function idsOf(keys: Keys, arn: string, account: string): string[] {
  if (arn.endsWith(':root')) return [account]
  if (arn.includes(':user/')) return ['AIDAZZZZZZZZZZZZZZZZZ']
  const deploy = 'AROAZZZZZZZZZZZZZZZZZ:deploy'
  if (arn.endsWith('/deploy')) return [deploy]
  return asks(keys, 'aws:userid') ? ['AROAZZZZZZZZZZZZZZZZZ:zz', deploy] : ['AROAZZZZZZZZZZZZZZZZZ:zz']
}

/** A canonical caller is an account's; anybody can be in an organization that nobody names. */
export function classesOf(input: PolicyInput): CallerClass[] {
  const member = [OWN_ORG]
  const outside = [undefined, OTHER_ORG, STRANGE_ORG]
  return [
    { name: 'anonymous', callers: [{ principal: 'anonymous', kind: 'anonymous', context: {} }] },
    {
      name: 'any-principal',
      callers: [
        ...askersIn(input, STRANGER, [undefined, STRANGE_ORG, NEAR_ORG]),
        ...askersIn(input, '444412345678', [undefined]),
      ],
    },
    {
      name: 'organization',
      callers: [...askersIn(input, MEMBER, member), ...askersIn(input, OTHER_MEMBER, member)],
    },
    { name: 'trusted-account', who: TRUSTED, callers: askersIn(input, TRUSTED, outside) },
    { name: 'account', who: EXTERNAL, callers: askersIn(input, EXTERNAL, outside) },
    { name: 'own-account', callers: askersIn(input, OWN, member) },
    ...['sns.amazonaws.com', 'cloudtrail.amazonaws.com'].map((who) => ({
      name: 'service',
      who,
      callers: [{ principal: who, kind: 'service' as const, context: {} }],
    })),
    // Google is there in every account: `Principal: "*"` is its users, too.
    ...[GITHUB, 'accounts.google.com'].map((who) => ({
      name: 'federated',
      who,
      callers: [{ principal: who, kind: 'federated' as const, context: {} }],
    })),
  ]
}

/**
 * Whether a request carries nothing that is not everybody's to have: no address of a block that a policy names, no
 * endpoint or VPC that it names, no token made for us. (The blocks of the vocabulary are narrow, or everything.)
 */
export function isEverybodys(input: PolicyInput): (request: AccessRequest) => boolean {
  const keys: Keys = { asked: keysIn(input) }
  const named = new Set(
    ['aws:SourceVpc', 'aws:SourceVpce'].flatMap((key) =>
      valuesOf(keys, key).filter((text) => !text.includes('*')),
    ),
  )
  return ({ context }) => {
    const text = (key: string): string => String(context[key] ?? '')
    const address = text('aws:SourceIp')
    if (address !== '' && !ELSEWHERE.includes(address)) return false
    if (named.has(text('aws:SourceVpc')) || named.has(text('aws:SourceVpce'))) return false
    return !text(`${HOST}:sub`).startsWith('repo:us/')
  }
}

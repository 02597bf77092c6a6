/**
 * What is known of condition keys: which part of a request carries them, and when.
 * [IAM User Guide, "AWS global condition context keys"; Service Authorization Reference, the services' "Condition keys"]
 */
import reference from '../../generated/policy-reference.json' with { type: 'json' }

/** The part of a request that a key speaks of. Within a part keys belong together, the parts are independent. */
export type Part =
  /** Who asks. */
  | 'caller'
  /** From which address, or by which VPC endpoint. */
  | 'network'
  /** For whose resource a service asks. */
  | 'source'
  /** Through which service a principal asks. */
  | 'via'
  | 'accessPoint'
  /** What is asked for: the same in every request to the resource. */
  | 'resource'
  | 'time'
  /** Claims of an identity provider's token. */
  | 'token'
  /** All that the caller may set at will. */
  | 'request'

export interface KeyFacts {
  readonly part: Part
  /** Every request has it. */
  readonly always?: boolean
  /** Anonymous callers and AWS services never carry it. */
  readonly signed?: boolean
  /** An ARN of the caller's own account. */
  readonly owned?: boolean
  readonly multi?: boolean
  readonly bool?: boolean
  /** The actions (lower case) whose requests carry it; without it, all. */
  readonly actions?: ReadonlySet<string>
}

const of = (part: Part, names: string, rest: Omit<KeyFacts, 'part'> = {}): [string, KeyFacts][] =>
  names.split(/\s+/).map((name) => [name, { part, ...rest }])

const GLOBAL: ReadonlyMap<string, KeyFacts> = new Map<string, KeyFacts>([
  ...of(
    'caller',
    `aws:principalarn aws:principalaccount aws:principalorgid aws:principalorgpaths aws:principaltype
     aws:principalisawsservice aws:principalservicename aws:principalservicenameslist aws:userid aws:username
     aws:sourceowner kms:calleraccount aws:federatedprovider`,
  ),
  ...of(
    'network',
    `aws:sourceip aws:sourcevpc aws:sourcevpcarn aws:sourcevpce aws:vpcsourceip aws:vpceaccount aws:vpceorgid
     aws:vpceorgpaths`,
  ),
  ...of('source', 'aws:sourceaccount aws:sourcearn aws:sourceorgid aws:sourceorgpaths'),
  ...of('via', 'aws:viaawsservice aws:calledvia aws:calledviafirst aws:calledvialast kms:viaservice'),
  ...of('accessPoint', 's3:dataaccesspointaccount s3:dataaccesspointarn s3:accesspointnetworkorigin'),
  ...of(
    'resource',
    `aws:resourceaccount s3:resourceaccount aws:resourceorgid aws:resourceorgpaths aws:requestedregion
     kms:keyspec kms:keyusage kms:keyorigin kms:multiregion kms:multiregionkeytype kms:resourcealiases`,
  ),
  ...of('time', 'aws:currenttime aws:epochtime', { always: true }),
  ...of('request', 'aws:securetransport', { always: true, bool: true }),
  ...of('request', 'aws:referer aws:useragent'),
  ...of('request', 'aws:tagkeys', { multi: true }),
  ...of('request', 'aws:viaawsmcpservice aws:ismcpserviceaction aws:multifactorauthpresent aws:assumedroot', {
    signed: true,
    bool: true,
  }),
  ...of(
    'request',
    `aws:calledviaawsmcp aws:multifactorauthage aws:tokenissuetime aws:sourceidentity aws:rolesessionname
     aws:ec2instancesourcevpc aws:ec2instancesourceprivateipv4 ec2:roledelivery glue:roleassumedby
     glue:credentialissuingservice identitystore:userid`,
    { signed: true },
  ),
  ...of(
    'request',
    'aws:chatbotsourcearn ec2:sourceinstancearn lambda:sourcefunctionarn ssm:sourceinstancearn',
    { signed: true, owned: true },
  ),
])

const FAMILIES: readonly [prefix: string, KeyFacts][] = [
  ['aws:principaltag/', { part: 'request', signed: true }],
  ['aws:requesttag/', { part: 'request' }],
  ['saml:', { part: 'token', multi: true }],
]

/** `ecr:ResourceTag/…` and the like: a service's own name for aws:ResourceTag. */
export const RESOURCE_TAG = /^[a-z0-9-]+:(?:resourcetag|buckettag)\//

/** `<provider>:sub` and the like. [IAM User Guide, "Available keys for AWS OIDC federation"] */
const CLAIM = /^[^:]*\.[^:]*(?::\d+)?(?:\/[^:]*)?:[\w-]+(?:\/.*)?$/

interface ServiceKey {
  readonly type: string
  readonly actions?: readonly string[]
}

const SERVICE_KEYS: Readonly<Record<string, ServiceKey>> = reference.keys
const SERVICE_FAMILIES = Object.keys(SERVICE_KEYS).filter((key) => /[/:]$/.test(key))

function serviceKey(key: string): KeyFacts | undefined {
  const own = Object.hasOwn(SERVICE_KEYS, key) ? key : SERVICE_FAMILIES.find((head) => key.startsWith(head))
  const known = own === undefined ? undefined : SERVICE_KEYS[own]
  if (known === undefined) return undefined
  return {
    part: 'request',
    ...(known.type.startsWith('ArrayOf') ? { multi: true } : {}),
    ...(known.type === 'Bool' ? { bool: true } : {}),
    ...(known.actions ? { actions: new Set(known.actions) } : {}),
  }
}

function find(key: string): KeyFacts | undefined {
  const global = GLOBAL.get(key) ?? FAMILIES.find(([prefix]) => key.startsWith(prefix))?.[1]
  if (global) return global
  if (RESOURCE_TAG.test(key)) return { part: 'resource' }
  return serviceKey(key) ?? (CLAIM.test(key) ? { part: 'token', multi: key.endsWith(':amr') } : undefined)
}

const remembered = new Map<string, KeyFacts | undefined>()

/** What is known of a key (lower case), or undefined: then nothing that hangs on it can be told. */
export function keyFacts(key: string): KeyFacts | undefined {
  if (remembered.has(key)) return remembered.get(key)
  const facts = find(key)
  if (remembered.size < 10_000) remembered.set(key, facts)
  return facts
}

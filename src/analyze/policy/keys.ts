/**
 * What is known of condition keys: who can carry them and whether a request always does.
 * [IAM User Guide, "AWS global condition context keys"; Service Authorization Reference, the services' "Condition keys"]
 */

export interface KeyFacts {
  /** Which part of a request it belongs to; `free`: the caller or the request's parameters set it at will. */
  readonly part:
    | 'caller'
    | 'network'
    | 'source'
    | 'via'
    | 'accessPoint'
    | 'resource'
    | 'time'
    | 'token'
    | 'free'
  /** Present in every request of those who can carry it. */
  readonly always?: boolean
  /** Anonymous callers and AWS services don't carry it. */
  readonly signed?: boolean
  readonly multi?: boolean
  readonly bool?: boolean
}

const free: KeyFacts = { part: 'free' }
const signed: KeyFacts = { part: 'free', signed: true }

const NAMED: ReadonlyMap<string, KeyFacts> = new Map<string, KeyFacts>([
  ...[
    'aws:principalarn',
    'aws:principalaccount',
    'aws:principalorgid',
    'aws:principalorgpaths',
    'aws:principaltype',
    'aws:principalisawsservice',
    'aws:principalservicename',
    'aws:principalservicenameslist',
    'aws:userid',
    'aws:username',
    'aws:sourceowner',
    'kms:calleraccount',
    'aws:federatedprovider',
  ].map((key): [string, KeyFacts] => [key, { part: 'caller' }]),
  ...[
    'aws:sourceip',
    'aws:sourcevpc',
    'aws:sourcevpce',
    'aws:vpcsourceip',
    'aws:vpceaccount',
    'aws:vpceorgid',
    'aws:vpceorgpaths',
  ].map((key): [string, KeyFacts] => [key, { part: 'network' }]),
  ...['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths'].map(
    (key): [string, KeyFacts] => [key, { part: 'source' }],
  ),
  ...['aws:viaawsservice', 'aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast', 'kms:viaservice'].map(
    (key): [string, KeyFacts] => [key, { part: 'via' }],
  ),
  ...['s3:dataaccesspointaccount', 's3:dataaccesspointarn', 's3:accesspointnetworkorigin'].map(
    (key): [string, KeyFacts] => [key, { part: 'accessPoint' }],
  ),
  ...['aws:resourceaccount', 's3:resourceaccount', 'aws:resourceorgid', 'aws:resourceorgpaths'].map(
    (key): [string, KeyFacts] => [key, { part: 'resource' }],
  ),
  ['aws:currenttime', { part: 'time', always: true }],
  ['aws:epochtime', { part: 'time', always: true }],
  ['aws:securetransport', { part: 'free', always: true, bool: true }],
  ['aws:requestedregion', { part: 'resource' }],
  ['aws:referer', free],
  ['aws:useragent', free],
  ['aws:tagkeys', { part: 'free', multi: true }],
  ['aws:multifactorauthpresent', { ...signed, bool: true }],
  ['aws:multifactorauthage', signed],
  ['aws:tokenissuetime', signed],
  ['aws:sourceidentity', signed],
  ['aws:rolesessionname', signed],
  ['aws:chatbotsourcearn', signed],
  ['aws:ec2instancesourcevpc', signed],
  ['aws:ec2instancesourceprivateipv4', signed],
  ['aws:assumedroot', { ...signed, bool: true }],
  ['kms:grantisforawsresource', { part: 'free', bool: true }],
  ['kms:encryptioncontextkeys', { part: 'free', multi: true }],
  ['kms:grantoperations', { part: 'free', multi: true }],
  ['kms:resourcealiases', { part: 'free', multi: true }],
  ['kms:bypasspolicylockoutsafetycheck', { part: 'free', bool: true }],
  ['kms:multiregion', { part: 'free', bool: true }],
  ['lambda:layer', { part: 'free', multi: true }],
  ['sts:transitivetagkeys', { part: 'free', multi: true }],
  ['lambda:invokedviafunctionurl', { part: 'free', bool: true }],
  ['elasticfilesystem:accessedviamounttarget', { part: 'free', bool: true }],
  ['elasticfilesystem:encrypted', { part: 'free', bool: true }],
])

const FAMILIES: readonly [string, KeyFacts][] = [
  ['aws:principaltag/', signed],
  ['aws:requesttag/', free],
  ['aws:resourcetag/', { part: 'resource' }],
  ['s3:existingobjecttag/', free],
  ['s3:requestobjecttag/', free],
  ['s3:buckettag/', free],
  ['s3:accesspointtag/', free],
  ['kms:encryptioncontext:', free],
  ['kms:recipientattestation:', free],
  ['secretsmanager:resourcetag/', { part: 'resource' }],
  ['ecr:resourcetag/', { part: 'resource' }],
  ['iam:resourcetag/', { part: 'resource' }],
  ['ssm:resourcetag/', { part: 'resource' }],
  ['saml:', { part: 'token' }],
]

const FREE_NAMES: readonly string[] = [
  ...'authtype delimiter isbucketkeyenabled jobsuspendedcause locationconstraint max-keys object-lock-legal-hold object-lock-mode object-lock-remaining-retention-days object-lock-retain-until-date objectcreationoperation prefix requestjoboperation requestjobpriority signatureage signatureversion tlsversion versionid x-amz-acl x-amz-content-sha256 x-amz-copy-source x-amz-grant-full-control x-amz-grant-read x-amz-grant-read-acp x-amz-grant-write x-amz-grant-write-acp x-amz-metadata-directive x-amz-object-ownership x-amz-server-side-encryption x-amz-server-side-encryption-aws-kms-key-id x-amz-server-side-encryption-customer-algorithm x-amz-storage-class x-amz-website-redirect-location if-match if-none-match inventoryaccessibleoptionalfields destinationregion bucketnamespace'
    .split(' ')
    .map((name) => `s3:${name}`),
  ...'customerkeyspec customermasterkeyspec customermasterkeyusage datakeypairspec encryptionalgorithm expirationmodel grantconstrainttype granteeprincipal keyagreementalgorithm keyorigin keyspec keyusage macalgorithm messagetype multiregionkeytype primaryregion reencryptonsamekey replicaregion requestalias retiringprincipal rotationperiodindays schedulekeydeletionpendingwindowindays signingalgorithm validto wrappingalgorithm wrappingkeyspec'
    .split(' ')
    .map((name) => `kms:${name}`),
  ...'endpoint protocol'.split(' ').map((name) => `sns:${name}`),
  ...'functionurlauthtype functionarn eventsourcetoken principal codesigningconfigarn securitygroupids subnetids vpcids'
    .split(' ')
    .map((name) => `lambda:${name}`),
  ...'externalid rolesessionname sourceidentity durationseconds roleresourcetag awsservicename taskpolicyarn'
    .split(' ')
    .map((name) => `sts:${name}`),
  ...'accesspointarn createaction accessedviamounttarget'
    .split(' ')
    .map((name) => `elasticfilesystem:${name}`),
  ...'name description kmskeyid kmskeyarn rotationlambdaarn secretid secretprimaryregion versionid versionstage resource forcedeletewithoutrecovery recoverywindowindays automaticallyrotateafterdays blockpublicpolicy addreplicaregions forceoverwritereplicasecret modifyrotationrules rotateimmediately schedule'
    .split(' ')
    .map((name) => `secretsmanager:${name}`),
  ...'source detail-type detail.service detail.eventtypecode detail.useridentity.principalid eventbusinvocation eventbusarn targetarn managedby creatoraccount'
    .split(' ')
    .map((name) => `events:${name}`),
  ...'fromaddress fromdisplayname feedbackaddress recipients apiversion'
    .split(' ')
    .map((name) => `ses:${name}`),
  ...'copytargets copytargetorgpaths frameworkarns changeablefordays maxretentiondays minretentiondays index'
    .split(' ')
    .map((name) => `backup:${name}`),
  ...'archiveageindays'.split(' ').map((name) => `glacier:${name}`),
  ...'viaapikey requiredauthtype'.split(' ').map((name) => `execute-api:${name}`),
]
const FREE: ReadonlySet<string> = new Set(FREE_NAMES)

const MULTI: ReadonlySet<string> = new Set([
  'ses:recipients',
  'backup:copytargets',
  'backup:copytargetorgpaths',
])
/** `<provider>:sub` and the like: claims of a web identity token. [IAM User Guide, "Available keys for AWS OIDC federation"] */
const CLAIM = /^[^:]*\.[^:]*(?::\d+)?(?:\/[^:]*)?:[\w-]+(?:\/.*)?$/

const remembered = new Map<string, KeyFacts | undefined>()

/** What is known of a key (lower case), or undefined: then nothing that hangs on it can be told. */
export function keyFacts(key: string): KeyFacts | undefined {
  if (remembered.has(key)) return remembered.get(key)
  const facts =
    NAMED.get(key) ??
    FAMILIES.find(([prefix]) => key.startsWith(prefix))?.[1] ??
    (FREE.has(key) ? { ...free, multi: MULTI.has(key) } : undefined) ??
    (CLAIM.test(key) ? { part: 'token' as const, multi: key.endsWith(':amr') } : undefined)
  if (remembered.size < 10_000) remembered.set(key, facts)
  return facts
}

/** Orders' keys whose facts are `bool` or that `Bool` compares carry these and nothing else. */
export const BOOLEANS: readonly string[] = ['true', 'false']

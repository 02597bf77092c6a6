/** What S3 adds to the policy language: access control lists, Block Public Access and its own definition of "public". */
import { parseCidr, parseOperator } from './conditions.ts'
import type {
  AccessRequest,
  AclGrant,
  BucketSettings,
  PolicyDocument,
  PublicAccessBlock,
  Statement,
  World,
} from './model.ts'
import { many } from './model.ts'
import type { Caller } from './principals.ts'
import { namesEveryone } from './principals.ts'

export const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers'
export const AUTHENTICATED_USERS = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers'

export function blocked(bucket: BucketSettings, setting: keyof PublicAccessBlock): boolean {
  return Object.values(bucket.blocks).some((block) => block?.[setting] === true)
}

const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  READ: ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'],
  WRITE: ['s3:PutObject'],
  READ_ACP: ['s3:GetBucketAcl'],
  WRITE_ACP: ['s3:PutBucketAcl'],
}

function permits(permission: string, action: string): boolean {
  const wanted =
    permission === 'FULL_CONTROL' ? Object.values(PERMISSIONS).flat() : (PERMISSIONS[permission] ?? [])
  return wanted.some((name) => name.toLowerCase() === action.toLowerCase())
}

function grantee(grant: AclGrant, caller: Caller, world: World): boolean {
  if (grant.Grantee.URI === ALL_USERS) return true
  if (grant.Grantee.URI === AUTHENTICATED_USERS) return caller.kind === 'aws'
  return caller.kind === 'aws' && world.canonicalIds[grant.Grantee.ID ?? ''] === caller.account
}

/** The numbers of the ACL's grants that allow the request. The owner's own grant is what its IAM decides, so it is left out. */
export function aclGrants(
  bucket: BucketSettings,
  caller: Caller,
  request: AccessRequest,
  world: World,
): readonly number[] {
  if (bucket.ownership === 'BucketOwnerEnforced') return []
  const ignored = blocked(bucket, 'IgnorePublicAcls')
  return bucket.acl.flatMap((grant, at) => {
    if (grant.Grantee.ID === bucket.owner || (ignored && grant.Grantee.URI !== undefined)) return []
    return grantee(grant, caller, world) && permits(grant.Permission, request.action) ? [at] : []
  })
}

const FIXED_KEYS: readonly string[] = [
  'aws:principalorgid',
  'aws:principalarn',
  'aws:principalaccount',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  's3:dataaccesspointaccount',
]

const FIXING: readonly string[] = [
  'stringequals',
  'stringequalsignorecase',
  'stringlike',
  'arnequals',
  'arnlike',
]

function fixedValue(key: string, value: string): boolean {
  if (key === 's3:dataaccesspointarn') return /^arn:[^:*?]+:s3:[^:*?]+:\d{12}:accesspoint\/[^$]*$/.test(value)
  return !/[*?]|\$\{/.test(value)
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(parseCidr)

/** Not broader than /8 (IPv4) or /32 (IPv6), RFC 1918 aside. */
export function narrow(text: string): boolean {
  const cidr = parseCidr(text)
  if (!cidr) return false
  if (cidr.bits === 128) return cidr.prefix >= 32
  return (
    cidr.prefix >= 8 || PRIVATE.some((range) => range && cidr.first >= range.first && cidr.last <= range.last)
  )
}

function fixes(statement: Statement): boolean {
  return Object.entries(statement.Condition ?? {}).some(([text, keys]) => {
    const operator = parseOperator(text)
    if (operator.negated || operator.ifExists || operator.set === 'all') return false
    return Object.entries(keys).some(([name, values]) => {
      const key = name.toLowerCase()
      if (operator.base === 'ipaddress')
        return key === 'aws:sourceip' && many(values).every((value) => narrow(String(value)))
      if (!FIXING.includes(operator.base)) return false
      if (!FIXED_KEYS.includes(key) && key !== 's3:dataaccesspointarn') return false
      return many(values).every((value) => fixedValue(key, String(value)))
    })
  })
}

function publicStatement(statement: Statement): boolean {
  if (statement.Effect !== 'Allow') return false
  const element = statement.Principal
  const federated = typeof element === 'object' && many(element['Federated']).length > 0
  const open = statement.NotPrincipal !== undefined || namesEveryone(element) || federated
  return open && !fixes(statement)
}

/** Keys that pin a caller by their meaning but stand not on S3's list, or whose standing the page leaves open. */
const UNSETTLED = /aws:(principalorgpaths|vpce|sourceorg|userid|principalservicename)/i

/**
 * What GetBucketPolicyStatus says; `null` where the page does not tell: a Deny beside a public Allow, a key that is not listed.
 * @see S3 User Guide, "Blocking public access", "The meaning of public"
 */
export function policyIsPublic(policy: PolicyDocument | null): boolean | null {
  if (!policy) return false
  const open = policy.Statement.filter(publicStatement)
  if (open.length === 0) return false
  if (policy.Statement.some((statement) => statement.Effect === 'Deny')) return null
  if (open.every((statement) => UNSETTLED.test(JSON.stringify(statement.Condition ?? {})))) return null
  return true
}

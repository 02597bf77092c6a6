/**
 * A bucket's access control list as rules. [S3 User Guide, "Access control list (ACL) overview",
 * "Controlling ownership of objects and disabling ACLs", "Blocking public access"]
 */
import type { Json, JsonObject } from '../../snapshot/model.ts'
import { type BucketInput, isUnread } from './input.ts'
import { list, object, text } from './json.ts'
import type { Caller } from './principal.ts'
import { madeRule, type Rule, unread } from './rule.ts'
import { effective, unreadBlocks } from './s3-block.ts'
import { truth, UNKNOWN, YES } from './truth.ts'

const READ = ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads']
/** Who owns neither the bucket nor an object can only add objects. */
const WRITE = ['s3:PutObject']
const PERMISSIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['READ', READ],
  ['WRITE', WRITE],
  ['READ_ACP', ['s3:GetBucketAcl']],
  ['WRITE_ACP', ['s3:PutBucketAcl']],
  ['FULL_CONTROL', [...READ, ...WRITE, 's3:GetBucketAcl', 's3:PutBucketAcl']],
])

interface Grantee {
  readonly principal: Json
  /** One of the groups that make an ACL public. */
  readonly group?: string
  readonly condition?: Json
  /** The group needs a signature. */
  readonly signed?: boolean
}

function granteeOf(grantee: JsonObject): Grantee | undefined {
  const uri = text(grantee['URI'])
  if (uri.endsWith('/global/AllUsers')) return { principal: '*', group: 'AllUsers' }
  if (uri.endsWith('/global/AuthenticatedUsers'))
    return { principal: '*', group: 'AuthenticatedUsers', signed: true }
  if (uri.endsWith('/s3/LogDelivery')) return { principal: { Service: 'logging.s3.amazonaws.com' } }
  const id = text(grantee['ID'])
  return id === '' ? undefined : { principal: { CanonicalUser: id } }
}

const isSigned = (caller: Caller) => truth(caller.kind === 'principal' || caller.kind === 'canonical')

export interface AclGrant {
  readonly grantee: Grantee
  readonly permission: string
  readonly actions: readonly string[]
}

/** What the list gives to others than its owner. */
export function aclGrants(acl: JsonObject): AclGrant[] {
  const owner = text(object(acl['Owner'])['ID'])
  return list(acl['Grants']).flatMap((json): AclGrant[] => {
    const { Grantee: raw, Permission } = object(json)
    const grantee = granteeOf(object(raw))
    const permission = text(Permission)
    const actions = PERMISSIONS.get(permission)
    const id = text(object(raw)['ID'])
    return grantee && actions && (id === '' || id !== owner) ? [{ grantee, permission, actions }] : []
  })
}

/** Silent where object ownership turns ACLs off, or IgnorePublicAcls its public grants. */
export function aclRules(bucket: BucketInput): Rule[] {
  const { acl, ownership } = bucket
  if (ownership === 'BucketOwnerEnforced' || acl === undefined) return []
  const ignored = effective(bucket.blocks, 'IgnorePublicAcls')
  if (isUnread(acl)) {
    const options = { missing: acl.unread, ...(ignored === YES ? { appliesTo: isOther } : {}) }
    return unread('Acl', options).filter((rule) => rule.statement.effect === 'Allow')
  }
  const why = isUnread(ownership) ? ownership.unread : []
  return aclGrants(acl).flatMap(({ grantee, permission, actions }): Rule[] => {
    if (grantee.group !== undefined && ignored === YES) return []
    const doubtful = grantee.group !== undefined && ignored === UNKNOWN
    const missing = doubtful ? [...why, ...unreadBlocks(bucket.blocks)] : why
    const made = { Effect: 'Allow' as const, Principal: grantee.principal, Action: actions }
    return [
      madeRule(`Acl ${permission}`, 'acl', made, {
        certain: !isUnread(ownership) && !doubtful,
        ...(missing.length > 0 ? { missing } : {}),
        ...(grantee.signed ? { appliesTo: isSigned } : {}),
      }),
    ]
  })
}

/** Whom a list without public grants can still name. */
const isOther = (caller: Caller) => truth(caller.kind === 'canonical')

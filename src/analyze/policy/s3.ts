/**
 * What S3 adds to bucket policies: ACLs, object ownership, Block Public Access and its own meaning of "public".
 * [S3 User Guide, "Access control list (ACL) overview", "Controlling ownership of objects", "Blocking public access"]
 */
import type { Json, JsonObject } from '../../snapshot/model.ts'
import { covers as contains, EVERYTHING, PRIVATE, parseRange } from './address.ts'
import { type Condition, isFixed, parseDocument, type Statement } from './document.ts'
import { STAR, written } from './glob.ts'
import type { BlockSettings, Blocks, PolicyInput } from './input.ts'
import { accountOf } from './principal.ts'
import { madeRule, type Rule, unread } from './rules.ts'
import { NO, or, type Truth, UNKNOWN, YES } from './truth.ts'

function setting(blocks: Blocks | undefined, name: keyof BlockSettings): Truth {
  if (blocks === 'unknown') return UNKNOWN
  return blocks?.[name] === true ? YES : NO
}

/** A setting is in effect where the organization, the account or the bucket has it on. */
export function effective(
  input: PolicyInput,
  name: keyof BlockSettings,
  also: Blocks | undefined = undefined,
): Truth {
  const blocks = input.publicAccessBlocks ?? {}
  return [blocks.organization, blocks.account, blocks.bucket, also]
    .map((one) => setting(one, name))
    .reduce(or, NO)
}

const GROUP = 'http://acs.amazonaws.com/groups/'
const READ = ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads']
const WRITE = ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:AbortMultipartUpload']
const PERMISSIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['READ', READ],
  ['WRITE', WRITE],
  ['READ_ACP', ['s3:GetBucketAcl']],
  ['WRITE_ACP', ['s3:PutBucketAcl']],
  ['FULL_CONTROL', [...READ, ...WRITE, 's3:GetBucketAcl', 's3:PutBucketAcl']],
])

function object(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function principalOf(grantee: JsonObject): { principal: Json; condition?: Json; group: boolean } | undefined {
  const uri = text(grantee['URI'])
  if (uri.endsWith('/global/AllUsers')) return { principal: { AWS: '*' }, group: true }
  if (uri.endsWith('/global/AuthenticatedUsers')) {
    // Whoever signs the request; a signed request always says whether a service made it.
    return {
      principal: { AWS: '*' },
      condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } },
      group: true,
    }
  }
  if (uri.startsWith(GROUP) || uri.endsWith('/s3/LogDelivery')) {
    return { principal: { Service: 'logging.s3.amazonaws.com' }, group: false }
  }
  const id = text(grantee['ID'])
  return id === '' ? undefined : { principal: { CanonicalUser: id }, group: false }
}

/** The bucket's ACL as rules, without what its own owner has. Silent where ownership or IgnorePublicAcls turn it off. */
export function aclRules(input: PolicyInput, notes: string[]): Rule[] {
  if (input.ownership === 'BucketOwnerEnforced') return []
  const certain = input.ownership !== 'unknown'
  const ignore = effective(input, 'IgnorePublicAcls')
  if (input.acl === undefined) {
    if (input.missing?.['Acl'] === undefined) return []
    const kind = ignore === YES ? [] : unread('Acl')
    return kind.filter((rule) => rule.statement.effect === 'Allow')
  }
  const owner = text(object(input.acl['Owner'])['ID'])
  const grants = input.acl['Grants']
  const list: readonly Json[] = Array.isArray(grants) ? grants : []
  return list.flatMap((json): Rule[] => {
    const grant = object(json)
    const grantee = principalOf(object(grant['Grantee']))
    const permission = text(grant['Permission'])
    const actions = PERMISSIONS.get(permission)
    const id = text(object(grant['Grantee'])['ID'])
    if (!grantee || !actions || (id !== '' && id === owner)) return []
    const label = `Acl ${permission}`
    if (grantee.group && ignore === YES) {
      if (!notes.includes('IgnorePublicAcls')) notes.push('IgnorePublicAcls')
      return []
    }
    return madeRule(
      label,
      'acl',
      {
        Effect: 'Allow',
        Principal: grantee.principal,
        Action: actions,
        ...(grantee.condition === undefined ? {} : { Condition: grantee.condition }),
      },
      { certain: certain && !(grantee.group && ignore === UNKNOWN) },
    )
  })
}

/** The keys that make a statement non-public for S3 when their values are fixed. */
const FIXING = new Set([
  'aws:principalorgid',
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principalorgpaths',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
  'aws:sourceowner',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:userid',
  's3:dataaccesspointaccount',
])

function narrowBlock(value: string): boolean {
  const range = parseRange(value)
  if (!range) return false
  if (PRIVATE.some((block) => contains(block, range))) return true
  const size = range.high - range.low + 1n
  return size <= (range.version === 4 ? 1n << 24n : 1n << 96n)
}

function fixes(condition: Condition): boolean {
  const { operator, key, values } = condition
  if (!operator || operator.negated || operator.ifExists || operator.set === 'all' || values.length === 0)
    return false
  if (key === 'aws:sourceip')
    return (
      operator.family === 'ip' && values.every((value) => !value.parts && narrowBlock(written(value.text)))
    )
  if (operator.family !== 'string' && operator.family !== 'like' && operator.family !== 'arn') return false
  if (key === 's3:dataaccesspointarn') {
    return values.every((value) => !value.parts && accountOf(value.text) !== undefined)
  }
  if (!FIXING.has(key)) return false
  const literal = operator.family === 'string'
  if (key === 'aws:userid')
    return values.every(
      (value) => isFixed(value) || (!value.parts && /^A[A-Z]{3}[A-Z0-9]{12,}:/.test(value.text)),
    )
  if (key === 'aws:principalarn' || key === 'aws:sourcearn') {
    return values.every(
      (value) => !value.parts && (literal || isFixed(value) || accountOf(value.text) !== undefined),
    )
  }
  if (key.endsWith('orgpaths'))
    return values.every((value) => !value.parts && !(value.text.split('/')[0] ?? STAR).includes(STAR))
  return values.every((value) => isFixed(value))
}

function isPublicStatement(statement: Statement): boolean {
  if (statement.effect === 'Deny') return false
  const { principals, notPrincipal, conditions } = statement
  if (!principals) return false
  const open =
    notPrincipal ||
    principals.everyone ||
    principals.services.has('*') ||
    [...principals.federated].some((provider) => !provider.startsWith('arn:'))
  return open && !conditions.some(fixes)
}

/** What GetBucketPolicyStatus says: whether some Allow is not limited to fixed values. Denies don't count. */
export function policyIsPublic(document: Json | undefined): boolean {
  return document !== undefined && parseDocument(document).statements.some(isPublicStatement)
}

export function whole(version: 4 | 6): bigint {
  const range = EVERYTHING.find((one) => one.version === version)
  return range ? range.high - range.low + 1n : 0n
}

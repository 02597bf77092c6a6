/** Block Public Access, and S3's own meaning of "public". [S3 User Guide, "Blocking public access to your Amazon S3 storage"] */
import type { Json, Missing } from '../../snapshot/model.ts'
import { contains, parseRange } from './address.ts'
import { type Condition, type Document, parseDocument, type Statement } from './document.ts'
import { type BlockSettings, type Blocks, type BucketInput, isUnread, type Unread } from './input.ts'
import { accountOf } from './principal.ts'
import { and, NO, not, or, type Truth, truth, UNKNOWN, YES } from './truth.ts'

type Levels = BucketInput['blocks']

const LEVELS = ['organization', 'account', 'bucket'] as const

export function setting(blocks: Blocks, name: keyof BlockSettings): Truth {
  if (isUnread(blocks)) return UNKNOWN
  return truth(blocks?.[name] === true)
}

/** A setting is in effect where the organization, the account or the bucket has it on. */
export function effective(levels: Levels, name: keyof BlockSettings): Truth {
  return LEVELS.map((level) => setting(levels[level], name)).reduce(or, NO)
}

/** Where a setting is on. */
export function levelsWith(levels: Levels, name: keyof BlockSettings): string[] {
  return LEVELS.filter((level) => setting(levels[level], name) === YES)
}

export function unreadBlocks(levels: Levels): Missing[] {
  return LEVELS.flatMap((level) => {
    const blocks = levels[level]
    return isUnread(blocks) ? blocks.unread : []
  })
}

/** The keys that S3's page lists: a statement that holds one of them to fixed values is not public. */
const LISTED: ReadonlySet<string> = new Set([
  'aws:principalorgid',
  'aws:principalarn',
  'aws:principalaccount',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  's3:dataaccesspointaccount',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
])

/** Keys that pin a caller by their meaning, and of which the page does not say how S3 takes them. */
const UNLISTED: ReadonlySet<string> = new Set([
  'aws:principalorgpaths',
  'aws:principalservicename',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourcevpcarn',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
])

const RFC_1918 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].flatMap((block) => parseRange(block) ?? [])

/** Not broader than /8 (IPv4) or /32 (IPv6), RFC 1918 aside. */
export function isNarrow(block: string): boolean {
  const range = parseRange(block)
  if (!range) return false
  if (RFC_1918.some((own) => contains(own, range))) return true
  return range.high - range.low < (range.version === 4 ? 1n << 24n : 1n << 96n)
}

const isFixed = (value: string): boolean => !/[*?]|\$\{/.test(value)

/** An access point's name may be left open, its account may not. */
const isFixedPoint = (value: string): boolean => isFixed(value) || accountOf(value) !== undefined

/** `AROLEID:*`, of which the page says only that it is another matter. */
const isOfOneRole = (value: string): boolean => isFixed(value) || /^A[A-Z]{3}[A-Z0-9]{12,}:/.test(value)

/** Whether a condition keeps its statement from being public. */
function fixes({ operator, key, written }: Condition): Truth {
  const { values } = written
  if (!operator || operator.negated || operator.ifExists || operator.set === 'all') return NO
  if (key === 'aws:sourceip') return truth(operator.family === 'ip' && values.every(isNarrow))
  if (operator.family !== 'string' && operator.family !== 'like' && operator.family !== 'arn') return NO
  if (key === 's3:dataaccesspointarn') return truth(values.every(isFixedPoint))
  if (key === 'aws:userid') return values.every(isFixed) ? YES : values.every(isOfOneRole) ? UNKNOWN : NO
  if (LISTED.has(key)) {
    if (values.every(isFixed)) return YES
    // A star that StringEquals takes for a star: the page says that a value with a wildcard is not fixed.
    return operator.family === 'string' ? UNKNOWN : NO
  }
  return UNLISTED.has(key) ? UNKNOWN : NO
}

function isPublicStatement(statement: Statement): Truth {
  const { effect, principals, notPrincipal, conditions } = statement
  if (effect === 'Deny' || !principals) return NO
  const webIdentity = [...principals.federated].some((provider) => !provider.startsWith('arn:'))
  if (!notPrincipal && !principals.everyone && !webIdentity) return NO
  return not(conditions.map(fixes).reduce(or, NO))
}

/** Whether some Allow of the policy is public, Denies aside: the page does not say how S3 takes them. */
export function grantsPublicly(document: Document): Truth {
  return document.statements.map(isPublicStatement).reduce(or, document.problem === undefined ? NO : UNKNOWN)
}

/**
 * What GetBucketPolicyStatus says.
 * @param open whether a stranger really gets past the policy's Denies
 */
export function policyIsPublic(document: Json | Unread | undefined, open: Truth): Truth {
  if (document === undefined) return NO
  if (isUnread(document)) return UNKNOWN
  const parsed = parseDocument(document)
  const granted = grantsPublicly(parsed)
  const denied = parsed.statements.some((statement) => statement.effect === 'Deny')
  return denied && open !== YES ? and(granted, UNKNOWN) : granted
}

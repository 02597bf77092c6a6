/** Whether a role reads objects of a bucket: its own policies, the bucket's, and the key that the bucket is encrypted with. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Json, Missing, Resource } from '../../snapshot/model.ts'
import { type KeyNames, readKeyNames } from '../keys/key-names.ts'
import { type Accesses, readAccesses } from '../policy/accesses.ts'
import type { AccessRequest } from '../policy/answer.ts'
import { constantsOf } from '../policy/constants.ts'
import { matches, pattern } from '../policy/glob.ts'
import { type Identity, identityOf } from '../policy/identity.ts'
import { list, object, oneOrMany, text } from '../policy/json.ts'
import type { RequestAnswer } from '../policy/requests.ts'
import type { SurroundingsOptions } from '../policy/surroundings.ts'
import { and, NO, not, or, type Truth, truth, UNKNOWN, YES } from '../policy/truth.ts'
import { distinctMissing, readUnread, type Unread } from '../unread.ts'

export type Context = AccessRequest['context']

export interface Reading {
  readonly truth: Truth
  /** The ARN of an object that it reads. */
  readonly object: string
  /** The statements that allow it. */
  readonly by: readonly string[]
  readonly missing: readonly Missing[]
}

/** Objects tried of one bucket: one for each pattern that policies write about it. */
const MOST_OBJECTS = 200

const ENCRYPTION = { operation: 's3:GetBucketEncryption', permission: 's3:GetEncryptionConfiguration' }

const NOTHING: Reading = { truth: NO, object: '', by: [], missing: [] }

const UNTRIED: Missing = {
  operation: 'paths:OBJECTS',
  outcome: 'unsupported',
  permission: '',
  detail: `policies write of more than ${MOST_OBJECTS} parts of the bucket, and no more of them are tried`,
}

/** An object's ARN that a pattern of a policy covers, if it is one of this bucket. */
function objectOf(bucket: string, written: string): string | undefined {
  const slash = written.indexOf('/')
  if (slash < 0 || written.includes('${')) return undefined
  if (!matches(pattern(written.slice(0, slash)), bucket)) return undefined
  const key = written
    .slice(slash + 1)
    .replaceAll('*', 'any')
    .replaceAll('?', 'a')
  return `${bucket}/${key === '' ? 'any' : key}`
}

function writtenResources(document: Json): string[] {
  return list(object(document)['Statement']).flatMap((one) => oneOrMany(object(one)['Resource']))
}

interface Permission {
  readonly truth: Truth
  readonly by: readonly string[]
  readonly missing: readonly Missing[]
}

const truthOf = ({ decision }: RequestAnswer): Truth =>
  decision === 'unknown' ? UNKNOWN : truth(decision === 'allowed')

interface Sides {
  /** The resource's policy. */
  readonly allows: Truth
  /** The role's policies within its boundary. */
  readonly own: Truth
  readonly bounded: Truth
}

/**
 * Across accounts both sides have to allow it. Within one, either is enough, but for a key: its policy has to, by itself
 * or by leaving it to the account's own policies.
 * [KMS Developer Guide, "Key policies"; IAM User Guide, "Cross-account policy evaluation logic"]
 */
function allowedBy(
  { allows, own, bounded }: Sides,
  { delegated }: RequestAnswer,
  role: Resource,
  target: Resource,
): Truth {
  const both = and(own, allows)
  if (role.account !== target.account) return both
  const byName = and(delegated ? NO : allows, bounded)
  return or(byName, target.type === 'AWS::KMS::Key' ? both : own)
}

export interface Readers {
  reads(role: Resource, bucket: Resource, contexts: readonly Context[]): Reading
}

class Reader implements Readers {
  private readonly accesses: Accesses
  private readonly keyNames: KeyNames
  private readonly unread: Unread
  private readonly index: SnapshotIndex
  private readonly identities = new Map<Resource, Identity>()

  constructor(index: SnapshotIndex, options: SurroundingsOptions) {
    this.index = index
    this.accesses = readAccesses(index, options)
    this.unread = readUnread(index)
    this.keyNames = readKeyNames(index, this.unread)
  }

  reads(role: Resource, bucket: Resource, contexts: readonly Context[]): Reading {
    let best = NOTHING
    const keys = this.objectsOf(role, bucket)
    for (const key of keys.slice(0, MOST_OBJECTS)) {
      for (const context of contexts) {
        const one = this.readsObject(role, bucket, key, context)
        if (one.truth === YES) return one
        if (best.truth === NO) best = one
      }
    }
    const isCut = best.truth === NO && keys.length > MOST_OBJECTS
    return isCut ? { ...NOTHING, truth: UNKNOWN, missing: [UNTRIED] } : best
  }

  private objectsOf(role: Resource, bucket: Resource): readonly string[] {
    const policies = this.accesses.input(bucket)?.policies ?? []
    const written = [
      ...this.identity(role).resources,
      ...policies.flatMap(({ document }) => writtenResources(document as Json)),
    ]
    const found = written.flatMap((one) => objectOf(bucket.id, one) ?? [])
    return [...new Set([`${bucket.id}/any`, ...found])]
  }

  /** Anybody reads it, with no machine in between: that is the bucket's own matter. */
  private isPublic(key: string, context: Context): boolean {
    const request = { principal: 'anonymous', action: 's3:GetObject', resource: key, context }
    return this.accesses.decide(request)?.decision === 'allowed'
  }

  private readsObject(role: Resource, bucket: Resource, key: string, context: Context): Reading {
    if (this.isPublic(key, context)) return NOTHING
    const own = this.permitted(role, bucket, 's3:GetObject', key, context)
    if (own.truth === NO) return NOTHING
    const decrypts = this.decrypts(role, bucket, context)
    return {
      truth: and(own.truth, decrypts.truth),
      object: key,
      by: [...own.by, ...decrypts.by],
      missing: distinctMissing([...own.missing, ...decrypts.missing]),
    }
  }

  private decrypts(role: Resource, bucket: Resource, context: Context): Permission {
    const missing = this.unread.field(bucket, 'Encryption', ENCRYPTION)
    if (missing) return { truth: UNKNOWN, by: [], missing: [missing] }
    const [rule] = list(object(bucket.config['Encryption'])['Rules'])
    const { SSEAlgorithm, KMSMasterKeyID } = object(object(rule)['ApplyServerSideEncryptionByDefault'])
    if (!text(SSEAlgorithm).startsWith('aws:kms') || text(KMSMasterKeyID) === '')
      return { truth: YES, by: [], missing: [] }
    const named = this.keyNames(text(KMSMasterKeyID), bucket)
    if (named.kind === 'unseen') return { truth: UNKNOWN, by: [], missing: named.missing }
    if (named.kind !== 'key') return { truth: truth(named.kind === 'aws'), by: [], missing: [] }
    const via = `s3.${bucket.region}.amazonaws.com`
    const asked = { ...context, 'kms:ViaService': via, 'kms:CallerAccount': role.account }
    return this.permitted(role, named.key, 'kms:Decrypt', named.key.id, asked)
  }

  private permitted(
    role: Resource,
    target: Resource,
    action: string,
    resource: string,
    context: Context,
  ): Permission {
    const input = this.accesses.input(target)
    const identity = this.identity(role)
    const request: AccessRequest = { principal: identity.principal, action, resource, context }
    const answer = this.accesses.decide(request)
    if (!input || !answer) return { truth: NO, by: [], missing: [] }
    const own = identity.decide(request, constantsOf(input, this.accesses.surroundings(target.account)))
    const truths = { allows: truthOf(answer), own: and(own.allowed, own.bounded), bounded: own.bounded }
    const denied = or(
      own.denied,
      answer.decision === 'unknown' ? UNKNOWN : truth(answer.decision === 'explicit-deny'),
    )
    const found = and(allowedBy(truths, answer, role, target), not(denied))
    return {
      truth: found,
      by: [...new Set([...own.statements, ...(truths.allows === YES ? answer.statements : [])])],
      missing: found === UNKNOWN ? distinctMissing([...own.missing, ...answer.missing]) : [],
    }
  }

  private identity(role: Resource): Identity {
    const known = this.identities.get(role)
    const made = known ?? identityOf(role, this.index)
    if (!known) this.identities.set(role, made)
    return made
  }
}

export const readersOf = (index: SnapshotIndex, options: SurroundingsOptions): Readers =>
  new Reader(index, options)

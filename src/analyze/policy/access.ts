/** Who can really get at a resource. */
import type { Missing } from '../../snapshot/model.ts'
import { distinctMissing } from '../unread.ts'
import type { AccessAnswer, NetworkAccess } from './answer.ts'
import { classAnswers } from './classes.ts'
import { endpointAccess } from './endpoint.ts'
import { closedBy, grantOf, missingOf, witnessOf } from './evidence.ts'
import { type Exposed, exposed, type Finding, widest } from './exposure.ts'
import { isUnread, type PolicyInput, type Surroundings } from './input.ts'
import { isOutsider, type Judge, judgeOf } from './judge.ts'
import { kmsAccess } from './kms-duties.ts'
import type { Limits } from './limits.ts'
import { aclGrants } from './s3-acl.ts'
import { effective, levelsWith, policyIsPublic } from './s3-block.ts'
import { sceneOf } from './scene.ts'
import { NO, type Truth, UNKNOWN, YES } from './truth.ts'

const NONE: readonly never[] = []

function sorted(values: readonly string[] | ReadonlySet<string>): readonly string[] {
  const found = Array.isArray(values) ? [...new Set<string>(values)] : [...values]
  if (found.length === 0) return NONE
  return found.length === 1 ? found : found.sort()
}

function networkOf({ vpcs, vpces, cidrs, other }: Limits): NetworkAccess {
  return { vpcs: sorted(vpcs), vpces: sorted(vpces), cidrs: sorted(cidrs), other: sorted(other) }
}

/** What ACLs would concede to everybody, and what keeps them from it. */
function closedAcls({ bucket }: PolicyInput): string[] {
  if (!bucket?.acl || isUnread(bucket.acl)) return []
  if (!aclGrants(bucket.acl).some(({ grantee }) => grantee.group !== undefined)) return []
  if (bucket.ownership === 'BucketOwnerEnforced') return ['BucketOwnerEnforced']
  const levels = levelsWith(bucket.blocks, 'IgnorePublicAcls')
  return levels.length > 0 ? [`IgnorePublicAcls (${levels.join(', ')})`] : []
}

function blockedBy(judge: Judge): string[] {
  const { candidates, input } = judge.scene
  const found = new Set<string>(closedAcls(input))
  for (const way of judge.ways.keys()) {
    for (const [at, candidate] of candidates.entries()) {
      const asked =
        isOutsider(candidate) || candidate.audience === 'account' || candidate.audience === 'foreign-org'
      if (!asked || judge.reach(way, at, 'somehow').truth !== NO) continue
      for (const label of closedBy(judge, way, at)) found.add(label)
    }
  }
  return [...found]
}

const WRITES_ACLS = ['s3:PutObjectAcl', 's3:PutObjectVersionAcl', 's3:PutBucketAcl']

/** Objects have ACLs of their own, which nothing lists: whether others may write some that open them. */
function objectAcls(judge: Judge): { open: Truth; notes: string[] } {
  const { bucket, type } = judge.scene.input
  if (!bucket || type !== 'AWS::S3::Bucket') return { open: NO, notes: [] }
  if (bucket.ownership === 'BucketOwnerEnforced' || isUnread(bucket.ownership)) return { open: NO, notes: [] }
  if (effective(bucket.blocks, 'IgnorePublicAcls') === YES) return { open: NO, notes: [] }
  const others = judge.scene.candidates.flatMap(({ audience }, at) =>
    audience === 'account' || audience === 'canonical' || audience === 'foreign-org' || audience === 'member'
      ? [at]
      : [],
  )
  const writes = [...judge.ways.keys()].some((way) =>
    others.some((at) => WRITES_ACLS.some((action) => judge.reaches(way, at, action))),
  )
  const note = 'ACLs are enabled and objects have their own, which are not listed: single objects may be open'
  return { open: writes ? UNKNOWN : NO, notes: [note] }
}

function notesOf(input: PolicyInput, found: Exposed): string[] {
  return [
    ...(input.notes ?? []),
    ...[...found.byNameOnly].map(
      (arn) => `${arn} names no account: whoever owns a bucket of that name can use the service here`,
    ),
  ]
}

/** The answer to "public?": null where it is not known. */
function publicly(findings: readonly Finding[]): boolean | null {
  if (findings.some((one) => one.exposure === 'public')) return true
  return findings.some((one) => one.exposure === 'possible-public') ? null : false
}

const asAnswer = (truth: Truth): boolean | null => (truth === UNKNOWN ? null : truth === YES)

function s3Answer(judge: Judge): Pick<AccessAnswer, 'policyIsPublic'> {
  const { bucket, type, policies } = judge.scene.input
  if (!bucket || type !== 'AWS::S3::Bucket') return {}
  return {
    policyIsPublic: asAnswer(bucket.policyIsPublic ?? policyIsPublic(policies[0]?.document, judge.open())),
  }
}

function missingIn(judge: Judge, found: Exposed): readonly Missing[] {
  const { scene } = judge
  const doubtful = new Set(found.findings.filter((one) => one.truth === UNKNOWN).map((one) => one.way))
  const unread = scene.rules.filter((rule) => rule.place === 'unread').flatMap((rule) => rule.missing ?? [])
  const unplaced = [...found.accounts.values()].some((one) => !one.member && !one.trusted)
  const organization = scene.surroundings.organization.unread
  return distinctMissing([
    ...unread,
    ...[...doubtful].flatMap((way) => missingOf(judge, way)),
    ...(unplaced || found.orgs.length > 0 ? organization : []),
  ])
}

function unknownIds(judge: Judge, found: Exposed): readonly string[] {
  const gone = judge.scene.rules.flatMap(({ statement }) =>
    statement.effect === 'Allow' ? (statement.principals?.gone ?? []) : [],
  )
  return sorted([...found.ids, ...gone])
}

/** One resource, tried by every caller. */
export interface Judged {
  readonly judge: Judge
  readonly found: Exposed
  /** Whether objects may have been opened one by one, by ACLs of their own. */
  readonly objects: { readonly open: Truth; readonly notes: readonly string[] }
}

export function judged(input: PolicyInput, surroundings: Surroundings): Judged {
  const judge = judgeOf(sceneOf(input, surroundings))
  return { judge, found: exposed(judge), objects: objectAcls(judge) }
}

/** Decides one resource. Pure; see search.ts and samples.ts for what it costs. */
export function accessOf(input: PolicyInput, surroundings: Surroundings): AccessAnswer {
  if (input.type === 'AWS::EC2::VPCEndpoint') return endpointAccess(input, surroundings)
  return answerOf(judged(input, surroundings))
}

export function answerOf({ judge, found, objects }: Judged): AccessAnswer {
  const { input } = judge.scene
  const findings: Finding[] = [...found.findings]
  if (objects.open === UNKNOWN) findings.push({ exposure: 'possible-public', truth: UNKNOWN, way: -1 })
  const exposure = widest(findings)
  const decisive = findings.filter((one) => one.exposure === exposure)
  const rules = new Set(decisive.flatMap(({ way }) => judge.ways[way]?.rules ?? []))
  const hit = decisive.find((one) => one.truth === YES)?.hit
  const witness = hit && witnessOf(hit)
  const accounts = [...found.accounts.values()]
  const kms = input.type === 'AWS::KMS::Key' ? kmsAccess(judge) : undefined
  return {
    resource: input.id,
    type: input.type,
    account: input.account,
    region: input.region,
    exposure,
    public: publicly(findings),
    crossAccount: sorted(accounts.map((one) => one.id)),
    unknownAccounts: sorted(accounts.filter((one) => !one.member && !one.trusted).map((one) => one.id)),
    orgs: found.orgs,
    orgOnly: exposure === 'organization',
    services: sorted(found.services),
    confusedDeputy: found.deputies.size > 0,
    federated: sorted(found.federated),
    canonicalUsers: sorted(found.canonicalUsers),
    network: networkOf(found.limits),
    ...s3Answer(judge),
    ...(kms ? { kms } : {}),
    unknownPrincipalIds: unknownIds(judge, found),
    serviceSourceAccounts: sorted(found.serviceSources),
    grants: [...rules]
      .flatMap((at) => judge.scene.rules[at] ?? [])
      .filter((rule) => rule.place !== 'unread')
      .map(grantOf),
    ...(witness ? { witness } : {}),
    blockedBy: exposure === 'public' ? [] : blockedBy(judge),
    classes: classAnswers(judge),
    notes: [...notesOf(input, found), ...objects.notes],
    missing: missingIn(judge, found),
  }
}

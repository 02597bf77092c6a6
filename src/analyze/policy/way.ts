/** The ways by which a resource concedes something: an Allow, or two that have to agree. */
import type { Missing } from '../../snapshot/model.ts'
import type { Candidate } from './callers.ts'
import { isUnread, type PolicyInput } from './input.ts'
import { effective, levelsWith, policyIsPublic, setting, unreadBlocks } from './s3-block.ts'
import type { Scene } from './scene.ts'
import { and, NO, or, type Truth, UNKNOWN, YES } from './truth.ts'

/** What RestrictPublicBuckets takes away: all but the owner's account and AWS services, where the policy is public. */
export interface Restriction {
  readonly setting: Truth
  readonly policyIsPublic: Truth
  /** The policy was not read: it is public if it lets strangers in, and otherwise there is nothing to close for them. */
  readonly policyUnread: boolean
  readonly label: string
  readonly missing: readonly Missing[]
}

export interface Way {
  /** The scene's rules by their index; all of them have to allow. */
  readonly rules: readonly number[]
  /** The access point that it goes through. */
  readonly point?: number
}

function indexes(scene: Scene, places: readonly string[]): number[] {
  return scene.rules.flatMap((rule, at) =>
    rule.statement.effect === 'Allow' && places.includes(rule.place) ? [at] : [],
  )
}

function throughPoints(scene: Scene, behind: readonly number[]): Way[] {
  const { rules, input } = scene
  return input.accessPoints.flatMap((_, point) => {
    const own = rules.flatMap((rule, at) =>
      rule.accessPoint === point && rule.statement.effect === 'Allow' ? [at] : [],
    )
    return own.flatMap((first) => behind.map((second): Way => ({ rules: [first, second], point })))
  })
}

const isWhole = (scene: Scene, at: number): boolean => scene.rules[at]?.accessPoint === undefined

export function waysOf(scene: Scene): Way[] {
  const direct = indexes(scene, ['policy', 'acl', 'grant', 'unread']).filter((at) => isWhole(scene, at))
  const own = direct.filter((at) => {
    const place = scene.rules[at]?.place
    return place === 'policy' || place === 'unread'
  })
  if (scene.input.type === 'AWS::S3::AccessPoint') {
    const behind = [...indexes(scene, ['bucketPolicy']), ...own]
    return throughPoints(scene, behind)
  }
  return [...direct.map((at): Way => ({ rules: [at] })), ...throughPoints(scene, own)]
}

const documentOf = (input: PolicyInput) =>
  input.type === 'AWS::S3::AccessPoint' ? input.bucketPolicy?.document : input.policies[0]?.document

/** @param open whether a stranger gets past the policy's Denies */
export function bucketRestriction(input: PolicyInput, open: Truth): Restriction | undefined {
  const { bucket } = input
  if (!bucket) return undefined
  const document = documentOf(input)
  const inEffect = effective(bucket.blocks, 'RestrictPublicBuckets')
  if (inEffect === NO || document === undefined) return undefined
  return {
    setting: inEffect,
    policyIsPublic: bucket.policyIsPublic ?? policyIsPublic(document, open),
    policyUnread: isUnread(document),
    label: `RestrictPublicBuckets (${levelsWith(bucket.blocks, 'RestrictPublicBuckets').join(', ')})`,
    missing: inEffect === UNKNOWN ? unreadBlocks(bucket.blocks) : [],
  }
}

/** An access point with a VPC origin is never public, whatever its policy says. */
export function pointRestriction(input: PolicyInput, point: number, open: Truth): Restriction | undefined {
  const { bucket } = input
  const about = input.accessPoints[point]
  if (!bucket || !about || about.vpc !== undefined || about.policy === undefined) return undefined
  const own = setting(about.blocks, 'RestrictPublicBuckets')
  const inEffect = or(own, effective(bucket.blocks, 'RestrictPublicBuckets'))
  if (inEffect === NO) return undefined
  const where = [
    ...(own === YES ? ['access point'] : []),
    ...levelsWith(bucket.blocks, 'RestrictPublicBuckets'),
  ]
  return {
    setting: inEffect,
    policyIsPublic: policyIsPublic(about.policy, open),
    policyUnread: isUnread(about.policy),
    label: `RestrictPublicBuckets (${where.join(', ')})`,
    missing:
      inEffect === UNKNOWN
        ? [...unreadBlocks(bucket.blocks), ...(isUnread(about.blocks) ? about.blocks.unread : [])]
        : [],
  }
}

/** Whether the restriction keeps the candidate out. */
export function keepsOut(restriction: Restriction | undefined, candidate: Candidate, own: string): Truth {
  if (!restriction) return NO
  const { kind, account } = candidate.caller
  if (kind === 'service' || account === own || candidate.audience === 'service') return NO
  if (restriction.policyUnread && candidate.audience === 'outsider') return restriction.setting
  return and(restriction.setting, restriction.policyIsPublic)
}

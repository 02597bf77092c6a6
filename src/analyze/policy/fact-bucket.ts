/** What rules ask of buckets besides who gets in: what is blocked, and whether plain HTTP is served. */
import type { Json } from '../../snapshot/model.ts'
import type { Told } from '../told.ts'
import type { AccessAnswer } from './answer.ts'
import { asTold } from './fact-audience.ts'
import type { BlockSettings, PolicyInput, Surroundings } from './input.ts'
import { plainMembers } from './plain-requests.ts'
import { effective, unreadBlocks } from './s3-block.ts'
import { NO } from './truth.ts'

const SETTINGS = [
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
] as const

type Lazy = Readonly<Record<string, () => Told<Json>>>

/** The calls that would have told what GetBucketPolicyStatus says. */
function policyIsPublic({ policyIsPublic, missing }: AccessAnswer): Told<boolean> {
  if (typeof policyIsPublic === 'boolean') return { value: policyIsPublic }
  const status = { operation: 's3:GetBucketPolicyStatus', permission: 's3:GetBucketPolicyStatus' }
  return { missing: missing.length > 0 ? missing : [{ ...status, outcome: 'not-collected' }] }
}

export function bucketMembers(input: PolicyInput, surroundings: Surroundings, answer: AccessAnswer): Lazy {
  const { bucket } = input
  const blocks = bucket?.blocks ?? { bucket: null, account: null, organization: null }
  const setting = (name: keyof BlockSettings) => (): Told<boolean> =>
    asTold(effective(blocks, name), () => unreadBlocks(blocks))
  return {
    policyIsPublic: () => policyIsPublic(answer),
    blockPublicAcls: setting('BlockPublicAcls'),
    ignorePublicAcls: setting('IgnorePublicAcls'),
    blockPublicPolicy: setting('BlockPublicPolicy'),
    restrictPublicBuckets: setting('RestrictPublicBuckets'),
    unblocked: () => ({ value: SETTINGS.filter((name) => effective(blocks, name) === NO) }),
    ...plainMembers(input, surroundings),
  }
}

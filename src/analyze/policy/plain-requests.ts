/** Whether a bucket answers requests that were not encrypted on the way. [S3 User Guide, "Enforce encryption of data in transit"] */
import type { Missing } from '../../snapshot/model.ts'
import { doubt } from './fact-audience.ts'
import type { PolicyInput, Surroundings } from './input.ts'
import { judgeOf } from './judge.ts'
import type { Hit } from './reach.ts'
import { sceneOf } from './scene.ts'
import { NO, or, type Truth, UNKNOWN, YES } from './truth.ts'

const PROBE = 'plain HTTP'

/** An identity that may do anything, on plain HTTP: only what the bucket and control policies deny is left to stop it. */
function probed(input: PolicyInput): PolicyInput {
  const { bucket: _, ...rest } = input
  const document = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: PROBE,
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:*',
        Resource: [input.arn, `${input.arn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  }
  return { ...rest, policies: [...input.policies, { name: 'Policy', document }], accessPoints: [] }
}

export interface PlainRequests {
  readonly served: Truth
  /** One that is served. */
  readonly hit?: Hit
  readonly missing: readonly Missing[]
}

/** AWS services ask over TLS whatever a policy says, so that they are no reason to blame one that spares them. */
export function plainRequests(input: PolicyInput, surroundings: Surroundings): PlainRequests {
  const judge = judgeOf(sceneOf(probed(input), surroundings))
  const label = `Policy ${PROBE}`
  const ways = [...judge.ways.keys()].filter((way) =>
    judge.ways[way]?.rules.every((at) => judge.scene.rules[at]?.label === label),
  )
  let served: Truth = NO
  for (const way of ways) {
    for (const [at, { caller }] of judge.scene.candidates.entries()) {
      if (caller.kind === 'service') continue
      for (const of of judge.actions(way, at, 'somehow').values()) served = or(served, of)
      const { truth, hit } = judge.reach(way, at, 'somehow')
      if (truth === YES && hit) return { served: YES, hit, missing: [] }
    }
  }
  return { served, missing: served === UNKNOWN ? doubt(judge, ways) : [] }
}

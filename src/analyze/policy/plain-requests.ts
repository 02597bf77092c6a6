/**
 * Whether a bucket or file system answers requests that were not encrypted on the way.
 * @see S3 User Guide, "Enforce encryption of data in transit"; EFS User Guide, "Using IAM to control access to file systems"
 */
import type { Json, Missing } from '../../snapshot/model.ts'
import type { Told } from '../told.ts'
import { requestLine, witnessOf } from './evidence.ts'
import { asTold, doubt } from './fact-audience.ts'
import type { PolicyInput, Surroundings } from './input.ts'
import { judgeOf } from './judge.ts'
import type { Hit } from './reach.ts'
import { sceneOf } from './scene.ts'
import { NO, not, or, type Truth, UNKNOWN, YES } from './truth.ts'

const PROBE = 'plain HTTP'

/** What goes over the wire. */
const ASKED: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 's3:*',
  'AWS::EFS::FileSystem': 'elasticfilesystem:Client*',
}

/** An identity that may do anything, unencrypted: only what the policy and control policies deny is left to stop it. */
function probed(input: PolicyInput): PolicyInput {
  const { bucket: _, ...rest } = input
  const document = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: PROBE,
        Effect: 'Allow',
        Principal: '*',
        Action: ASKED[input.type] ?? '*',
        Resource: [input.arn, `${input.arn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  }
  return { ...rest, policies: [...input.policies, { name: 'Policy', document }], accessPoints: [] }
}

interface PlainRequests {
  readonly served: Truth
  /** One that is served. */
  readonly hit?: Hit
  readonly missing: readonly Missing[]
}

/** AWS services ask over TLS whatever a policy says, so that they are no reason to blame one that spares them. */
function plainRequests(input: PolicyInput, surroundings: Surroundings): PlainRequests {
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

export function plainMembers(
  input: PolicyInput,
  surroundings: Surroundings,
): Readonly<Record<'tlsOnly' | 'plainRequest', () => Told<Json>>> {
  let plain: PlainRequests | undefined
  const probe = (): PlainRequests => {
    plain ??= plainRequests(input, surroundings)
    return plain
  }
  const request = (): string => {
    const { hit } = probe()
    const witness = hit && witnessOf(hit)
    return witness ? requestLine(witness) : ''
  }
  return {
    tlsOnly: () => asTold(not(probe().served), () => probe().missing),
    plainRequest: () => ({ value: request() }),
  }
}

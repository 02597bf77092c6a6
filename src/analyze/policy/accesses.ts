/** Every resource of a snapshot that has a policy of its own or is shared by a list, with what stands on it. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Resource } from '../../snapshot/model.ts'
import { readUnread } from '../unread.ts'
import { accessOf } from './access.ts'
import type { AccessAnswer, AccessRequest } from './answer.ts'
import { inputOf, POLICY_TYPES } from './gather.ts'
import { SHARED_TYPES } from './gather-shared.ts'
import type { PolicyInput, Surroundings } from './input.ts'
import { deciderOf, type RequestAnswer } from './requests.ts'
import { readSurroundings, type SurroundingsOptions } from './surroundings.ts'

export const ACCESS_TYPES: readonly string[] = [
  'AWS::S3::Bucket',
  'AWS::S3::AccessPoint',
  ...POLICY_TYPES,
  ...SHARED_TYPES,
].sort()

export interface Accesses {
  /** The resource's input; undefined for a type without a policy. */
  input(resource: Resource): PolicyInput | undefined
  surroundings(account: string): Surroundings
  /** Undefined for a type without a policy. */
  answer(resource: Resource): AccessAnswer | undefined
  /** Undefined where the snapshot holds no resource that the request is for. */
  decide(request: AccessRequest): RequestAnswer | undefined
}

/** The keys under which a request's resource is looked for: itself, and what it may lie under. */
function* above(arn: string): Generator<string> {
  yield arn
  for (let at = arn.length - 1; at > 0; at--) {
    if (arn[at] === '/' || arn[at] === ':') yield arn.slice(0, at)
  }
}

/** A Region's resource policies for log groups are one: what one of them allows is allowed. */
function withSiblings(input: PolicyInput, inputs: readonly PolicyInput[]): PolicyInput {
  if (input.type !== 'AWS::Logs::ResourcePolicy') return input
  const siblings = inputs.filter(
    (one) => one.type === input.type && one.account === input.account && one.region === input.region,
  )
  return { ...input, policies: siblings.flatMap((one) => one.policies) }
}

export function readAccesses(index: SnapshotIndex, options: SurroundingsOptions): Accesses {
  const unread = readUnread(index)
  const sources = { index, unread }
  const surroundings = readSurroundings(index, unread, options)
  const input = (resource: Resource): PolicyInput | undefined => inputOf(resource, sources)
  let deciders: Map<string, (request: AccessRequest) => RequestAnswer> | undefined
  const prepare = (): Map<string, (request: AccessRequest) => RequestAnswer> => {
    const made = new Map<string, (request: AccessRequest) => RequestAnswer>()
    const inputs = ACCESS_TYPES.flatMap((type) => index.ofType(type)).flatMap(
      (resource) => input(resource) ?? [],
    )
    for (const one of inputs) {
      let decider: ((request: AccessRequest) => RequestAnswer) | undefined
      const decide = (request: AccessRequest): RequestAnswer => {
        decider ??= deciderOf(withSiblings(one, inputs), surroundings(one.account))
        return decider(request)
      }
      for (const key of keysOf(one)) if (!made.has(key)) made.set(key, decide)
    }
    return made
  }
  return {
    input,
    surroundings,
    answer: (resource) => {
      const found = input(resource)
      return found && accessOf(found, surroundings(resource.account))
    },
    decide: (request) => {
      deciders ??= prepare()
      for (const key of above(request.resource)) {
        const found = deciders.get(key)
        if (found) return found(request)
      }
      return undefined
    },
  }
}

/** The ARNs by which requests name the resource. */
function keysOf({ id, arn, type, account, region, accessPoints }: PolicyInput): string[] {
  const partition = arn.split(':')[1] ?? 'aws'
  if (type === 'AWS::Logs::ResourcePolicy')
    return [id, `arn:${partition}:logs:${region}:${account}:log-group`]
  // An access point is answered for by its bucket, which knows both policies.
  if (type === 'AWS::S3::AccessPoint') return []
  return [id, arn, ...accessPoints.map((point) => point.arn)]
}

/** Every answer, in the snapshot's order. */
export function accessAnswers(index: SnapshotIndex, options: SurroundingsOptions): AccessAnswer[] {
  const accesses = readAccesses(index, options)
  const types = new Set(ACCESS_TYPES)
  return index.snapshot.resources
    .filter((resource) => types.has(resource.type))
    .flatMap((resource) => accesses.answer(resource) ?? [])
}

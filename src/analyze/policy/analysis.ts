/** Who can really get at a resource, as facts for rules. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Resource } from '../../snapshot/model.ts'
import type { Analysis, AnalysisOptions, Fact } from '../analysis.ts'
import { keys } from '../keys/keys.ts'
import { toldFact } from '../told.ts'
import { readAccesses } from './accesses.ts'
import { bucketMembers } from './fact-bucket.ts'
import { dutyMembers, type KeyNeighbours, keyMembers, type Neighbour, neighbourOf } from './fact-kms.ts'
import { SHAPES, STRUCTS } from './fact-shapes.ts'
import { type Decided, decide, endpointMembers, type Members } from './facts.ts'
import { isUnshared } from './gather-shared.ts'
import type { PolicyInput, Surroundings } from './input.ts'
import { OPERATIONS, operationsFor } from './operations.ts'
import { plainMembers } from './plain-requests.ts'

const lazily = (members: Members) =>
  Object.fromEntries(Object.entries(members).map(([name, told]) => [name, () => told] as const))

const NOTHING: Fact = { known: {} }

function prepare(index: SnapshotIndex, options: AnalysisOptions): (resource: Resource) => Fact {
  const accesses = readAccesses(index, options)
  const usersOf = keys.prepare(index, options)
  const neighbours = new Map<Resource, Neighbour | undefined>()
  const unshared = new Map<string, Decided>()
  const decideOn = (resource: Resource, input: PolicyInput): Decided =>
    decide(input, accesses.surroundings(resource.account), (about, answer) =>
      resource.type === 'AWS::KMS::Key' ? dutyMembers(about, answer, index) : {},
    )
  /** Most snapshots and images are shared with nobody: that is decided once. */
  const once = (resource: Resource, input: PolicyInput): Decided => {
    const key = `${input.type}|${input.account}`
    const made = unshared.get(key) ?? decideOn(resource, input)
    unshared.set(key, made)
    return made
  }
  const decidedOf = (resource: Resource, input = accesses.input(resource)): Decided | undefined => {
    const decided = input && (isUnshared(input) ? once(resource, input) : decideOn(resource, input))
    neighbours.set(resource, decided && neighbourOf(decided))
    return decided
  }
  const near: KeyNeighbours = {
    index,
    neighbour: (resource) => {
      if (!neighbours.has(resource)) decidedOf(resource)
      return neighbours.get(resource)
    },
    usedBy: usersOf,
    members: (account) => accesses.surroundings(account).organization.accounts,
  }
  const further = (
    resource: Resource,
    input: PolicyInput,
    surroundings: Surroundings,
    of: Decided,
  ): Parameters<typeof toldFact>[0] => {
    switch (resource.type) {
      case 'AWS::S3::Bucket':
        return bucketMembers(input, surroundings, of.answer)
      case 'AWS::EFS::FileSystem':
        return plainMembers(input, surroundings)
      case 'AWS::KMS::Key':
        return keyMembers(resource, of, near)
      default:
        return {}
    }
  }
  return (resource) => {
    const input = accesses.input(resource)
    if (!input) return NOTHING
    const surroundings = accesses.surroundings(resource.account)
    if (resource.type === 'AWS::EC2::VPCEndpoint')
      return toldFact(lazily(endpointMembers(input, surroundings)))
    const of = decidedOf(resource, input)
    if (!of) return NOTHING
    return toldFact({ ...lazily(of.members), ...further(resource, input, surroundings, of) })
  }
}

/**
 * Who gets in by what stands on a resource itself, decided and not matched: docs/facts.md lists every member, docs/access.md
 * says what the exposures mean. What the snapshot does not tell is unseen, with the call that would.
 */
export const access: Analysis = {
  name: 'access',
  shapes: SHAPES,
  structs: STRUCTS,
  operations: OPERATIONS,
  operationsFor,
  prepare,
}

/** For each class of callers: can some request of it be allowed? */
import type { AccessRequest, ClassAnswer, ClassName } from './answer.ts'
import type { Candidate } from './callers.ts'
import { closedBy, missingOf, witnessOf } from './evidence.ts'
import type { Surroundings } from './input.ts'
import { isOutsider, type Judge } from './judge.ts'
import { NO, type Truth, UNKNOWN, YES } from './truth.ts'

interface Class {
  readonly name: ClassName
  readonly who: string | undefined
  /** Indexes of the scene's candidates. */
  readonly members: number[]
}

const ORDER: readonly ClassName[] = [
  'anonymous',
  'any-principal',
  'organization',
  'trusted-account',
  'account',
  'federated',
  'service',
  'own-account',
]

/** The classes that a candidate is of, and of some whom each is about. */
function namesOf(
  { caller, audience, label, named }: Candidate,
  { organization, trustedAccounts }: Surroundings,
): readonly (readonly [ClassName, string?])[] {
  if (caller.kind === 'anonymous') return [['anonymous']]
  if (isOutsider({ audience })) return caller.kind === 'principal' ? [['any-principal']] : []
  if (audience === 'own') return [['own-account']]
  if (audience === 'member') return [['organization']]
  if (audience === 'federated' || audience === 'service') return named === true ? [[audience, label]] : []
  if (audience !== 'account') return []
  const isMember =
    organization.accounts.has(label) || (caller.org !== undefined && caller.org === organization.id)
  if (trustedAccounts.includes(label))
    return isMember ? [['organization'], ['trusted-account', label]] : [['trusted-account', label]]
  return isMember ? [['organization']] : [['account', label]]
}

/** A class that has no caller here (no anonymous request for a key) is not there. */
function classesOf({ scene }: Judge): Class[] {
  const { candidates, surroundings } = scene
  const found = new Map<ClassName, Map<string | undefined, Class>>()
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at]
    for (const [name, who] of candidate ? namesOf(candidate, surroundings) : []) {
      const alike = found.get(name) ?? new Map<string | undefined, Class>()
      found.set(name, alike)
      const members = alike.get(who)?.members
      if (members) members.push(at)
      else alike.set(who, { name, who, members: [at] })
    }
  }
  return ORDER.flatMap((name) => [...(found.get(name)?.values() ?? [])])
}

interface Outcome {
  readonly truth: Truth
  readonly ways: readonly number[]
  readonly witness?: AccessRequest
}

const NOBODY: Outcome = { truth: NO, ways: [] }

function outcomeOf(judge: Judge, members: readonly number[]): Outcome {
  let truth: Truth = NO
  let witness: AccessRequest | undefined
  const ways: number[] = []
  const doubtful: number[] = []
  for (const way of judge.ways.keys()) {
    for (const at of members) {
      if (!judge.isMeant(way, at)) continue
      const found = judge.reach(way, at, 'somehow')
      if (found.truth === NO) continue
      if (found.truth === YES) ways.push(way)
      else doubtful.push(way)
      if (truth !== YES) {
        truth = found.truth
        witness = found.hit && witnessOf(found.hit)
      }
      if (found.truth === YES) break
    }
  }
  if (truth === NO) return NOBODY
  const found = [...new Set(truth === YES ? ways : doubtful)]
  return witness === undefined ? { truth, ways: found } : { truth, ways: found, witness }
}

const ANSWERS: Readonly<Record<Truth, ClassAnswer['answer']>> = { 0: 'no', 1: 'yes', 2: 'unknown' }

/** One for all: most classes have nothing to say, and there are many. */
const NONE: readonly never[] = []

function answerOf(judge: Judge, { name, who, members }: Class): ClassAnswer {
  const { truth, ways, witness } = outcomeOf(judge, members)
  const { rules } = judge.scene
  const statements = new Set<string>()
  for (const way of ways) {
    for (const at of judge.ways[way]?.rules ?? []) {
      const label = rules[at]?.label
      if (label !== undefined) statements.add(label)
    }
  }
  return {
    class: name,
    who,
    answer: ANSWERS[truth],
    statements: statements.size === 0 ? NONE : [...statements],
    witness: truth === YES ? witness : undefined,
    blockedBy: truth === NO ? closers(judge, members) : NONE,
    missing: truth === UNKNOWN ? ways.flatMap((way) => missingOf(judge, way)) : NONE,
  }
}

function closers(judge: Judge, members: readonly number[]): readonly string[] {
  const found = new Set<string>()
  for (const way of judge.ways.keys()) {
    for (const member of members) {
      if (!judge.isMeant(way, member)) continue
      const labels = closedBy(judge, way, member)
      for (const label of labels) found.add(label)
      if (labels.length > 0) break
    }
  }
  return found.size === 0 ? NONE : [...found]
}

export function classAnswers(judge: Judge): ClassAnswer[] {
  return classesOf(judge).map((one) => answerOf(judge, one))
}

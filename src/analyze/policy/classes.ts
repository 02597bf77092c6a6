/** For each class of callers: can some request of it be allowed? */
import type { AccessRequest, ClassAnswer, ClassName } from './answer.ts'
import type { Candidate } from './callers.ts'
import { closedBy, missingOf, witnessOf } from './evidence.ts'
import { isOutsider, type Judge } from './judge.ts'
import { NO, type Truth, UNKNOWN, YES } from './truth.ts'

interface Class {
  readonly name: ClassName
  readonly who?: string
  /** Indexes of the scene's candidates. */
  readonly members: readonly number[]
}

function classesOf({ scene }: Judge): Class[] {
  const { candidates, surroundings } = scene
  const { organization, trustedAccounts } = surroundings
  const where = (test: (candidate: Candidate) => boolean): number[] =>
    candidates.flatMap((candidate, at) => (test(candidate) ? [at] : []))
  const each = (name: ClassName, test: (candidate: Candidate) => boolean): Class[] => {
    const labels = new Set(candidates.filter(test).map(({ label }) => label))
    return [...labels].map((who) => ({ name, who, members: where((one) => test(one) && one.label === who) }))
  }
  const isMember = ({ audience, label, caller }: Candidate): boolean =>
    audience === 'member' ||
    (audience === 'account' &&
      (organization.accounts.has(label) === true ||
        (caller.org !== undefined && caller.org === organization.id)))
  const isTrusted = ({ audience, label }: Candidate): boolean =>
    audience === 'account' && trustedAccounts.includes(label)
  return [
    { name: 'anonymous', members: where(({ caller }) => caller.kind === 'anonymous') },
    { name: 'any-principal', members: where((one) => isOutsider(one) && one.caller.kind === 'principal') },
    { name: 'organization', members: where(isMember) },
    ...each('trusted-account', isTrusted),
    ...each('account', (one) => one.audience === 'account' && !isTrusted(one) && !isMember(one)),
    ...each('federated', ({ audience, named }) => audience === 'federated' && named === true),
    ...each('service', ({ audience, named }) => audience === 'service' && named === true),
    { name: 'own-account', members: where(({ audience }) => audience === 'own') },
  ]
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
  const statements = ways.flatMap(
    (way) => judge.ways[way]?.rules.flatMap((at) => rules[at]?.label ?? []) ?? [],
  )
  const closing = truth === NO ? closers(judge, members) : NONE
  return {
    class: name,
    ...(who === undefined ? {} : { who }),
    answer: ANSWERS[truth],
    statements: statements.length === 0 ? NONE : [...new Set(statements)],
    ...(truth === YES && witness ? { witness } : {}),
    blockedBy: closing,
    missing: truth === UNKNOWN ? ways.flatMap((way) => missingOf(judge, way)) : NONE,
  }
}

function closers(judge: Judge, members: readonly number[]): readonly string[] {
  const found = new Set<string>()
  for (const way of judge.ways.keys()) {
    for (const member of members) {
      const labels = closedBy(judge, way, member)
      for (const label of labels) found.add(label)
      if (labels.length > 0) break
    }
  }
  return found.size === 0 ? NONE : [...found]
}

/** A class that has no caller here (no anonymous request for a key) is not asked about. */
export function classAnswers(judge: Judge): ClassAnswer[] {
  return classesOf(judge)
    .filter(({ members }) => members.length > 0)
    .map((one) => answerOf(judge, one))
}

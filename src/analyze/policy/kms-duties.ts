/**
 * Who administers a key, who uses it, and what is left to the account's own IAM.
 * [KMS Developer Guide, "Default key policy", "Key administrators", "Key users"]
 */
import { actionsOf } from './actions.ts'
import type { KmsAccess } from './answer.ts'
import type { Candidate } from './callers.ts'
import { isUnread } from './input.ts'
import type { Judge } from './judge.ts'
import { grantRules } from './kms.ts'
import type { Principals } from './principal.ts'
import { find, type Query } from './search.ts'
import { NO } from './truth.ts'
import { boxesOf, type World } from './world.ts'

interface Duties {
  readonly admin: boolean
  readonly use: boolean
}

const GRANT_FOR_SERVICES = 'kms:grantisforawsresource'

/** To make grants for whom one likes is administration; to make them for an AWS resource is use. */
function onlyForOthers(world: World): Query['limit'] {
  const at = world.index.get(GRANT_FOR_SERVICES)
  if (at === undefined) return undefined
  const { atoms = [] } = world.dimensions[at] ?? {}
  const isOther = (atom: number): boolean => atoms[atom]?.label !== 'true'
  return (dimension) => (dimension === at ? isOther : undefined)
}

function dutiesBy(judge: Judge, way: number, at: number): Duties {
  let admin = false
  let use = false
  const rules = judge.ways[way]?.rules ?? []
  for (const { world, at: candidate } of judge.scene.seats(at)) {
    const allows = boxesOf(world, rules)
    for (const [action, { action: first, names }] of world.actions.entries()) {
      const grants = names.includes('kms:CreateGrant')
      if (first.kind === 'describe' || (first.kind === 'grant' && !grants)) continue
      const limit = first.kind === 'grant' ? onlyForOthers(world) : undefined
      const can = world.paths.some((path) => {
        const query: Query = { allows, denies: world.denies, candidate, action, path, limit }
        return find(world, query).truth !== NO
      })
      if (can && first.kind === 'use') use = true
      else if (can) admin = true
    }
  }
  return { admin, use }
}

const both = (a: Duties, b: Duties): Duties => ({ admin: a.admin || b.admin, use: a.use || b.use })
const NONE: Duties = { admin: false, use: false }

/** Each principal that a statement names, as the policy writes it, and the callers that it stands for. */
function namesIn(judge: Judge, principals: Principals): Map<string, number[]> {
  const { candidates, input } = judge.scene
  const where = (test: (candidate: Candidate) => boolean): number[] =>
    candidates.flatMap((candidate, at) => (test(candidate) ? [at] : []))
  const found = new Map<string, number[]>()
  for (const arn of principals.arns) {
    const is = ({ caller }: Candidate): boolean => caller.sessionArn === arn || caller.arn === arn
    found.set(arn, where(is))
  }
  for (const account of principals.accounts) {
    if (account === input.account) continue
    const root = `arn:${input.arn.split(':')[1] ?? 'aws'}:iam::${account}:root`
    found.set(
      root,
      where(({ audience, label }) => audience === 'account' && label === account),
    )
  }
  return found
}

/** What each statement of the policy gives to whom it names. */
function named(judge: Judge): Map<string, Duties> {
  const found = new Map<string, Duties>()
  for (const [way, { rules }] of judge.ways.entries()) {
    const rule = judge.scene.rules[rules[0] ?? -1]
    const { principals, notPrincipal } = rule?.statement ?? {}
    if (rule?.place !== 'policy' || !principals || notPrincipal) continue
    for (const [name, candidates] of namesIn(judge, principals)) {
      const duties = candidates.map((at) => dutiesBy(judge, way, at)).reduce(both, NONE)
      found.set(name, both(found.get(name) ?? NONE, duties))
    }
  }
  return found
}

/** What any principal of the own account may do whom nobody names: what the key leaves to IAM. */
function delegated(judge: Judge): Duties {
  let found = NONE
  for (const [at, { audience, caller }] of judge.scene.candidates.entries()) {
    if (audience !== 'own' || caller.arn?.endsWith(':role/any') !== true) continue
    for (const [way, { rules }] of judge.ways.entries()) {
      const place = judge.scene.rules[rules[0] ?? -1]?.place
      if (place === 'policy') found = both(found, dutiesBy(judge, way, at))
    }
  }
  return found
}

const USE = new Set(actionsOf('AWS::KMS::Key').flatMap(({ kind, lower }) => (kind === 'use' ? [lower] : [])))

function grantUsers(judge: Judge): string[] {
  const { grants } = judge.scene.input
  if (grants === undefined || isUnread(grants)) return []
  const using = grantRules(grants).filter((grant) =>
    grant.operations.some((operation) => USE.has(`kms:${operation}`.toLowerCase())),
  )
  return [...new Set(using.map((grant) => grant.grantee))].sort()
}

/** @returns undefined where the policy could not be read: then nothing of it can be told */
export function kmsAccess(judge: Judge): KmsAccess | undefined {
  if (judge.scene.input.policies.some(({ document }) => isUnread(document))) return undefined
  const duties = [...named(judge)].sort(([a], [b]) => (a < b ? -1 : 1))
  const those = (test: (of: Duties) => boolean): string[] =>
    duties.filter(([, of]) => test(of)).map(([name]) => name)
  return {
    admins: those((of) => of.admin),
    users: those((of) => of.use),
    adminAndUser: those((of) => of.admin && of.use),
    accountDelegation: delegated(judge),
    grantUsers: grantUsers(judge),
  }
}

/** What rules ask of keys: who can still manage one, whether its replicas agree, whether it opens to more than its data. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Json, Missing, Resource } from '../../snapshot/model.ts'
import type { Fact } from '../analysis.ts'
import type { Told } from '../told.ts'
import { distinctMissing } from '../unread.ts'
import type { Judged } from './access.ts'
import type { AccessAnswer } from './answer.ts'
import { doubt, unreadWays } from './fact-audience.ts'
import type { Decided, Members } from './facts.ts'
import { isUnread } from './input.ts'
import { list, object, text, texts } from './json.ts'
import type { Judge } from './judge.ts'
import { NO } from './truth.ts'

const PUT = 'kms:PutKeyPolicy'
const GET_KEY_POLICY: Missing = {
  operation: 'kms:GetKeyPolicy',
  outcome: 'not-collected',
  permission: 'kms:GetKeyPolicy',
}

/** Principals of the own account that only IAM knows to be there or gone. */
const typeOf = (arn: string): string =>
  arn.includes(':user/') ? 'AWS::IAM::User' : arn.includes(':role/') ? 'AWS::IAM::Role' : ''

/** The callers that may put the key's policy: principals whom a statement names, `account` for all others. */
function writers(judge: Judge, account: string): ReadonlySet<string> {
  const found = new Set<string>()
  const named = new Set(judge.scene.rules.flatMap(({ statement }) => [...(statement.principals?.arns ?? [])]))
  for (const way of judge.ways.keys()) {
    for (const [at, { caller, audience }] of judge.scene.candidates.entries()) {
      if (audience === 'service' || (judge.actions(way, at, 'somehow').get(PUT) ?? NO) === NO) continue
      const arn = caller.arn ?? ''
      found.add(named.has(arn) && arn.split(':')[4] === account ? arn : 'account')
    }
  }
  return found
}

/**
 * Whether somebody can still manage a key: the own account, another that the policy names, or a principal that is there.
 * [KMS Developer Guide, "Changing a key policy": a key that nobody can manage is AWS Support's to give back]
 */
function manageable({ judge }: Judged, index: SnapshotIndex): Told<boolean> {
  const { account } = judge.scene.input
  const unread = unreadWays(judge)
  if (unread.length > 0) return { missing: doubt(judge, unread) }
  const who = writers(judge, account)
  if (who.has('account')) return { value: true }
  const missing: Missing[] = []
  for (const arn of who) {
    if (index.byId(arn)) return { value: true }
    missing.push(...index.list(typeOf(arn), account, 'global').missing)
  }
  return missing.length > 0 ? { missing: distinctMissing(missing) } : { value: false }
}

/** The other keys of a multi-Region key that the snapshot holds, and what hides some. */
function replicasOf(
  key: Resource,
  index: SnapshotIndex,
): { readonly keys: readonly Resource[]; readonly missing: readonly Missing[] } {
  const { MultiRegionConfiguration } = object(key.config['KeyMetadata'])
  const { PrimaryKey, ReplicaKeys } = object(MultiRegionConfiguration)
  const arns = [object(PrimaryKey), ...list(ReplicaKeys).map(object)].map((one) => text(one['Arn']))
  const others = arns.filter((arn) => arn !== '' && arn !== key.id)
  const keys = others.flatMap((arn) => index.byId(arn) ?? [])
  const missing = others
    .filter((arn) => !index.byId(arn))
    .flatMap((arn) => index.list(key.type, key.account, arn.split(':')[3] ?? '').missing)
  return { keys, missing: distinctMissing(missing) }
}

/** Who administers and uses a key, whatever else is unknown of it. */
export function dutyMembers(about: Judged, { kms, missing }: AccessAnswer, index: SnapshotIndex): Members {
  const { grants } = about.judge.scene.input
  const unread = (): readonly Missing[] => (missing.length > 0 ? missing : [GET_KEY_POLICY])
  const of = <T extends Json>(value: T | undefined): Told<T> =>
    value === undefined ? { missing: unread() } : { value }
  return {
    admins: of(kms?.admins),
    users: of(kms?.users),
    adminAndUser: of(kms?.adminAndUser),
    accountAdmin: of(kms?.accountDelegation.admin),
    accountUse: of(kms?.accountDelegation.use),
    grantUsers: isUnread(grants) ? { missing: grants.unread } : of(kms?.grantUsers),
    manageable: manageable(about, index),
  }
}

/** What a key is held against of another resource's decision: all that is kept of it once its own rules are done. */
export interface Neighbour {
  /** Its ARN. */
  readonly resource: string
  readonly everybody: boolean
  readonly byOrganization: boolean
  readonly accounts: readonly string[]
  /** Why there may be more that get in. */
  readonly unread: readonly Missing[]
  /** What two keys have to have alike. */
  readonly audience: string
}

export function neighbourOf(of: Decided): Neighbour {
  const { answer, accounts, members } = of
  const { complete } = members
  return {
    resource: answer.resource,
    everybody: answer.public === true,
    byOrganization: answer.orgs.length > 0,
    accounts,
    unread: complete && 'missing' in complete ? complete.missing : [],
    audience: answer.type === 'AWS::KMS::Key' ? audienceOf(of) : '',
  }
}

export interface KeyNeighbours {
  readonly index: SnapshotIndex
  readonly neighbour: (resource: Resource) => Neighbour | undefined
  /** The facts of `keys`. */
  readonly usedBy: (key: Resource) => Fact
  /** The organization's accounts, as far as one of them knows. */
  readonly members: (account: string) => ReadonlyMap<string, unknown>
}

function audienceOf({ members, answer }: Decided): string {
  const who = ['everyone', 'strangers', 'trusted', 'organization', 'services'].map((name) => {
    const rows = members[name]
    return list(rows && 'value' in rows ? rows.value : undefined).map((row) => text(object(row)['who']))
  })
  return JSON.stringify([answer.exposure, who])
}

function driftsFrom(key: Resource, own: Neighbour, near: KeyNeighbours): Told<readonly string[]> {
  const replicas = replicasOf(key, near.index)
  const others = replicas.keys.flatMap((replica) => near.neighbour(replica) ?? [])
  if (others.length === 0 && replicas.missing.length === 0) return { value: [] }
  const whole = own.unread.length === 0 ? others.filter(({ unread }) => unread.length === 0) : []
  const differ = whole.filter(({ audience }) => audience !== own.audience).map(({ resource }) => resource)
  if (differ.length > 0) return { value: differ }
  const missing = distinctMissing([
    ...own.unread,
    ...others.flatMap(({ unread }) => unread),
    ...replicas.missing,
  ])
  return missing.length > 0 ? { missing } : { value: [] }
}

/** What the key encrypts that has a policy or a sharing list of its own. */
function dataOf(key: Resource, { index, neighbour, usedBy }: KeyNeighbours): Neighbour[] {
  const ids = texts(usedBy(key).known['usedBy'])
  return ids.flatMap((id) => index.byId(id) ?? []).flatMap((resource) => neighbour(resource) ?? [])
}

function beyondData(key: Resource, own: Neighbour, near: KeyNeighbours): Told<readonly string[]> {
  const data = dataOf(key, near)
  const open = new Set(data.flatMap((one) => one.accounts))
  const everybody = data.some((one) => one.everybody)
  const members = near.members(key.account)
  const byOrganization = data.some((one) => one.byOrganization)
  const beyond = own.accounts.filter(
    (account) => !everybody && !open.has(account) && !(byOrganization && members.has(account)),
  )
  const unread =
    beyond.length > 0 ? [...data.flatMap((one) => one.unread), ...unseenUsers(key, near)] : own.unread
  return unread.length > 0 ? { missing: distinctMissing(unread) } : { value: beyond }
}

const unseenUsers = (key: Resource, { usedBy }: KeyNeighbours): readonly Missing[] =>
  usedBy(key).unseen?.['complete'] ?? []

/** What hangs on other resources too, and so is decided when a rule asks. */
export function keyMembers(
  key: Resource,
  of: Decided,
  near: KeyNeighbours,
): Readonly<Record<string, () => Told<Json>>> {
  const own = neighbourOf(of)
  return {
    driftsFrom: () => driftsFrom(key, own, near),
    data: () => ({ value: dataOf(key, near).map(({ resource }) => resource) }),
    beyondData: () => beyondData(key, own, near),
  }
}

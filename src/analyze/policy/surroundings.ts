/** What a snapshot knows around the resources of an account: its organization, what that denies, who is who. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Json, Missing, Resource } from '../../snapshot/model.ts'
import { distinctMissing, type Operation, type Unread as UnreadFields } from '../unread.ts'
import { documentOf } from './document-of.ts'
import { by } from './gather-sources.ts'
import type { Boundary, Organization, Surroundings } from './input.ts'
import { list, object, text, texts } from './json.ts'

const ORGANIZATION = 'AWS::Organizations::Organization'
const ACCOUNT = 'AWS::Organizations::Account'
const POLICY = 'AWS::Organizations::Policy'

const op = (name: string): Operation => by(`organizations:${name}`)

export interface SurroundingsOptions {
  readonly trustedAccounts: readonly string[]
  /** ISO 8601. */
  readonly now: string
}

/** What kept an operation of an account from being answered; undefined: it was answered. */
function unanswered(index: SnapshotIndex, account: string, api: string): readonly Missing[] | undefined {
  const calls = index.snapshot.manifest.calls.filter(
    (call) => call.account === account && call.operation === api && call.service === 'organizations',
  )
  if (calls.length === 0) return [{ ...op(api), outcome: 'not-collected' }]
  const failed = calls.filter((call) => !['ok', 'not-enabled', 'unsupported'].includes(call.outcome))
  if (failed.length === 0) return undefined
  return failed.map(({ outcome, permission, detail }) => ({
    operation: `organizations:${api}`,
    outcome,
    permission,
    ...(detail === undefined ? {} : { detail }),
  }))
}

interface Known {
  readonly id: string | null | undefined
  readonly management?: string
  readonly unread: readonly Missing[]
}

function organizationOf(index: SnapshotIndex, account: string): Known {
  const own = index.ofType(ORGANIZATION).find((one) => one.account === account)
  const also = index.ofType('AWS::Account').find((one) => one.account === account)?.config['Organization']
  const config = object(own?.config ?? also)
  const id = text(config['Id'])
  const management = text(config['MasterAccountId'])
  if (id !== '') return { id, ...(management === '' ? {} : { management }), unread: [] }
  const unread = unanswered(index, account, 'DescribeOrganization')
  return unread ? { id: undefined, unread } : { id: null, unread: [] }
}

/** `o-…/r-…/ou-…/` of what ListAccounts answers, which ends in the account's id. */
function pathOf(member: Resource): string | undefined {
  const [path] = texts(member.config['Paths'])
  if (path === undefined) return undefined
  const units = path.split('/').filter((part) => part !== '' && !/^\d{12}$/.test(part))
  return `${units.join('/')}/`
}

/** Members that any account of the snapshot could list; the accounts of the snapshot are what they say themselves. */
function membersOf(
  index: SnapshotIndex,
  org: string,
  known: ReadonlyMap<string, Known>,
): Pick<Organization, 'accounts' | 'complete' | 'unread'> {
  const accounts = new Map<string, string | undefined>()
  for (const member of index.ofType(ACCOUNT)) {
    if (!member.id.includes(`/${org}/`)) continue
    const id = text(member.config['Id']) || member.id.slice(member.id.lastIndexOf('/') + 1)
    accounts.set(id, pathOf(member) ?? accounts.get(id))
  }
  const inside = [...known].filter(([, one]) => one.id === org).map(([account]) => account)
  for (const account of inside) if (!accounts.has(account)) accounts.set(account, undefined)
  const unread = inside.map((account) => unanswered(index, account, 'ListAccounts'))
  const complete = unread.includes(undefined)
  return { accounts, complete, unread: complete ? [] : distinctMissing(unread.flatMap((one) => one ?? [])) }
}

/** Whom a control policy bounds, by what it is attached to. */
function bound(
  policy: Resource,
  members: Organization['accounts'],
  unread: UnreadFields,
): Pick<Boundary, 'accounts' | 'certain'>[] {
  if (unread.field(policy, 'Targets', op('ListTargetsForPolicy'))) return [{ certain: false }]
  const accounts = new Set<string>()
  let doubtful = false
  for (const json of list(policy.config['Targets'])) {
    const target = object(json)
    const id = text(target['TargetId'])
    if (text(target['Type']) === 'ROOT') return [{ certain: true }]
    if (text(target['Type']) === 'ACCOUNT') accounts.add(id)
    for (const [member, path] of members) {
      if (path === undefined) doubtful ||= text(target['Type']) === 'ORGANIZATIONAL_UNIT'
      else if (path.split('/').includes(id)) accounts.add(member)
    }
  }
  return [
    ...(accounts.size > 0 ? [{ accounts, certain: true }] : []),
    ...(doubtful ? [{ certain: false }] : []),
  ]
}

function boundaries(
  index: SnapshotIndex,
  type: string,
  org: string,
  members: Organization['accounts'],
  unread: UnreadFields,
): Boundary[] {
  const policies = index
    .ofType(POLICY)
    .filter(
      (one) =>
        text(one.config['Type']) === type && one.config['AwsManaged'] !== true && one.id.includes(`/${org}/`),
    )
  return policies.flatMap((policy) => {
    const missing = unread.field(policy, 'Content', op('DescribePolicy'))
    const document: Json | undefined = documentOf(policy.config['Content'])
    if (missing === undefined && document === undefined) return []
    const label = type === 'SERVICE_CONTROL_POLICY' ? 'SCP' : 'RCP'
    const name = `${label} ${text(policy.config['Name']) || policy.id}`
    return bound(policy, members, unread).map((whom) => ({
      name,
      document: missing ? { unread: [missing] } : (document ?? null),
      ...whom,
    }))
  })
}

function idsOf(index: SnapshotIndex): Map<string, string> {
  const ids = new Map<string, string>()
  for (const role of index.ofType('AWS::IAM::Role')) ids.set(text(role.config['RoleId']), role.account)
  for (const user of index.ofType('AWS::IAM::User')) ids.set(text(user.config['UserId']), user.account)
  ids.delete('')
  return ids
}

/** Each is computed once, when the first resource of the account asks. */
export function readSurroundings(
  index: SnapshotIndex,
  unread: UnreadFields,
  options: SurroundingsOptions,
): (account: string) => Surroundings {
  const accounts = new Set([
    ...index.scopes().map((scope) => scope.account),
    ...index.snapshot.manifest.accounts.map((one) => one.id),
  ])
  const known = new Map([...accounts].map((account) => [account, organizationOf(index, account)]))
  const canonicalIds = new Map<string, string>()
  const buckets = new Map<string, string>()
  for (const bucket of index.ofType('AWS::S3::Bucket')) {
    buckets.set(text(bucket.config['Name']), bucket.account)
    const owner = text(object(object(bucket.config['Acl'])['Owner'])['ID'])
    if (owner !== '') canonicalIds.set(owner, bucket.account)
  }
  const principalIds = idsOf(index)
  const make = (account: string): Surroundings => {
    const own = known.get(account) ?? { id: undefined, unread: [] }
    const members = own.id
      ? membersOf(index, own.id, known)
      : { accounts: new Map(), complete: own.id === null, unread: [] }
    const organization: Organization = {
      ...(own.id === undefined ? {} : { id: own.id }),
      ...(own.management === undefined ? {} : { management: own.management }),
      ...members,
      unread: [...own.unread, ...members.unread],
    }
    const policies = own.id ? unanswered(index, account, 'ListPolicies') : undefined
    const of = (type: string): Boundary[] =>
      own.id ? boundaries(index, type, own.id, members.accounts, unread) : []
    return {
      ...options,
      organization,
      scps: of('SERVICE_CONTROL_POLICY'),
      rcps: of('RESOURCE_CONTROL_POLICY'),
      ...(policies === undefined ? {} : { boundariesUnread: policies }),
      principalIds,
      canonicalIds,
      buckets,
    }
  }
  const made = new Map<string, Surroundings>()
  return (account) => {
    const before = made.get(account)
    if (before) return before
    const now = make(account)
    made.set(account, now)
    return now
  }
}

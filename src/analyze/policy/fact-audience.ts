/** Who gets in, as rows for rules: each audience with its levels of access, its statements and one request. */
import type { JsonObject, Missing } from '../../snapshot/model.ts'
import type { Told } from '../told.ts'
import { distinctMissing } from '../unread.ts'
import type { Judged } from './access.ts'
import { type Action, actionsOf } from './actions.ts'
import type { Grant } from './answer.ts'
import { grantOf, missingOf, requestLine, witnessOf } from './evidence.ts'
import type { Exposure, Finding } from './exposure.ts'
import type { Judge } from './judge.ts'
import { hitFor } from './reach.ts'
import { NO, or, type Truth, UNKNOWN, YES } from './truth.ts'

/** What an action amounts to, the least first. */
export const LEVELS = ['list', 'read', 'describe', 'use', 'write', 'permissions', 'grant', 'admin'] as const
export type Level = (typeof LEVELS)[number]

/** Changes the resource, what it holds, or who gets in. */
const WRITES: ReadonlySet<Level> = new Set(['write', 'permissions', 'grant', 'admin'])

/** To read how a bucket is set up is not to read what it holds. */
const levelOf = ({ kind, on }: Action): Level => (on === 'bucket' && kind === 'read' ? 'describe' : kind)

const levelsByType = new Map<string, ReadonlyMap<string, Level>>()

function levelsFor(type: string): ReadonlyMap<string, Level> {
  const known = levelsByType.get(type)
  if (known) return known
  const made = new Map(actionsOf(type).map((action) => [action.name, levelOf(action)]))
  levelsByType.set(type, made)
  return made
}

/** Actions that people know, to show rather than others of their level. */
const TELLING: ReadonlySet<string> = new Set(
  `s3:GetObject s3:ListBucket s3:PutObject s3:GetBucketPolicy s3:PutBucketPolicy kms:Decrypt kms:PutKeyPolicy
   kms:CreateGrant kms:DescribeKey sqs:ReceiveMessage sqs:SendMessage sns:Publish lambda:InvokeFunction
   lambda:InvokeFunctionUrl secretsmanager:GetSecretValue ecr:BatchGetImage ecr:PutImage es:ESHttpGet es:ESHttpPut
   sts:AssumeRole elasticfilesystem:ClientMount elasticfilesystem:ClientWrite events:PutEvents logs:PutLogEvents
   execute-api:Invoke ses:SendEmail dynamodb:GetItem dynamodb:PutItem codeartifact:ReadFromRepository
   glacier:GetJobOutput`.split(/\s+/),
)

/** What a finding's caller may do, by level, and an action of each that is reached for sure. */
interface Reached {
  readonly truth: ReadonlyMap<Level, Truth>
  readonly sure: ReadonlyMap<Level, string>
}

function reached(judge: Judge, { way, tried }: Finding): Reached {
  const found = { truth: new Map<Level, Truth>(), sure: new Map<Level, string>() }
  if (!tried) return found
  const levels = levelsFor(judge.scene.input.type)
  for (const [name, of] of judge.actions(way, tried.candidate, tried.scope)) {
    const level = levels.get(name)
    if (!level) continue
    found.truth.set(level, or(found.truth.get(level) ?? NO, of))
    if (of === YES && (TELLING.has(name) || !found.sure.has(level))) found.sure.set(level, name)
  }
  return found
}

function requestFor(judge: Judge, { way, tried }: Finding, action: string): string {
  const of = judge.ways[way]
  const hit = of && tried && hitFor(judge.scene, of, tried.candidate, tried.scope, action)
  const request = hit && witnessOf(hit, action)
  return request ? requestLine(request) : ''
}

/** One audience: a member of a list of `facts.access`. */
export interface Audience extends JsonObject {
  readonly who: string
  readonly levels: readonly Level[]
  readonly statements: readonly string[]
  readonly requests: readonly JsonObject[]
  readonly grants: readonly JsonObject[]
}

/** A statement as reports show it, its conditions in one line. */
export const grantRow = ({ conditions, ...grant }: Grant): JsonObject => ({
  ...grant,
  conditions: conditions.join(' and '),
})

interface Draft {
  readonly requests: Map<Level, string>
  readonly ways: Set<number>
}

function audience(judge: Judge, who: string, { requests, ways }: Draft): Audience {
  const levels = LEVELS.filter((level) => requests.has(level))
  const rules = new Set([...ways].flatMap((way) => judge.ways[way]?.rules ?? []))
  const granting = [...rules].flatMap((at) => judge.scene.rules[at] ?? [])
  return {
    who,
    levels,
    statements: granting.map((rule) => rule.label),
    requests: levels.map((level) => ({ level, request: requests.get(level) ?? '' })),
    grants: granting.map((rule) => grantRow(grantOf(rule))),
  }
}

/** The audiences that surely get in, by whom each finding is about. */
export function audiencesOf(judge: Judge, findings: readonly Finding[]): Audience[] {
  const drafts = new Map<string, Draft>()
  for (const finding of findings) {
    const { sure } = reached(judge, finding)
    if (sure.size === 0) continue
    const who = finding.who ?? ''
    const draft = drafts.get(who) ?? { requests: new Map<Level, string>(), ways: new Set<number>() }
    drafts.set(who, draft)
    draft.ways.add(finding.way)
    for (const [level, action] of sure) {
      const known = draft.requests.get(level)
      if (known === undefined) draft.requests.set(level, requestFor(judge, finding, action))
    }
  }
  return [...drafts].map(([who, draft]) => audience(judge, who, draft)).sort((a, b) => order(a.who, b.who))
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const covers = (wide: Audience, narrow: Audience): boolean =>
  narrow.levels.every((level) => wide.levels.includes(level)) &&
  narrow.statements.every((statement) => wide.statements.includes(statement))

/** Where anybody gets in without credentials, that those with credentials do is no news. */
export function everyone(judge: Judge, findings: readonly Finding[]): Audience[] {
  const all = audiencesOf(judge, findings)
  const anonymous = all.find(({ who }) => who === 'anonymous')
  return all.filter((one) => one === anonymous || !anonymous || !covers(anonymous, one))
}

/** The calls that would tell; where none would, a word that says so. */
export function doubt(
  judge: Judge,
  ways: Iterable<number>,
  more: readonly Missing[] = [],
): readonly Missing[] {
  const asked = [...new Set(ways)].filter((way) => way in judge.ways)
  const unread = asked
    .flatMap((way) => judge.ways[way]?.rules ?? [])
    .flatMap((at) => judge.scene.rules[at]?.missing ?? [])
  const missing = distinctMissing([...asked.flatMap((way) => missingOf(judge, way)), ...unread, ...more])
  return missing.length > 0 ? missing : [untold(judge, asked)]
}

function untold({ scene, ways }: Judge, asked: readonly number[]): Missing {
  const labels = asked.flatMap((way) => ways[way]?.rules ?? []).flatMap((at) => scene.rules[at]?.label ?? [])
  const what = labels.length === 0 ? 'ACLs of single objects' : [...new Set(labels)].join(', ')
  const detail = `${what}: hangs on something that no call tells`
  return { operation: 'access:CONDITION', outcome: 'unsupported', permission: '', detail }
}

const isPublic = ({ exposure }: Finding): boolean => exposure === 'public' || exposure === 'possible-public'

/** Whether everyone may change something, or, without `writes`, see or use it. */
export function publicly({ judge, found, objects }: Judged, writes: boolean): Told<boolean> {
  let answer: Truth = writes ? NO : objects.open
  const doubtful = new Set<number>()
  for (const finding of found.findings.filter(isPublic)) {
    for (const [level, of] of reached(judge, finding).truth) {
      if (WRITES.has(level) !== writes) continue
      answer = or(answer, of)
      if (of === UNKNOWN) doubtful.add(finding.way)
    }
  }
  return answer === UNKNOWN ? { missing: doubt(judge, doubtful) } : { value: answer === YES }
}

/** Ways of which nothing was read but that they are not closed. */
export function unreadWays(judge: Judge): number[] {
  return [...judge.ways.keys()].filter((way) => {
    const rules = judge.ways[way]?.rules ?? []
    const unread = rules.some((at) => judge.scene.rules[at]?.place === 'unread')
    return unread && judge.openBy(way) !== NO
  })
}

/** Accounts and organizations that may be the own organization's, which could not be read. */
export function unplaced({ judge, found }: Judged): ReadonlySet<string> {
  const { organization } = judge.scene.surroundings
  if (organization.id === null || organization.complete) return new Set()
  const accounts = [...found.accounts.values()].filter((one) => !one.member && !one.trusted)
  const orgs = organization.id === undefined ? found.orgs : []
  return new Set([...accounts.map(({ id }) => id), ...orgs])
}

export const ofExposure = (found: Judged['found'], ...exposures: readonly Exposure[]): Finding[] =>
  found.findings.filter((finding) => exposures.includes(finding.exposure))

/** Whether a list of audiences is all there is: what may belong in it and was not read, or can't be decided. */
export function complete(judged: Judged, exposures: readonly Exposure[], strangers: boolean): Told<boolean> {
  const { judge, found } = judged
  const { organization } = judge.scene.surroundings
  const undecided = ofExposure(found, ...exposures).filter((finding) => finding.truth === UNKNOWN)
  const ways = [...undecided.map(({ way }) => way), ...unreadWays(judge)]
  const placing = strangers && unplaced(judged).size > 0
  if (ways.length === 0 && !placing) return { value: true }
  const calls = placing ? organization.unread : []
  return { missing: ways.length === 0 && calls.length > 0 ? calls : doubt(judge, ways, calls) }
}

/** Ways that may be open to everybody: then no service is told apart there. */
function perhapsOpen({ found }: Judged): Finding[] {
  const ways = new Set(ofExposure(found, 'possible-public').map(({ way }) => way))
  return ofExposure(found, 'service').filter(({ way }) => ways.has(way))
}

export function servicesComplete(about: Judged): Told<boolean> {
  const ways = perhapsOpen(about).map(({ way }) => way)
  return ways.length > 0 ? { missing: doubt(about.judge, ways) } : complete(about, ['service'], false)
}

/** A service that gets in, and whether it acts for whoever asks it to. */
export function servicesOf(about: Judged): JsonObject[] {
  const { judge, found } = about
  const perhaps = new Set(perhapsOpen(about))
  const findings = ofExposure(found, 'service').filter((finding) => !perhaps.has(finding))
  return audiencesOf(judge, findings).map((row) => {
    const names = row.who.split(', ')
    const deputy = findings
      .filter((finding) => (finding.who ?? '') === row.who)
      .some(({ way, tried }) => tried && judge.reach(way, tried.candidate, 'anywhere').truth === YES)
    return { ...row, forAnyone: deputy && names.some((name) => found.deputies.has(name)) }
  })
}

export const asTold = (of: Truth, missing: () => readonly Missing[]): Told<boolean> =>
  of === UNKNOWN ? { missing: missing() } : { value: of === YES }

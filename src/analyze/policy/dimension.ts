/**
 * The parts of a request besides its caller and action, each with the finite set of values that the rules can tell
 * apart. Within one part every value is like one of these; parts are independent once caller and path are fixed.
 */
import { cells, format, parseRange, type Range } from './address.ts'
import { FRESH } from './callers.ts'
import { ALNUM, DIGIT, fill, isWild, meet, STAR, written } from './glob.ts'
import type { AccessPointInput, Organization } from './input.ts'
import { keyFacts } from './keys.ts'
import { time } from './operator.ts'
import { accountOf } from './principal.ts'
import type { Bound, BoundCondition } from './rules.ts'

/** One value; `values` has every key of the part (absent ones are absent). */
export interface Atom {
  readonly values: ReadonlyMap<string, readonly string[]>
  /** A stranger can have it of their own. */
  readonly open: boolean
  readonly label: string
  readonly range?: Range
  /** Source and access point atoms: whose. */
  readonly owner?: string
  readonly nameOnly?: boolean
}

export interface Dimension {
  readonly name: string
  readonly atoms: readonly Atom[]
  /** The index of the atom without any of the keys, or -1. */
  readonly absent: number
}

export interface Sources {
  readonly account: string
  readonly organization: Organization | undefined
  readonly buckets: ReadonlySet<string>
  readonly accessPoints: readonly AccessPointInput[]
}

const NOTHING: ReadonlyMap<string, readonly string[]> = new Map()
const ABSENT: Atom = { values: NOTHING, open: true, label: '' }

function keyed(key: string, values: readonly string[], open = true, extra: Partial<Atom> = {}): Atom {
  return { values: new Map([[key, values]]), open, label: values.join(','), ...extra }
}

const literalFamilies = new Set(['string', 'binary'])

/** Texts that tell the patterns of one key apart: each literal, two fillings of each pattern, what two patterns share. */
function texts(conditions: readonly BoundCondition[]): Set<string> {
  const result = new Set<string>()
  const patterns = new Set<string>()
  for (const { operator, values } of conditions) {
    for (const value of values) {
      if (!operator || literalFamilies.has(operator.family) || !isWild(value)) {
        result.add(written(value))
        if (operator?.ignoreCase) result.add(written(value).toLowerCase()).add(written(value).toUpperCase())
      } else patterns.add(value)
    }
  }
  for (const value of patterns) result.add(fill(value, FRESH)).add(fill(value, ''))
  if (patterns.size > 1 && patterns.size <= 8) {
    for (const a of patterns)
      for (const b of patterns) {
        const both = a < b ? meet(a, b, FRESH) : undefined
        if (both !== undefined) result.add(both)
      }
  }
  return result
}

function numbers(conditions: readonly BoundCondition[]): Set<string> {
  const result = new Set<string>()
  for (const { operator, values } of conditions) {
    for (const value of values) {
      if (operator?.family === 'number') {
        const n = Number(value)
        if (Number.isFinite(n))
          result
            .add(String(n - 1))
            .add(value)
            .add(String(n + 1))
      } else if (operator?.family === 'date') {
        const t = time(value)
        if (t !== undefined && Math.abs(t) < 8e15)
          for (const d of [-1000, 0, 1000]) result.add(new Date(t + d).toISOString())
      }
    }
  }
  return result
}

function lists(values: readonly string[]): string[][] {
  const result = values.map((value) => [value])
  if (values.length > 1 && values.length <= 5) {
    for (const a of values) for (const b of values) if (a < b) result.push([a, b])
  }
  if (values.length > 2) result.push([...values])
  return result
}

function freeAtoms(key: string, conditions: readonly BoundCondition[]): Atom[] {
  const facts = keyFacts(key)
  const families = new Set(conditions.map((condition) => condition.operator?.family))
  if (facts?.bool || families.has('bool')) return ['true', 'false'].map((value) => keyed(key, [value]))
  const values = new Set([...texts(conditions), ...numbers(conditions)])
  if (families.has('ip')) {
    const ranges = conditions.flatMap((c) => c.values.flatMap((v) => parseRange(written(v)) ?? []))
    for (const range of cells(ranges)) values.add(format(range.version, range.low))
    for (const range of ranges) values.add(format(range.version, range.low))
  }
  values.add(FRESH)
  const all = [...values]
  const several = facts?.multi || conditions.some((condition) => condition.operator?.set !== undefined)
  return (several ? lists(all) : all.map((value) => [value])).map((value) => keyed(key, value))
}

/** Where wildcards leave an id open, somebody else may be given a fitting one. */
const NETWORK_IDS: ReadonlyMap<string, string> = new Map([
  ['aws:sourcevpc', `vpc-${STAR}`],
  ['aws:sourcevpce', `vpce-${STAR}`],
  ['aws:vpceaccount', DIGIT.repeat(12)],
  ['aws:vpceorgid', `o-${ALNUM.repeat(10)}`],
  ['aws:vpceorgpaths', `o-${STAR}/${STAR}`],
])

function networkAtoms(key: string, conditions: readonly BoundCondition[]): Atom[] {
  const template = NETWORK_IDS.get(key)
  if (template === undefined) return freeAtoms(key, conditions)
  const atoms = new Map<string, Atom>()
  for (const { operator, values } of conditions) {
    for (const value of values) {
      const wild = isWild(value)
      if (wild && operator && literalFamilies.has(operator.family)) continue
      const text = wild ? meet(value, template, FRESH) : value
      if (text === undefined || text === '') continue
      // A path is open only where its organization is.
      const head = key === 'aws:vpceorgpaths' ? (value.split('/')[0] ?? '') : value
      const open = isWild(head)
      if (!atoms.has(text)) atoms.set(text, keyed(key, [text], open, { label: written(value) }))
    }
  }
  const fresh = meet(template, STAR, FRESH) ?? FRESH
  if (!atoms.has(fresh)) atoms.set(fresh, keyed(key, [fresh]))
  return [...atoms.values()]
}

function addressAtoms(conditions: readonly BoundCondition[]): Atom[] {
  const blocks = conditions.flatMap((condition) =>
    condition.values.flatMap((value) => parseRange(written(value)) ?? []),
  )
  return cells(blocks).map((range) =>
    keyed('aws:sourceip', [format(range.version, range.low)], true, { range }),
  )
}

/** A service's call is for a resource of some account: the three keys say the same account. */
function sourceAtoms(conditions: readonly BoundCondition[], sources: Sources): Atom[] {
  const fresh = '777777777770'
  const accounts = new Map<string, boolean>([
    [fresh, true],
    [sources.account, false],
  ])
  const arns: { pattern: string }[] = []
  const orgs = new Set<string>()
  for (const { key, operator, values } of conditions) {
    for (const value of values) {
      const literal = operator !== undefined && literalFamilies.has(operator.family)
      if (literal && isWild(value)) continue
      if (key === 'aws:sourceaccount') {
        const account = meet(value, DIGIT.repeat(12), FRESH)
        if (account !== undefined && !accounts.has(account)) accounts.set(account, isWild(value))
      } else if (key === 'aws:sourceorgid' || key === 'aws:sourceorgpaths') {
        const id = meet(value.split('/')[0] ?? '', `o-${ALNUM.repeat(10)}`, '')
        if (id !== undefined) orgs.add(id)
      } else {
        arns.push({ pattern: value })
        const account = accountOf(value)
        if (account !== undefined && !accounts.has(account)) accounts.set(account, false)
      }
    }
  }
  const atoms: Atom[] = []
  const { organization } = sources
  const push = (
    account: string,
    arn: string,
    open: boolean,
    org: string | undefined,
    nameOnly = false,
  ): void => {
    const values = new Map([
      ['aws:sourceaccount', [account]],
      ['aws:sourcearn', [arn]],
    ])
    if (org !== undefined)
      values.set('aws:sourceorgid', [org]).set('aws:sourceorgpaths', pathsIn(org, conditions))
    atoms.push({
      values,
      open,
      label: account,
      owner: open && org !== undefined && !nameOnly ? org : account,
      nameOnly,
    })
  }
  const own = organization?.id ?? undefined
  const orgOf = (account: string): string | undefined =>
    account === sources.account || organization?.accounts?.includes(account) ? own : undefined
  for (const [account, open] of accounts) {
    for (const arn of sourceArns(account, arns, sources, open))
      push(account, arn.text, open && !arn.nameOnly, orgOf(account), arn.nameOnly)
  }
  for (const org of orgs)
    for (const arn of sourceArns(fresh, arns, sources, true)) {
      if (!arn.nameOnly) atoms.push(orgSource(fresh, arn.text, org, conditions))
    }
  return atoms
}

function pathsIn(org: string, conditions: readonly BoundCondition[]): string[] {
  for (const { key, values } of conditions) {
    if (key !== 'aws:sourceorgpaths') continue
    for (const value of values) {
      const path = meet(value, `${org}/${STAR}`, FRESH)
      if (path !== undefined) return [path]
    }
  }
  return [`${org}/r-${FRESH}/`]
}

function orgSource(account: string, arn: string, org: string, conditions: readonly BoundCondition[]): Atom {
  const values = new Map([
    ['aws:sourceaccount', [account]],
    ['aws:sourcearn', [arn]],
    ['aws:sourceorgid', [org]],
    ['aws:sourceorgpaths', pathsIn(org, conditions)],
  ])
  return { values, open: false, label: org, owner: org }
}

function sourceArns(
  account: string,
  patterns: readonly { pattern: string }[],
  sources: Sources,
  stranger: boolean,
): { text: string; nameOnly: boolean }[] {
  const result = [{ text: `arn:aws:${FRESH}:us-east-1:${account}:${FRESH}`, nameOnly: false }]
  for (const { pattern: value } of patterns) {
    const owned =
      meet(value, `arn:aws:${STAR}:${STAR}:${account}:${STAR}`, FRESH) ??
      meet(value, `arn:${STAR}:${STAR}:${STAR}:${account}:${STAR}`, FRESH)
    if (owned !== undefined) result.push({ text: owned, nameOnly: false })
    const bucket = meet(value, `arn:aws:s3:::${STAR}`, FRESH)
    if (bucket === undefined) continue
    const name = bucket.slice('arn:aws:s3:::'.length)
    const literalName = !isWild(value.split(':').slice(5).join(':') || STAR)
    if (sources.buckets.has(name) && stranger) continue
    result.push({ text: bucket, nameOnly: stranger && literalName })
  }
  return result
}

function viaAtoms(conditions: readonly BoundCondition[]): Atom[] {
  const direct: Atom = { values: new Map([['aws:viaawsservice', ['false']]]), open: true, label: '' }
  const through = new Set<string>()
  for (const { key, values, operator } of conditions) {
    if (key === 'aws:viaawsservice' || operator?.family === 'null' || operator?.family === 'bool') continue
    for (const value of values) through.add(fill(value, 'us-east-1'))
  }
  through.add(`${FRESH}.us-east-1.amazonaws.com`)
  const via = [...through].map((service): Atom => {
    const called = /^([a-z0-9-]+)\.(?:[a-z0-9-]+\.)?amazonaws\.com$/.exec(service)
    const name = called ? `${called[1]}.amazonaws.com` : service
    const list = conditions.some((c) => c.key.startsWith('aws:calledvia')) ? service : name
    return {
      values: new Map([
        ['aws:viaawsservice', ['true']],
        ['aws:calledvia', [list]],
        ['aws:calledviafirst', [list]],
        ['aws:calledvialast', [list]],
        ['kms:viaservice', [service]],
      ]),
      open: true,
      label: service,
    }
  })
  return [direct, ...via]
}

/** Requests through access points: those that are there, one that could be made in each account, and none. */
function accessPointAtoms(conditions: readonly BoundCondition[], sources: Sources): Atom[] {
  const atoms: Atom[] = [ABSENT]
  const push = (arn: string, account: string, open: boolean, owner: string, origin = 'Internet'): void => {
    const values = new Map([
      ['s3:dataaccesspointarn', [arn]],
      ['s3:dataaccesspointaccount', [account]],
      ['s3:accesspointnetworkorigin', [origin]],
    ])
    atoms.push({ values, open, label: arn, owner })
  }
  for (const [at, point] of sources.accessPoints.entries()) {
    push(point.arn, point.account, false, `accessPoint:${at}`, point.vpc === undefined ? 'Internet' : 'VPC')
  }
  const fresh = '777777777771'
  const accounts = new Map<string, boolean>([
    [fresh, true],
    [sources.account, false],
  ])
  const patterns: string[] = []
  for (const { key, operator, values } of conditions) {
    for (const value of values) {
      if (isWild(value) && operator && literalFamilies.has(operator.family)) continue
      if (key === 's3:dataaccesspointaccount') {
        const account = meet(value, DIGIT.repeat(12), FRESH)
        if (account !== undefined && !accounts.has(account)) accounts.set(account, isWild(value))
      } else if (key === 's3:dataaccesspointarn') {
        patterns.push(value)
        const account = accountOf(value)
        if (account !== undefined && !accounts.has(account)) accounts.set(account, false)
      }
    }
  }
  for (const [account, open] of accounts) {
    const seen = new Set([`arn:aws:s3:us-east-1:${account}:accesspoint/${FRESH}`])
    for (const value of patterns) {
      const arn = meet(value, `arn:aws:s3:${STAR}:${account}:accesspoint/${STAR}`, FRESH)
      if (arn !== undefined) seen.add(arn)
    }
    for (const arn of seen)
      for (const origin of ['Internet', 'VPC']) push(arn, account, open, account, origin)
  }
  return atoms
}

/** Claims of a provider's token, by the provider's name before the colon. */
function tokenAtoms(key: string, conditions: readonly BoundCondition[]): Atom[] {
  return freeAtoms(key, conditions).map((atom) => {
    const value = [...atom.values.values()][0]?.[0] ?? ''
    return { ...atom, open: isStrangersClaim(key, value, conditions) }
  })
}

/**
 * Whether a stranger can hold a token with this claim: the providers write the owner first (`repo:OWNER/…`), so a value
 * is the owner's when the policy fixes it up to there. [IAM User Guide, "Create a role for OpenID Connect federation"]
 */
function isStrangersClaim(key: string, value: string, conditions: readonly BoundCondition[]): boolean {
  if (key.endsWith(':amr')) return value.toLowerCase().includes('unauth')
  if (value.includes('*') || value.includes('?')) return false
  for (const { operator, values } of conditions) {
    for (const wanted of values) {
      const literal = operator && literalFamilies.has(operator.family)
      if (literal || !isWild(wanted)) {
        if (
          written(wanted) === value ||
          (operator?.ignoreCase && written(wanted).toLowerCase() === value.toLowerCase())
        )
          return false
      } else if (value === fill(wanted, FRESH) || value === fill(wanted, '')) {
        return !ownerFixed(key, wanted)
      }
    }
  }
  return true
}

function ownerFixed(key: string, wanted: string): boolean {
  const head = written(wanted).replace(/[*?].*$/s, '')
  if (!key.endsWith(':sub')) return head.length > 8
  return /^[\w.-]+:[^:/]+[/:]/.test(head)
}

export interface Part {
  readonly name: string
  readonly conditions: readonly BoundCondition[]
}

/** Which part of a request a key belongs to; undefined: known to every request alike, or not known at all. */
export function partOf(key: string): string | undefined {
  const facts = keyFacts(key)
  switch (facts?.part) {
    case 'source':
      return 'source'
    case 'via':
      return 'via'
    case 'accessPoint':
      return 'accessPoint'
    case 'free':
    case 'token':
    case 'network':
      return key
    default:
      return undefined
  }
}

/** A service puts the ARN of its own resource into the encryption context: whose it is counts as a source. */
function contextAtoms(key: string, conditions: readonly BoundCondition[]): Atom[] {
  return freeAtoms(key, conditions).map((atom) => {
    const value = [...atom.values.values()][0]?.[0] ?? ''
    return { ...atom, open: accountOf(value) === undefined }
  })
}

export function dimensionOf(part: Part, sources: Sources): Dimension {
  const { name, conditions } = part
  const withAbsent = (atoms: Atom[]): Dimension => ({ name, atoms: [ABSENT, ...atoms], absent: 0 })
  if (name === 'source') return withAbsent(sourceAtoms(conditions, sources))
  if (name === 'via') return { name, atoms: viaAtoms(conditions), absent: -1 }
  if (name === 'accessPoint') return { name, atoms: accessPointAtoms(conditions, sources), absent: 0 }
  if (name === 'aws:sourceip') return withAbsent(addressAtoms(conditions))
  const facts = keyFacts(name)
  if (facts?.part === 'network') return withAbsent(networkAtoms(name, conditions))
  if (facts?.part === 'token') return withAbsent(tokenAtoms(name, conditions))
  if (name.startsWith('kms:encryptioncontext:') || name === 'lambda:eventsourcetoken') {
    return withAbsent(
      name.startsWith('kms:')
        ? contextAtoms(name, conditions)
        : freeAtoms(name, conditions).map((atom) => ({ ...atom, open: atom.label === FRESH })),
    )
  }
  const atoms = freeAtoms(name, conditions)
  return facts?.always ? { name, atoms, absent: -1 } : withAbsent(atoms)
}

/** Resources of a bucket, key … that the rules' patterns can tell apart. */
export function resourceAtoms(
  type: string,
  arn: string,
  rules: readonly Bound[],
): { text: string; on?: 'bucket' | 'object' }[] {
  const patterns = new Set<string>()
  for (const { resources } of rules)
    for (const value of resources ?? []) if (value !== STAR) patterns.add(value)
  const under = subResources(type, arn)
  const result = new Map<string, { text: string; on?: 'bucket' | 'object' }>()
  const object = type === 'AWS::S3::Bucket' || type === 'AWS::S3::AccessPoint'
  result.set(arn, object ? { text: arn, on: 'bucket' } : { text: arn })
  const list = [...patterns]
  if (list.length > 1 && list.length <= 8) {
    for (const a of patterns)
      for (const b of patterns) {
        const both = a < b ? meetPattern(a, b) : undefined
        if (both !== undefined) list.push(both)
      }
  }
  for (const template of under) {
    const fresh = template.replaceAll(STAR, FRESH)
    result.set(fresh, object ? { text: fresh, on: 'object' } : { text: fresh })
    for (const value of list)
      for (const filler of [FRESH, '']) {
        const text = meet(value, template, filler)
        if (text === undefined || text === template.replaceAll(STAR, '')) continue
        result.set(text, object ? { text, on: 'object' } : { text })
      }
  }
  return [...result.values()]
}

function meetPattern(a: string, b: string): string | undefined {
  return isWild(a) && isWild(b) ? meet(a, b, FRESH) : undefined
}

function subResources(type: string, arn: string): string[] {
  switch (type) {
    case 'AWS::S3::Bucket':
      return [`${arn}/${STAR}`]
    case 'AWS::S3::AccessPoint':
      return [`${arn}/object/${STAR}`]
    case 'AWS::Lambda::Function':
      return [`${arn}:${STAR}`]
    case 'AWS::OpenSearchService::Domain':
    case 'AWS::ApiGateway::RestApi':
      return [`${arn}/${STAR}`]
    case 'AWS::Logs::ResourcePolicy':
      return [`arn:aws:logs:${STAR}`]
    default:
      return []
  }
}

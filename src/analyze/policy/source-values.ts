/** For whose resource a service asks: its account, ARN and organization, which go together. */
import { isWild, matches, STAR } from './glob.ts'
import type { Organization } from './input.ts'
import { accountOf } from './principal.ts'
import type { BoundCondition } from './rule.ts'
import { ALNUM, type Cut, DIGIT, samples } from './samples.ts'
import { STRANGE_ORG, strangeAccount } from './strangers.ts'
import { ABSENT, type Atom, atom, literalsOf, patternSet } from './values.ts'

export interface SourceOptions {
  readonly account: string
  readonly organization: Organization
  /** Names of buckets to their account. */
  readonly buckets: ReadonlyMap<string, string> | undefined
}

interface Owner {
  readonly account: string
  /** Anyone can be one. */
  readonly open: boolean
  readonly org?: string
  /** What an answer calls it. */
  readonly label: string
}

const ORG_ID = /^o-[a-z0-9]{10,32}$/
const ACCOUNT_ID = /^\d{12}$/

const patternsFor = (key: string, conditions: readonly BoundCondition[]): Set<string> =>
  patternSet(conditions.filter((one) => one.key === key))

/** Accounts that the rules name, and one that they don't; `true`: anyone can own one like it. */
function accountsOf(
  conditions: readonly BoundCondition[],
  options: SourceOptions,
  cut: Cut,
): Map<string, boolean> {
  const patterns = patternsFor('aws:sourceaccount', conditions)
  const arns = patternsFor('aws:sourcearn', conditions)
  const named = [...literalsOf(patterns), ...[...arns].flatMap((arn) => accountOf(arn) ?? [])]
  const found = new Map<string, boolean>([[options.account, false]])
  for (const id of named) if (ACCOUNT_ID.test(id)) found.set(id, false)
  if ([...patterns].some(isWild)) {
    for (const id of samples(patterns, cut, DIGIT.repeat(12))) if (!found.has(id)) found.set(id, true)
  }
  found.set(strangeAccount(found, options.organization.accounts), true)
  return found
}

/** The organizations that the rules ask for, and one that they don't; none where they ask for none. */
function orgsOf(conditions: readonly BoundCondition[], cut: Cut): string[] {
  const ids = patternsFor('aws:sourceorgid', conditions)
  const paths = patternsFor('aws:sourceorgpaths', conditions)
  const asked = conditions.some((one) => one.key === 'aws:sourceorgid' || one.key === 'aws:sourceorgpaths')
  const heads = [...paths].map((path) => path.split('/')[0] ?? '')
  const wild = [...ids].some(isWild) ? samples(ids, cut, `o-${ALNUM.repeat(10)}`) : []
  return asked ? [...new Set([...ids, ...wild, ...heads, STRANGE_ORG])].filter((id) => ORG_ID.test(id)) : []
}

/** A member is in its organization; any other account may be in none or in each of the others. */
function ownersOf(conditions: readonly BoundCondition[], options: SourceOptions, cut: Cut): Owner[] {
  const { account: own, organization } = options
  const orgs = orgsOf(conditions, cut)
  return [...accountsOf(conditions, options, cut)].flatMap(([account, open]): Owner[] => {
    const member = account === own || organization.accounts.has(account)
    if (member)
      return [{ account, open, label: account, ...(organization.id ? { org: organization.id } : {}) }]
    const label = open ? 'anyone' : account
    return [
      { account, open, label },
      ...orgs.map((org): Owner => {
        const anybodys = open && org === STRANGE_ORG
        return { account, org, open: anybodys, label: open && !anybodys ? org : label }
      }),
    ]
  })
}

/** The patterns that the rules compare ARNs with. */
interface AskedArns {
  readonly patterns: ReadonlySet<string>
  readonly wild: readonly string[]
  readonly literals: ReadonlySet<string>
  /** ARNs of buckets that they can tell apart. */
  readonly buckets: readonly string[]
}

function askedArns(conditions: readonly BoundCondition[], cut: Cut): AskedArns {
  const patterns = patternsFor('aws:sourcearn', conditions)
  return {
    patterns,
    wild: [...patterns].filter(isWild),
    literals: literalsOf(patterns),
    buckets: bucketsOf(patterns, cut),
  }
}

type Source = Pick<Atom, 'label' | 'open' | 'owner' | 'nameOnly'>

/** ARNs of one account's resources, and of buckets, whose ARNs name no account. */
function arnsOf(owner: Owner, asked: AskedArns, options: SourceOptions, cut: Cut): Source[] {
  const { patterns, wild, literals: mine } = asked
  const texts = new Set<string>()
  for (const arn of mine) if (accountOf(arn) === owner.account) texts.add(arn)
  const fresh = `arn:aws:any:us-east-1:${owner.account}:any`
  texts.add(mine.has(fresh) ? `${fresh}-other` : fresh)
  const [only] = wild
  if (wild.length === 1 && only !== undefined) texts.add(fitted(only, owner.account))
  else if (wild.length > 1) {
    const template = `arn:aws:${STAR}:${STAR}:${owner.account}:${STAR}`
    for (const text of samples(patterns, cut, template)) texts.add(text)
  }
  const found: Source[] = []
  for (const label of texts) {
    if (accountOf(label) === owner.account)
      found.push({ label, open: owner.open, owner: owner.label, nameOnly: false })
  }
  for (const label of asked.buckets) {
    const account = options.buckets?.get(label.slice('arn:aws:s3:::'.length))
    if (account !== undefined && account !== owner.account) continue
    const nameOnly = owner.open && mine.has(label)
    found.push({ label, open: owner.open && !nameOnly, owner: owner.label, nameOnly })
  }
  return found
}

/** The pattern with its wildcards filled so that it is a resource of the account, where it can be one. */
function fitted(pattern: string, account: string): string {
  const parts = pattern.split(':')
  const defaults = ['arn', 'aws', 'any', 'us-east-1', account, 'any']
  const filled = parts.map((part, at) => {
    if (!isWild(part)) return part
    const fill = at < 6 ? (defaults[at] ?? 'any') : 'any'
    return matches(part.replace(/\uE002/g, STAR), fill)
      ? fill
      : part.replace(/[\uE000\uE002]/g, 'any').replace(/[\uE001\uE003]/g, 'x')
  })
  return [...filled, ...defaults.slice(filled.length)].join(':')
}

function bucketsOf(patterns: ReadonlySet<string>, cut: Cut): string[] {
  const possible = [...patterns].some(
    (pattern) => /^[^:]*:[^:]*:(?:s3|[\uE000-\uE003]+):?/.test(pattern) || pattern.startsWith(STAR),
  )
  return possible ? samples(patterns, cut, `arn:aws:s3:::${STAR}`).filter((text) => !text.includes('/')) : []
}

function pathOf(org: string, paths: ReadonlySet<string>, cut: Cut): readonly string[] {
  const found = samples(paths, cut, `${org}/${STAR}`)
  return found.map((path) => (path.endsWith('/') ? path : `${path}/`))
}

export function sourceAtoms(conditions: readonly BoundCondition[], options: SourceOptions, cut: Cut): Atom[] {
  const arns = askedArns(conditions, cut)
  const paths = patternsFor('aws:sourceorgpaths', conditions)
  const atoms: Atom[] = [ABSENT]
  for (const owner of ownersOf(conditions, options, cut)) {
    const orgPaths = owner.org === undefined ? [undefined] : pathOf(owner.org, paths, cut)
    for (const arn of arnsOf(owner, arns, options, cut)) {
      for (const path of orgPaths) {
        const values = new Map([
          ['aws:sourceaccount', [owner.account]],
          ['aws:sourcearn', [arn.label]],
        ])
        if (owner.org !== undefined) values.set('aws:sourceorgid', [owner.org])
        if (path !== undefined) values.set('aws:sourceorgpaths', [path])
        atoms.push(atom(values, arn.label, arn))
      }
    }
  }
  return atoms
}

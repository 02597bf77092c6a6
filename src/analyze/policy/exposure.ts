/** Who gets in, told apart by how far an audience reaches. */
import type { Candidate } from './callers.ts'
import { isOutsider, type Judge } from './judge.ts'
import { type Limits, noLimits, noteLimits } from './limits.ts'
import type { Hit, Scope } from './reach.ts'
import { find, type Query } from './search.ts'
import { NO, or, type Truth, UNKNOWN, YES } from './truth.ts'
import { boxesOf } from './world.ts'

/** The widest audience, the first that holds of. */
export const EXPOSURES = [
  'public',
  'possible-public',
  'external-unknown',
  'network',
  'external-known',
  'federated',
  'organization',
  'service',
  'same-account',
  'none',
] as const

export type Exposure = (typeof EXPOSURES)[number]

/** One audience that gets in by one way. */
export interface Finding {
  readonly exposure: Exposure
  readonly truth: Truth
  readonly way: number
  readonly hit?: Hit
  /** The account, organization, service … that it is about. */
  readonly who?: string
  /** The caller that was tried, and how; absent for what no caller stands for. */
  readonly tried?: { readonly candidate: number; readonly scope: Scope }
}

type Tried = Required<Pick<Finding, 'truth' | 'way' | 'tried'>> & { readonly hit: Hit | undefined }

export interface Account {
  readonly id: string
  readonly member: boolean
  readonly trusted: boolean
}

/** All that was found of one resource. */
export interface Exposed {
  readonly findings: readonly Finding[]
  readonly accounts: ReadonlyMap<string, Account>
  /** Organization ids, and paths in one, which do not lie in another that is listed. */
  readonly orgs: readonly string[]
  readonly services: ReadonlySet<string>
  /** Services that act here for anyone who asks them to. */
  readonly deputies: ReadonlySet<string>
  readonly serviceSources: ReadonlySet<string>
  readonly federated: ReadonlySet<string>
  readonly canonicalUsers: ReadonlySet<string>
  /** Principals known by their unique id only. */
  readonly ids: ReadonlySet<string>
  readonly limits: Limits
  /** Buckets' ARNs that pin a service by a name that others may take. */
  readonly byNameOnly: ReadonlySet<string>
}

class Collector {
  private readonly judge: Judge
  private readonly findings: Finding[] = []
  private readonly accounts = new Map<string, Account>()
  private readonly orgs = new Map<string, boolean>()
  private readonly services = new Set<string>()
  private readonly deputies = new Set<string>()
  private readonly serviceSources = new Set<string>()
  private readonly federated = new Set<string>()
  private readonly canonicalUsers = new Set<string>()
  private readonly ids = new Set<string>()
  private readonly limits = noLimits()
  private readonly byNameOnly = new Set<string>()

  constructor(judge: Judge) {
    this.judge = judge
  }

  collect(): Exposed {
    for (const way of this.judge.ways.keys()) this.collectWay(way)
    const whole = new Set([...this.orgs].filter(([, all]) => all).map(([label]) => label))
    const { findings, accounts, services, deputies, serviceSources, federated, canonicalUsers, ids, limits } =
      this
    return {
      findings,
      accounts,
      orgs: [...this.orgs.keys()]
        .filter((label) => whole.has(label) || !whole.has(label.split('/')[0] ?? ''))
        .sort(),
      services,
      deputies,
      serviceSources,
      federated,
      canonicalUsers,
      ids,
      limits,
      byNameOnly: this.byNameOnly,
    }
  }

  private add(exposure: Exposure, { truth, way, tried, hit }: Tried, who?: string): void {
    this.findings.push({
      exposure,
      truth,
      way,
      tried,
      ...(hit === undefined ? {} : { hit }),
      ...(who === undefined ? {} : { who }),
    })
  }

  private try(way: number, candidate: number, scope: Scope): Tried {
    const { truth, hit } = this.judge.reach(way, candidate, scope)
    return { truth, hit, way, tried: { candidate, scope } }
  }

  private collectWay(way: number): void {
    const { judge } = this
    const { ways, scene } = judge
    const unread = ways[way]?.rules.some((rule) => scene.rules[rule]?.place === 'unread') === true
    const open = this.strangers(way)
    if (unread || open === YES) return
    const limited = open === NO ? this.limitedStrangers(way) : 'not at all'
    const everybody = judge.openBy(way) !== NO || limited === 'by accounts'
    for (const at of judge.meant(way)) {
      const candidate = scene.candidates[at]
      if (candidate === undefined) continue
      // Everybody's way is any service's, too: only those that are named are worth a word.
      const unnamed = candidate.audience === 'service' && candidate.named !== true
      if (isOutsider(candidate) || (unnamed && everybody)) continue
      this.others(way, at, candidate, open, limited !== 'not at all')
    }
  }

  /** Those who get in from anywhere: strangers, and identities that everybody can have. */
  private strangers(way: number): Truth {
    const { judge } = this
    let open: Truth = NO
    for (const at of judge.meant(way)) {
      const candidate = judge.scene.candidates[at]
      if (!candidate || (!isOutsider(candidate) && candidate.audience !== 'federated')) continue
      const found = this.try(way, at, 'anywhere')
      if (found.truth !== NO)
        this.add(found.truth === YES ? 'public' : 'possible-public', found, candidate.label)
      open = or(open, found.truth)
    }
    return open
  }

  private limitedStrangers(way: number): 'not at all' | 'by accounts' | 'by network' {
    const { judge, limits } = this
    let found: 'not at all' | 'by accounts' | 'by network' = 'not at all'
    for (const at of judge.meant(way)) {
      const candidate = judge.scene.candidates[at]
      if (!candidate || !isOutsider(candidate)) continue
      const attempt = this.try(way, at, 'somehow')
      const of = judge.ways[way]
      if (attempt.truth === NO || !of) continue
      const mine = noLimits()
      noteLimits(mine, judge.scene, of, at)
      for (const id of mine.accounts) this.account(id, false, attempt)
      if (mine.accounts.size > 0) {
        found = 'by accounts'
        continue
      }
      for (const name of ['vpcs', 'vpces', 'cidrs', 'other'] as const) {
        for (const value of mine[name]) limits[name].add(value)
      }
      this.add('network', attempt, candidate.label)
      found = 'by network'
    }
    return found
  }

  /** Whoever gets further than strangers do by the same way. */
  private others(way: number, at: number, candidate: Candidate, open: Truth, limited: boolean): void {
    const { audience } = candidate
    const wide = limited && audience !== 'service' && audience !== 'federated'
    const found = this.try(way, at, wide ? 'anywhere' : 'somehow')
    if (found.truth === NO || (open === UNKNOWN && found.truth !== YES)) return
    this.note(candidate, found)
  }

  private note(candidate: Candidate, found: Tried): void {
    const { label, audience } = candidate
    switch (audience) {
      case 'member':
      case 'foreign-org':
        this.orgs.set(label, candidate.whole === true || this.orgs.get(label) === true)
        this.add(audience === 'member' ? 'organization' : 'external-unknown', found, label)
        break
      case 'account':
        this.account(label, candidate.caller.org === this.own, found)
        this.canonicalOf(found.way, candidate)
        break
      case 'id':
        this.ids.add(label)
        this.add('external-unknown', found, label)
        break
      case 'canonical':
        this.canonicalUsers.add(label)
        this.add('external-unknown', found, label)
        break
      case 'federated':
        this.federated.add(label)
        this.add('federated', found, label)
        break
      case 'service':
        this.service(candidate, found)
        break
      default:
        this.add('same-account', found)
    }
  }

  private get own(): string | null | undefined {
    return this.judge.scene.surroundings.organization.id ?? undefined
  }

  private account(id: string, asMember: boolean, found: Tried): void {
    const { organization, trustedAccounts } = this.judge.scene.surroundings
    const member = (asMember && this.own !== undefined) || organization.accounts.has(id) === true
    const trusted = trustedAccounts.includes(id)
    const before = this.accounts.get(id)
    this.accounts.set(id, { id, member: member && (before?.member ?? true), trusted })
    this.add(trusted ? 'external-known' : member ? 'organization' : 'external-unknown', found, id)
  }

  /** A canonical id in the policy whose account is known. */
  private canonicalOf(way: number, candidate: Candidate): void {
    const { canonical } = candidate.caller
    const { rules } = this.judge.scene
    if (canonical === undefined) return
    const named = this.judge.ways[way]?.rules.some((rule) =>
      rules[rule]?.statement.principals?.canonical.has(canonical),
    )
    if (named) this.canonicalUsers.add(canonical)
  }

  private service(candidate: Candidate, found: Tried): void {
    const { judge } = this
    const { way, tried } = found
    const at = tried.candidate
    const deputy = candidate.caller.kind === 'service' && this.canBeDeputy(way)
    const sources = deputy || !candidate.named ? this.sources(way, at) : undefined
    const labels = candidate.named ? [candidate.label] : [...(sources?.services ?? [])]
    for (const label of labels) this.services.add(label)
    this.add('service', found, labels.join(', '))
    if (!deputy || !sources) return
    if (judge.reach(way, at, 'anywhere').truth !== NO) for (const label of labels) this.deputies.add(label)
    for (const id of sources.accounts) this.serviceSources.add(id)
    for (const arn of sources.byNameOnly) this.byNameOnly.add(arn)
  }

  /** Only its own account can hand a role to a service; a grant was made by the service that holds it, for one resource. */
  private canBeDeputy(way: number): boolean {
    const { scene, ways } = this.judge
    if (scene.input.type === 'AWS::IAM::Role') return false
    return ways[way]?.rules.every((rule) => scene.rules[rule]?.place !== 'grant') === true
  }

  /** For whom a service acts here, and where it is known by the ARN alone, which service. */
  private sources(
    way: number,
    at: number,
  ): { accounts: Set<string>; services: Set<string>; byNameOnly: Set<string> } {
    const { scene, ways } = this.judge
    const found = { accounts: new Set<string>(), services: new Set<string>(), byNameOnly: new Set<string>() }
    for (const { world, at: seatAt } of scene.seats(at)) {
      const source = world.index.get('source')
      if (source === undefined) continue
      const { atoms = [] } = world.dimensions[source] ?? {}
      const allows = boxesOf(world, ways[way]?.rules ?? [])
      for (const [index, atom] of atoms.entries()) {
        const here = (one: number): boolean => one === index
        const limit: Query['limit'] = (dimension) => (dimension === source ? here : undefined)
        const reached = [...world.actions.keys()].some((action) => {
          const query = {
            allows,
            denies: world.denies,
            candidate: seatAt,
            action,
            path: 'internet' as const,
            limit,
          }
          return find(world, query).truth !== NO
        })
        if (reached) this.noteSource(found, atom.owner, atom.label, atom.nameOnly === true)
      }
    }
    if (found.services.size === 0) found.services.add('*')
    return found
  }

  private noteSource(
    found: { accounts: Set<string>; services: Set<string>; byNameOnly: Set<string> },
    owner: string | undefined,
    arn: string,
    nameOnly: boolean,
  ): void {
    const { input, surroundings } = this.judge.scene
    const service = arn.split(':')[2] ?? ''
    if (/^[a-z0-9-]+$/.test(service) && service !== 'any') found.services.add(`${service}.amazonaws.com`)
    if (nameOnly) found.byNameOnly.add(arn)
    if (owner === undefined || owner === 'anyone' || owner === input.account || owner === this.own) return
    if (!surroundings.organization.accounts.has(owner)) found.accounts.add(owner)
  }
}

export function exposed(judge: Judge): Exposed {
  return new Collector(judge).collect()
}

export function widest(findings: readonly Finding[]): Exposure {
  return EXPOSURES.find((exposure) => findings.some((finding) => finding.exposure === exposure)) ?? 'none'
}

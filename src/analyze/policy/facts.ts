/** What `facts.access` says of every resource that has a policy or a sharing list. */
import type { Json, Missing } from '../../snapshot/model.ts'
import type { Told } from '../told.ts'
import { answerOf, type Judged, judged } from './access.ts'
import type { AccessAnswer } from './answer.ts'
import { endpointAccess } from './endpoint.ts'
import { requestLine } from './evidence.ts'
import type { Exposure } from './exposure.ts'
import {
  audiencesOf,
  complete,
  doubt,
  everyone,
  grantRow,
  ofExposure,
  publicly,
  servicesComplete,
  servicesOf,
  unplaced,
  unreadWays,
} from './fact-audience.ts'
import type { PolicyInput, Surroundings } from './input.ts'
import { YES } from './truth.ts'

/** Members that were computed; the worlds that they came from are not kept. */
export type Members = Readonly<Record<string, Told<Json>>>

export const known = <T extends Json>(value: T): Told<T> => ({ value })

const ACCOUNT = /^\d{12}$/
const ACCOUNTS: readonly Exposure[] = ['external-unknown', 'external-known', 'organization']
const ALL: readonly Exposure[] = ['public', 'possible-public', ...ACCOUNTS, 'network', 'federated', 'service']

/** The widest audience, where nothing that was not read could be wider. */
function exposureTold(about: Judged, { exposure, missing }: AccessAnswer): Told<Json> {
  const { judge, found } = about
  if (exposure === 'public') return known(exposure)
  const ways = unreadWays(judge)
  if (exposure === 'possible-public' && ways.length === 0)
    return missing.length > 0 ? { missing } : known(exposure)
  const away = unplaced(about)
  const sure = ofExposure(found, exposure).some(({ truth, who }) => truth === YES && !away.has(who ?? ''))
  if (exposure === 'external-unknown' && sure) return known(exposure)
  if (ways.length > 0) return { missing: doubt(judge, ways) }
  if (sure || exposure === 'none' || exposure === 'same-account') return known(exposure)
  return missing.length > 0 ? { missing } : { missing: doubt(judge, judge.ways.keys()) }
}

function publicTold(about: Judged, answer: AccessAnswer): Told<boolean> {
  if (answer.public !== null) return known(answer.public)
  const ways = ofExposure(about.found, 'possible-public').map(({ way }) => way)
  return { missing: doubt(about.judge, ways) }
}

/** Foreign accounts and organizations for which a service acts here, less those that somebody vouches for. */
function serviceSources({ judge, found }: Judged): string[] {
  const { trustedAccounts } = judge.scene.surroundings
  return [...found.serviceSources].filter((id) => !trustedAccounts.includes(id)).sort()
}

export interface Decided {
  readonly answer: AccessAnswer
  readonly members: Members
  /** The accounts, but for the own one, that surely get in. */
  readonly accounts: readonly string[]
}

export function decide(
  input: PolicyInput,
  surroundings: Surroundings,
  more: (about: Judged, answer: AccessAnswer) => Members,
): Decided {
  const about = judged(input, surroundings)
  const { judge, found } = about
  const answer = answerOf(about)
  const away = unplaced(about)
  const rows = (...exposures: readonly Exposure[]) => audiencesOf(judge, ofExposure(found, ...exposures))
  const accounts = rows(...ACCOUNTS)
    .map(({ who }) => who)
    .filter((who) => ACCOUNT.test(who))
  const members: Members = {
    exposure: exposureTold(about, answer),
    public: publicTold(about, answer),
    publicRead: publicly(about, false),
    publicWrite: publicly(about, true),
    everyone: known(everyone(judge, ofExposure(found, 'public', 'possible-public'))),
    strangers: known(rows('external-unknown').filter(({ who }) => !away.has(who))),
    strangersComplete: complete(about, ['external-unknown'], true),
    trusted: known(rows('external-known')),
    organization: known(rows('organization')),
    networks: known(rows('network')),
    federated: known(rows('federated')),
    services: known(servicesOf(about)),
    servicesComplete: servicesComplete(about),
    serviceSources: known(serviceSources(about)),
    accounts: known(accounts),
    complete: complete(about, ALL, true),
    grants: known(answer.grants.map(grantRow)),
    request: known(answer.witness ? requestLine(answer.witness) : ''),
    blockedBy: known(answer.blockedBy),
    notes: known(answer.notes),
    ...more(about, answer),
  }
  return { answer, members, accounts }
}

const told = (value: boolean | null | undefined, missing: readonly Missing[]): Told<boolean> =>
  value === null || value === undefined ? { missing } : known(value)

/** An endpoint lets nobody in; it bounds who may come through and to what. */
export function endpointMembers(input: PolicyInput, surroundings: Surroundings): Members {
  const answer = endpointAccess(input, surroundings)
  const undecided: Missing = {
    operation: 'access:CONDITION',
    outcome: 'unsupported',
    permission: '',
    detail: 'the policy of the endpoint hangs on something that no call tells',
  }
  const missing = answer.missing.length > 0 ? answer.missing : [undecided]
  return {
    unrestrictedPrincipals: told(answer.unrestrictedPrincipals, missing),
    unrestrictedResources: told(answer.unrestrictedResources, missing),
    grants: known(answer.grants.map(grantRow)),
  }
}

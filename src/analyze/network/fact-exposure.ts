/** Facts of what has interfaces: what the internet reaches of it, what it could, and what is known of neither. */
import type { JsonObject } from '../../snapshot/model.ts'
import { PUBLIC } from './address-set.ts'
import type { Outcome } from './evaluate.ts'
import { sure, Untold } from './fact.ts'
import { egresses, exposures } from './fact-rows.ts'
import type { Host } from './host.ts'
import { hostsOf } from './host.ts'
import type { NetworkInterface } from './interface.ts'
import { setOf } from './interval-set.ts'
import type { Network } from './network.ts'
import { outcomesFrom, outcomesTo } from './outcome.ts'
import type { End } from './question.ts'
import { questionOf } from './question.ts'
import type { Cause } from './reasons.ts'

export const INTERNET: End = { kind: 'internet', domains: PUBLIC }
export const EVERYTHING = questionOf({})

/** An address and what leads to it. */
export interface Reached {
  readonly host: Host
  readonly outcomes: readonly Outcome[]
}

/** The internet's ways to each address of some interfaces; each interface once for all facts that ask. */
export function internetReach(network: Network): (eni: NetworkInterface) => readonly Reached[] {
  const known = new WeakMap<NetworkInterface, readonly Reached[]>()
  return (eni) => {
    const found = known.get(eni)
    if (found) return found
    const made = hostsOf(eni).map((host) => ({
      host,
      outcomes: outcomesTo(network, INTERNET, host, EVERYTHING),
    }))
    known.set(eni, made)
    return made
  }
}

const isDirect = ({ via }: Outcome): boolean => via === undefined
const isSure = ({ causes }: Outcome): boolean => causes.length === 0

function rows(
  reached: readonly Reached[],
  wanted: (outcome: Outcome) => boolean,
  bound: 'must' | 'may',
): JsonObject[] {
  return reached.flatMap(({ host, outcomes }) => exposures(host, outcomes.filter(wanted), bound))
}

/** Whether the internet surely reaches any of it. */
export function isReached(reached: readonly Reached[]): boolean {
  return reached.some(({ outcomes }) => outcomes.some(({ must }) => must.length > 0))
}

export function openCauses(reached: readonly Reached[]): Cause[] {
  return reached.flatMap(({ outcomes }) =>
    outcomes.filter(({ may }) => may.length > 0).flatMap(({ causes }) => causes),
  )
}

/** How many TCP and UDP ports of the rows the internet reaches, each once. */
function portCount(exposed: readonly JsonObject[]): number {
  return ['tcp', 'udp'].reduce((sum, protocol) => {
    const own = exposed.filter((row) => row['protocol'] === protocol)
    const ports = setOf(own.map((row) => [Number(row['from']), Number(row['to'])] as const))
    return sum + ports.reduce((count, [from, to]) => count + to - from + 1, 0)
  }, 0)
}

/**
 * Members of everything that has interfaces.
 * @param causes what kept the interfaces from being known
 */
export function exposureMembers(
  reached: () => readonly Reached[],
  causes: () => readonly Cause[],
): Readonly<Record<string, () => JsonObject[string] | Untold>> {
  const direct = (): JsonObject[] => rows(reached(), isDirect, 'must')
  /** What may be of interfaces that nobody saw can't be ruled out, nor listed. */
  const listed = <T extends JsonObject[string]>(found: () => T): T | Untold => sure(causes(), found)
  return {
    exposures: direct,
    byBalancer: () => rows(reached(), (outcome) => !isDirect(outcome), 'must'),
    possible: () => listed(() => rows(reached(), (outcome) => !isSure(outcome), 'may')),
    complete: () => {
      const open = [...causes(), ...openCauses(reached())]
      return open.length > 0 ? new Untold(open) : true
    },
    reached: () => {
      if (isReached(reached())) return true
      const open = [...causes(), ...openCauses(reached())]
      return open.length > 0 ? new Untold(open) : false
    },
    openPorts: () => portCount(direct()),
    possiblePorts: () => listed(() => portCount(rows(reached(), isDirect, 'may'))),
    latent: () => listed(() => latentRows(reached())),
  }
}

/** What would be exposed if what is stopped ran, and what is down came up. */
function latentRows(reached: readonly Reached[]): JsonObject[] {
  return reached.flatMap(({ host, outcomes }) =>
    outcomes.flatMap((outcome) => {
      const started = outcome.started?.()
      if (!started || outcome.must.length > 0 || started.must.length === 0) return []
      const closedBy = outcome.blockers().map(({ resource, reason }) => ({ resource, reason }))
      return exposures(host, [started], 'must').map((exposure) => ({ exposure, closedBy }))
    }),
  )
}

/** Members of what starts flows to the internet. */
export function egressMembers(
  network: Network,
  hosts: () => readonly Host[],
): Readonly<Record<string, () => JsonObject[string] | Untold>> {
  let made: readonly Reached[] | undefined
  const out = (): readonly Reached[] => {
    made ??= hosts().map((host) => ({ host, outcomes: outcomesFrom(network, host, INTERNET, EVERYTHING) }))
    return made
  }
  return {
    egress: () => out().flatMap(({ host, outcomes }) => egresses(host, outcomes)),
    sendsToInternet: () => {
      if (isReached(out())) return true
      const open = openCauses(out())
      return open.length > 0 ? new Untold(open) : false
    },
  }
}

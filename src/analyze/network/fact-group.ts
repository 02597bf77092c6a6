/** Facts of security groups: which of their rules the internet can use, what keeps the others closed, which say nothing new. */
import { shortId } from '../../snapshot/index.ts'
import type { JsonObject, Resource } from '../../snapshot/model.ts'
import { lazy } from '../told.ts'
import type { AddressSet, Family } from './address-set.ts'
import { PUBLIC } from './address-set.ts'
import { countAddresses, coverCidrs } from './cover.ts'
import type { Outcome } from './evaluate.ts'
import { sure, Untold } from './fact.ts'
import { portsOf, widthOf } from './fact-rows.ts'
import type { GroupRule } from './group-rule.ts'
import { rulesOf } from './group-rule.ts'
import { hostsOf } from './host.ts'
import type { NetworkInterface } from './interface.ts'
import { intersect, isSubset, setOf } from './interval-set.ts'
import type { Network } from './network.ts'
import { outcomesTo } from './outcome.ts'
import type { End, Question } from './question.ts'
import type { Blocker, Cause } from './reasons.ts'
import { unseen } from './reasons.ts'
import { intersectTraffic, NO_TRAFFIC, sameTraffic } from './traffic.ts'

const FAMILIES: readonly Family[] = [4, 6]

/** Interfaces that are asked why a rule opens nothing: more of them give no more reasons. */
const ASKED = 20

interface OpenRule {
  readonly rule: GroupRule
  readonly family: Family
  /** The strangers that it lets in. */
  readonly strangers: AddressSet
}

function addressesOf(rule: GroupRule, family: Family): AddressSet {
  return setOf(rule.cidrs.filter((cidr) => cidr.family === family).map(({ lo, hi }) => [lo, hi] as const))
}

function openRules(network: Network, rules: readonly GroupRule[]): OpenRule[] {
  return rules.flatMap((rule) =>
    FAMILIES.flatMap((family) => {
      const strangers = intersect(addressesOf(rule, family), PUBLIC[family])
      const counted = countAddresses(strangers, network.topology.own[family])
      return counted > 0 ? [{ rule, family, strangers }] : []
    }),
  )
}

/** What the strangers of one rule do with the traffic of it at each interface that has the group. */
function outcomesOf(
  network: Network,
  { rule, family, strangers }: OpenRule,
  eni: NetworkInterface,
): Outcome[] {
  const none: AddressSet = []
  const source: End = {
    kind: 'internet',
    domains: family === 4 ? { 4: strangers, 6: none } : { 4: none, 6: strangers },
  }
  const question: Question = { 4: NO_TRAFFIC, 6: NO_TRAFFIC, [family]: rule.traffic[family] }
  return hostsOf(eni).flatMap((host) => outcomesTo(network, source, host, question))
}

/** A rule that can't be read may let in as many as there are. */
function unreadRows(rules: readonly GroupRule[]): JsonObject[] {
  return rules
    .filter(({ cause }) => cause !== undefined)
    .flatMap((rule) =>
      portsOf(4, rule.traffic[4]).map(({ protocol, from, to }) => ({
        rule: rule.label,
        protocol,
        from,
        to,
        sources: [],
        addresses: 0,
        width: 'internet',
        state: 'unknown',
        closedBy: [],
      })),
    )
}

interface Effect {
  readonly state: 'exposes' | 'latent' | 'unknown'
  readonly closedBy: readonly Blocker[]
  readonly causes: readonly Cause[]
}

function effectOf(
  network: Network,
  open: OpenRule,
  interfaces: readonly NetworkInterface[],
  hidden: readonly Cause[],
): Effect {
  const causes: Cause[] = [...hidden]
  const blocked: Outcome[] = []
  for (const eni of interfaces) {
    const outcomes = outcomesOf(network, open, eni)
    if (outcomes.some(({ must }) => must.length > 0)) return { state: 'exposes', closedBy: [], causes: [] }
    causes.push(...outcomes.filter(({ may }) => may.length > 0).flatMap((outcome) => outcome.causes))
    if (blocked.length < ASKED) blocked.push(...outcomes)
  }
  if (causes.length > 0) return { state: 'unknown', closedBy: [], causes }
  return { state: 'latent', closedBy: blocked.flatMap((outcome) => outcome.blockers()), causes: [] }
}

/** `UNUSED` where no interface has the group; else each reason once, with the first resource that gives it. */
function closures(effect: Effect, interfaces: readonly NetworkInterface[]): JsonObject[] {
  if (effect.state !== 'latent') return []
  const [first] = interfaces
  if (!first) return [{ resource: '', reason: 'UNUSED' }]
  // Nothing that has the group has an address of the rule's family.
  if (effect.closedBy.length === 0) return [{ resource: first.id, reason: 'NO_PUBLIC_ADDRESS' }]
  const byReason = new Map(effect.closedBy.map(({ resource, reason }) => [reason, { resource, reason }]))
  return [...byReason.values()]
}

function ruleRow(
  open: OpenRule,
  effect: () => Effect,
  interfaces: readonly NetworkInterface[],
  ports: ReturnType<typeof portsOf>[number],
): JsonObject {
  const { rule, family, strangers } = open
  const addresses = countAddresses(strangers)
  return lazy<JsonObject>({
    rule: () => rule.label,
    protocol: () => ports.protocol,
    from: () => ports.from,
    to: () => ports.to,
    sources: () => coverCidrs(strangers, PUBLIC[family]),
    addresses: () => addresses,
    width: () => widthOf(family, addresses),
    state: () => effect().state,
    closedBy: () => closures(effect(), interfaces),
  })
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** A rule with what it admits worked out, since each is held against all the others. */
interface Compared {
  readonly rule: GroupRule
  readonly addresses: Readonly<Record<Family, AddressSet>>
}

/** Whether another rule admits all that one does. */
function within({ rule: one, addresses }: Compared, { rule: other, addresses: wider }: Compared): boolean {
  if (one.cause || other.cause || one.peerGroup !== other.peerGroup || one.peering !== other.peering)
    return false
  const named = one.peerGroup !== undefined
  const families = FAMILIES.filter((family) => named || addresses[family].length > 0)
  return (
    families.length > 0 &&
    families.every((family) => {
      if (!isSubset(addresses[family], wider[family])) return false
      const own = one.traffic[family]
      return sameTraffic(intersectTraffic(own, other.traffic[family]), own)
    })
  )
}

/** Rules that another rule of the same direction covers; of two that are equal the later one. */
function covered(rules: readonly GroupRule[]): JsonObject[] {
  const all = rules.map(
    (rule): Compared => ({ rule, addresses: { 4: addressesOf(rule, 4), 6: addressesOf(rule, 6) } }),
  )
  return all.flatMap((one, at) => {
    const by = all.find(
      (other, index) => index !== at && within(one, other) && (index < at || !within(other, one)),
    )
    return by ? [{ rule: one.rule.label, direction: one.rule.direction, by: by.rule.label }] : []
  })
}

export function groupMembers(network: Network, group: Resource) {
  const { topology } = network
  const id = shortId(group.id)
  const interfaces = topology.interfacesOfGroup.get(id) ?? []
  const unlisted = topology.missing('AWS::EC2::NetworkInterface', group)[0]
  const ingress = once(() => rulesOf(topology, group, 'ingress'))
  const hidden: Cause[] = unlisted ? [unseen(id, 'network-interface', unlisted)] : []
  const open = once(() =>
    openRules(network, ingress()).map((one) => ({
      one,
      effect: once(() => effectOf(network, one, interfaces, hidden)),
    })),
  )
  const unknown = (): Cause[] => [
    ...hidden,
    ...ingress().flatMap(({ cause }) => cause ?? []),
    ...open().flatMap(({ effect }) => effect().causes),
  ]
  return {
    interfaces: () => (unlisted ? new Untold(unknown()) : interfaces.map((eni) => eni.id)),
    open: () => [
      ...open().flatMap(({ one, effect }) =>
        portsOf(one.family, one.rule.traffic[one.family]).map((ports) =>
          ruleRow(one, effect, interfaces, ports),
        ),
      ),
      ...unreadRows(ingress()),
    ],
    complete: () => {
      const causes = unknown()
      return causes.length > 0 ? new Untold(causes) : true
    },
    covered: () => {
      const egress = rulesOf(topology, group, 'egress')
      const found = [...covered(ingress()), ...covered(egress)]
      // What a rule that can't be read covers, or what covers it, nobody can tell.
      const unread = [...ingress(), ...egress].flatMap(({ cause }) => cause ?? [])
      return sure(found.length > 0 ? [] : unread, () => found)
    },
  }
}

/** Facts of network ACLs: what their ordered entries admit together, which have no effect, which flows get no answer. */
import { shortId } from '../../snapshot/index.ts'
import type { JsonObject, Resource } from '../../snapshot/model.ts'
import type { Family } from './address-set.ts'
import { allAddresses, PUBLIC } from './address-set.ts'
import { sure, Untold, unlistedHere } from './fact.ts'
import { openings } from './fact-rows.ts'
import { subtract } from './interval-set.ts'
import type { AclEntry } from './nacl.ts'
import { entriesOf, permitted, ruleName } from './nacl.ts'
import type { Network } from './network.ts'
import { TRANSLATED_PORTS } from './port-set.ts'
import type { Cause } from './reasons.ts'
import { publicSubnet } from './subnet-role.ts'
import type { Traffic } from './traffic.ts'
import { allReplies, isNone, roundTrip, sameTraffic, subtractTraffic } from './traffic.ts'
import type { TrafficMap } from './traffic-map.ts'
import { domainOf, everywhere, intersectMaps, meet, restrict, sameMap, uniteMaps } from './traffic-map.ts'

const FAMILIES: readonly Family[] = [4, 6]
const DIRECTIONS = ['ingress', 'egress'] as const
type Direction = (typeof DIRECTIONS)[number]

function entriesIn(entries: readonly AclEntry[], direction: Direction, family: Family): AclEntry[] {
  return entries.filter((entry) => entry.family === family && entry.egress === (direction === 'egress'))
}

/** What the entries before take of an entry's own: nothing is left where it is shadowed. */
function shadowedBy(entry: AclEntry, before: readonly AclEntry[]): AclEntry[] | undefined {
  const own: TrafficMap = [{ lo: entry.lo, hi: entry.hi, value: entry.traffic }]
  const taken = uniteMaps(before.map(({ lo, hi, traffic }) => [{ lo, hi, value: traffic }]))
  if (!sameMap(intersectMaps(own, taken), own)) return undefined
  return before.filter(({ lo, hi, traffic }) => intersectMaps(own, [{ lo, hi, value: traffic }]).length > 0)
}

function shadowed(entries: readonly AclEntry[]): JsonObject[] {
  return DIRECTIONS.flatMap((direction) =>
    FAMILIES.flatMap((family) => {
      const all = entriesIn(entries, direction, family)
      return all.flatMap((entry, at) => {
        const by = shadowedBy(entry, all.slice(0, at))
        if (!by || entry.ruleNumber >= 32_767) return []
        return [
          {
            rule: ruleName(entry),
            number: entry.ruleNumber,
            direction,
            action: entry.allow ? 'allow' : 'deny',
            by: by.map(({ ruleNumber }) => ruleNumber),
            contradicts: by.some(({ allow }) => allow !== entry.allow),
          },
        ]
      })
    }),
  )
}

/** Replies to a port that clients take by themselves; one that passes will do. */
function answers(family: Family, back: TrafficMap): TrafficMap {
  const ephemeral = { ...allReplies(family), tcp: TRANSLATED_PORTS, udp: TRANSLATED_PORTS }
  return intersectMaps(back, everywhere(allAddresses(family), ephemeral))
}

/** What one direction admits and the other lets no answer to. */
function unanswered(family: Family, there: TrafficMap, back: TrafficMap): TrafficMap {
  const replies = answers(family, back)
  const silent = restrict(there, subtract(allAddresses(family), domainOf(replies)))
  const partly = meet(
    there,
    replies,
    (forward, reply): Traffic | undefined => {
      const lost = subtractTraffic(forward, roundTrip(family, forward, reply))
      return isNone(lost) ? undefined : lost
    },
    sameTraffic,
  )
  return uniteMaps([silent, partly])
}

export function aclMembers(network: Network, acl: Resource) {
  const { topology } = network
  const id = shortId(acl.id)
  const entries = entriesOf(acl)
  const unreadable: Cause[] = entries.some(({ malformed }) => malformed)
    ? [{ resource: id, kind: 'network-acl', reason: 'NOT_MODELLED', rule: 'an entry cannot be read' }]
    : []
  const map = (direction: Direction, family: Family): TrafficMap =>
    permitted(entriesIn(entries, direction, family))
  const subnets = [...topology.subnets.values()].filter(
    (subnet) => shortId(network.acls.aclOf(subnet.id)?.id ?? '') === id,
  )
  const roles = subnets.map((subnet) => ({ subnet, role: publicSubnet(network, subnet.id) }))
  const open = roles.filter(({ role }) => role.gateway !== undefined).map(({ subnet }) => subnet.id)
  const doubts = [...unlistedHere(network, acl, 'Subnet'), ...roles.flatMap(({ role }) => role.causes)]
  return {
    subnets: () => sure(unlistedHere(network, acl, 'Subnet'), () => subnets.map((subnet) => subnet.id)),
    publicSubnets: () => sure(doubts, () => open),
    admits: () =>
      unreadable.length > 0
        ? new Untold(unreadable)
        : FAMILIES.flatMap((family) =>
            openings(family, restrict(map('ingress', family), PUBLIC[family]), 'ingress', PUBLIC[family]),
          ),
    openBehind: () => {
      const filters = (family: Family) =>
        open
          .flatMap((subnet) => topology.interfacesOfSubnet.get(subnet) ?? [])
          .map((eni) => network.groups.filter(eni, 'ingress', family))
      const unread = FAMILIES.flatMap((family) => filters(family).flatMap(({ causes }) => causes))
      const hidden = [...unreadable, ...doubts, ...unlistedHere(network, acl, 'NetworkInterface'), ...unread]
      if (hidden.length > 0) return new Untold(hidden)
      return FAMILIES.flatMap((family) => {
        const behind = uniteMaps([[], ...new Set(filters(family).map(({ must }) => must))])
        const both = intersectMaps(map('ingress', family), behind)
        return openings(family, restrict(both, PUBLIC[family]), 'ingress', PUBLIC[family])
      })
    },
    shadowed: () => (unreadable.length > 0 ? new Untold(unreadable) : shadowed(entries)),
    unanswered: () => {
      if (unreadable.length > 0) return new Untold(unreadable)
      return FAMILIES.flatMap((family) => {
        const [ingress, egress] = [map('ingress', family), map('egress', family)]
        const all = allAddresses(family)
        return [
          ...openings(family, unanswered(family, ingress, egress), 'ingress', all),
          ...openings(family, unanswered(family, egress, ingress), 'egress', all),
        ]
      })
    },
  }
}

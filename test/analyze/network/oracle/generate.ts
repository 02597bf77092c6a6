/**
 * Random small estates: a few VPCs joined in every way that AWS knows, with rules that overlap at their borders.
 * The same seed gives the same estate. Nothing is hidden in them, so that the engine has to decide.
 */
import { createEstate, type Estate, forward } from '../estate.ts'

export interface Random {
  /** A whole number from 0 to `below` - 1. */
  int(below: number): number
  chance(of: number): boolean
  pick<T>(from: readonly T[]): T
  some<T>(from: readonly T[], most: number): T[]
}

/** A small generator of its own, so that a seed means the same everywhere (mulberry32). */
export function random(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (below: number): number => Math.floor(next() * below)
  return {
    int,
    chance: (of) => next() < of,
    pick: (from) => {
      const found = from[int(from.length)]
      if (found === undefined) throw new Error('nothing to pick from')
      return found
    },
    some: (from, most) =>
      Array.from({ length: int(most + 1) }, () => from[int(from.length)] as (typeof from)[number]),
  }
}

const ZONES = ['eu-west-1a', 'eu-west-1b'] as const
const PORTS = [
  '22',
  '80',
  '443',
  '8080',
  '0-1023',
  '1024-65535',
  '32768-60999',
  '443-8080',
  '49152-65535',
  '1000-2000',
]
const CIDRS = [
  '0.0.0.0/0',
  '0.0.0.0/0',
  '0.0.0.0/1',
  '128.0.0.0/1',
  '203.0.113.0/24',
  '203.0.113.128/25',
  '198.51.100.0/24',
  '10.0.0.0/8',
  '192.168.0.0/16',
  '192.168.1.0/24',
]
const SIX = ['::/0', '::/0', '2000::/3', '2001:db8::/32', '2600:1f00::/32']
const FAR = '192.168.0.0/16'

interface Net {
  readonly name: string
  readonly index: number
  readonly vpc: string
  readonly cidr: string
  readonly six: string
  readonly subnets: { readonly id: string; readonly cidr: string; readonly zone: string }[]
  readonly groups: string[]
  /** Where its tables may lead. */
  readonly ways: string[]
}

interface Drawing {
  readonly estate: Estate
  readonly dice: Random
  readonly nets: readonly Net[]
  readonly lists: readonly string[]
  /** Every host's and balancer's CIDR, private and public, for rules to name. */
  readonly hosts: string[]
}

function cidr({ dice, nets, hosts }: Drawing, six = false): string {
  if (six) return dice.chance(0.3) ? dice.pick(nets).six : dice.pick(SIX)
  const draw = dice.int(10)
  if (draw < 5) return dice.pick(CIDRS)
  if (draw < 7) return dice.pick(nets).cidr
  if (draw < 8) return dice.pick(dice.pick(nets).subnets).cidr
  return hosts.length > 0 ? dice.pick(hosts) : dice.pick(CIDRS)
}

function protocol({ dice }: Drawing, six: boolean): string {
  const draw = dice.int(10)
  if (draw < 4) return 'all'
  if (draw < 7) return `tcp ${dice.pick(PORTS)}`
  if (draw < 8) return `udp ${dice.pick(PORTS)}`
  if (draw < 9)
    return six ? 'icmpv6 128:-1' : dice.pick(['icmp 8:-1', 'icmp 8:0', 'icmp 0:-1', 'icmp -1:-1', 'icmp 3:4'])
  return '47'
}

function groupRule(draw: Drawing, net: Net): string {
  const { dice } = draw
  const six = dice.chance(0.15)
  const what = protocol(draw, six)
  if (six) return `${what} ${cidr(draw, true)}`
  if (dice.chance(0.3)) {
    const other = dice.chance(0.6) ? net : dice.pick(draw.nets)
    const over = other === net ? '' : dice.pick(['', '@pcx-ab', '@pcx-bc', '@pcx-gone'])
    return `${what} ${dice.pick(other.groups)}${over}`
  }
  if (draw.lists.length > 0 && dice.chance(0.1)) return `${what} ${dice.pick(draw.lists)}`
  return `${what} ${cidr(draw)}`
}

const REPLIES = ['1024-65535', '32768-60999', '1024-32767', '49152-65535', '1-1023']

/** An entry that decides about answers: it names ports that clients and gateways take by themselves. */
function replyRule({ dice, nets }: Drawing): string {
  const from = dice.pick([
    '0.0.0.0/0',
    '0.0.0.0/1',
    '10.0.0.0/8',
    dice.pick(nets).cidr,
    dice.pick(dice.pick(nets).subnets).cidr,
  ])
  return dice.chance(0.2)
    ? `icmp ${dice.pick([0, 8, 13, 14])}:-1 ${from}`
    : `${dice.pick(['tcp', 'tcp', 'udp'])} ${dice.pick(REPLIES)} ${from}`
}

function aclRules(draw: Drawing): string[] {
  const { dice } = draw
  const open = ['1000 allow all 0.0.0.0/0', '1001 allow all ::/0']
  if (dice.chance(0.6)) return open
  const rules = Array.from({ length: 1 + dice.int(4) }, (_, i) => {
    const six = dice.chance(0.15)
    const what = dice.chance(0.4) ? replyRule(draw) : `${protocol(draw, six)} ${cidr(draw, six)}`
    return `${100 + i * 10 + dice.int(9)} ${dice.pick(['allow', 'deny'])} ${what}`
  })
  return dice.chance(0.75) ? [...rules, ...open] : rules
}

function routes(draw: Drawing, net: Net): string[] {
  const { dice, nets } = draw
  const made = new Map<string, string>([
    [net.cidr, `${net.cidr} local`],
    [net.six, `${net.six} local`],
  ])
  const add = (destination: string, way: string): void => {
    if (!made.has(destination)) made.set(destination, `${destination} ${way}`)
  }
  const ways = [...net.ways]
  // Whichever way comes first gets the default route.
  if (ways.length > 1 && dice.chance(0.6)) ways.push(...ways.splice(0, 1 + dice.int(ways.length - 1)))
  for (const way of ways) {
    const flag = dice.chance(0.06)
      ? ' blackhole'
      : way.startsWith('vgw-') && dice.chance(0.5)
        ? ' propagated'
        : ''
    if (way.startsWith('eigw-')) {
      if (dice.chance(0.4)) add('::/0', way)
      continue
    }
    if (dice.chance(way.startsWith('pcx-') || way.startsWith('tgw-') ? 0.15 : 0.6))
      add('0.0.0.0/0', `${way}${flag}`)
    if (way.startsWith('igw-') && dice.chance(0.6)) add('::/0', way)
    if (way.startsWith('pcx-') || way.startsWith('tgw-')) {
      for (const other of nets) if (other !== net && dice.chance(0.8)) add(other.cidr, `${way}${flag}`)
      if (dice.chance(0.2)) for (const other of nets) if (other !== net) add(other.six, way)
    }
    if (way.startsWith('vgw-') && dice.chance(0.3)) add(dice.pick(net.subnets).cidr, `${way} propagated`)
    if (way.startsWith('vgw-') || (way.startsWith('tgw-') && dice.chance(0.6))) add(FAR, `${way}${flag}`)
    if (dice.chance(0.1))
      add(dice.pick(['203.0.113.0/24', '198.51.100.0/25', '128.0.0.0/1']), `${way}${flag}`)
    if (draw.lists.length > 0 && dice.chance(0.05)) add(dice.pick(draw.lists), way)
  }
  return [...made.values()]
}

function drawNets(estate: Estate, dice: Random): Net[] {
  return Array.from({ length: 1 + dice.int(3) }, (_, index) => {
    const name = 'abc'[index] ?? 'x'
    const net: Net = {
      name,
      index,
      vpc: `vpc-${name}`,
      cidr: `10.${index}.0.0/16`,
      six: `2600:1f00:0:${index + 1}00::/56`,
      subnets: Array.from({ length: 1 + dice.int(3) }, (_unused, at) => ({
        id: `subnet-${name}${at}`,
        cidr: `10.${index}.${at}.0/24`,
        zone: dice.pick(ZONES),
      })),
      groups: Array.from({ length: 1 + dice.int(3) }, (_unused, at) => `sg-${name}${at}`),
      ways: [],
    }
    estate.vpc(net.vpc, [net.cidr, net.six])
    for (const [at, { id, cidr: range, zone }] of net.subnets.entries()) {
      estate.subnet(id, net.vpc, range, { zone, v6: `2600:1f00:0:${index + 1}0${at}::/64` })
    }
    return net
  })
}

function drawGateways(draw: Drawing): void {
  const { estate, dice, nets } = draw
  for (const net of nets) {
    if (dice.chance(0.8)) {
      estate.internetGateway(`igw-${net.name}`, dice.chance(0.95) ? net.vpc : '')
      net.ways.push(`igw-${net.name}`)
    }
    if (dice.chance(0.3)) {
      estate.egressOnly(`eigw-${net.name}`, net.vpc)
      net.ways.push(`eigw-${net.name}`)
    }
    if (dice.chance(0.55)) {
      const subnet = dice.pick(net.subnets)
      const publicIp = dice.chance(0.9) ? `52.9.${net.index}.9` : undefined
      estate.nat(`nat-${net.name}`, subnet.id, subnet.cidr.replace('.0/24', '.9'), publicIp)
      if (publicIp) draw.hosts.push(`${publicIp}/32`)
      net.ways.push(`nat-${net.name}`)
    }
  }
  const [a, b, c] = nets
  if (a && b && dice.chance(0.6)) peer(draw, a, b, 'pcx-ab')
  if (b && c && dice.chance(0.6)) peer(draw, b, c, 'pcx-bc')
}

function peer({ estate, dice }: Drawing, one: Net, other: Net, id: string): void {
  estate.peering(id, one.vpc, other.vpc, dice.chance(0.9) ? 'active' : 'deleted')
  one.ways.push(id)
  other.ways.push(id)
}

/** One network has the way to the far side: a virtual private gateway, or a VPN at the transit gateway. */
function drawTransit(draw: Drawing): void {
  const { estate, dice, nets } = draw
  const first = dice.pick(nets)
  if (dice.chance(0.3)) {
    estate.vpn('vgw-a', first.vpc, 'vpn-a', dice.chance(0.85))
    first.ways.push('vgw-a')
  }
  if (nets.length < 2 || dice.chance(0.5)) return
  const references = dice.chance(0.5) ? 'enable' : 'disable'
  estate.transitGateway('tgw-a', { SecurityGroupReferencingSupport: references })
  const attached = nets.filter(() => dice.chance(0.9))
  for (const net of attached) {
    const byZone = new Map(net.subnets.map(({ id, zone }) => [zone, id]))
    const of = [...byZone.values()].filter((_, at) => at === 0 || dice.chance(0.7))
    estate.attachment(`tgw-attach-${net.name}`, 'tgw-a', net.vpc, of, {
      SecurityGroupReferencingSupport: 'enable',
    })
    net.ways.push('tgw-a')
  }
  const vpn = dice.chance(0.4)
  if (vpn) estate.vpnAttachment('tgw-attach-v', 'tgw-a', 'vpn-v', dice.chance(0.85))
  const known = attached.filter(() => dice.chance(0.9)).map((net) => `${net.cidr} tgw-attach-${net.name}`)
  const table = [...known]
  if (vpn) table.push(`${FAR} tgw-attach-v:vpn-v propagated`)
  if (attached.length > 0 && dice.chance(0.3)) table.push(`0.0.0.0/0 tgw-attach-${dice.pick(attached).name}`)
  if (dice.chance(0.1)) table.push(`${dice.pick(dice.pick(nets).subnets).cidr} blackhole`)
  const ends = [...attached.map((net) => `tgw-attach-${net.name}`), ...(vpn ? ['tgw-attach-v'] : [])]
  estate.transitTable(
    'tgw-rtb-a',
    'tgw-a',
    ends.filter(() => dice.chance(0.95)),
    table,
  )
}

function drawHosts(draw: Drawing): void {
  const { estate, dice, nets } = draw
  for (const net of nets) {
    net.subnets.forEach((subnet, at) => {
      for (let n = 0; n < 1 + dice.int(2); n++) {
        const ip = subnet.cidr.replace('.0/24', `.${10 + n}`)
        const publicIp = dice.chance(0.5) ? `52.${net.index}.${at}.${10 + n}` : undefined
        const v6 = dice.chance(0.3) ? [`2600:1f00:0:${net.index + 1}0${at}::${10 + n}`] : []
        const groups = [...new Set([dice.pick(net.groups), ...dice.some(net.groups, 1)])]
        const state = dice.chance(0.93) ? 'running' : 'stopped'
        const attached = dice.chance(0.97) ? {} : { more: { Status: 'available' } }
        draw.hosts.push(`${ip}/32`, ...(publicIp ? [`${publicIp}/32`] : []))
        estate.instance(`i-${net.name}${at}${n}`, subnet.id, {
          ip,
          ...(publicIp ? { public: publicIp } : {}),
          v6,
          groups,
          state,
          ...attached,
        })
      }
    })
  }
}

function drawBalancer(draw: Drawing, net: Net): void {
  const { estate, dice } = draw
  const type = dice.pick(['application', 'network'] as const)
  const groups = type === 'application' || dice.chance(0.5) ? [dice.pick(net.groups)] : []
  const facing = dice.chance(0.7)
  const nodes = Object.fromEntries(
    dice.some(net.subnets, 4).map((subnet) => {
      const at = subnet.id.at(-1) ?? '0'
      const publicIp = `52.8.${net.index}.${at}`
      const ip = subnet.cidr.replace('.0/24', '.200')
      draw.hosts.push(`${ip}/32`)
      return [subnet.id, { ip, ...(facing ? { public: publicIp } : {}) }]
    }),
  )
  if (Object.keys(nodes).length === 0) return
  const kind = type === 'application' ? 'app' : 'net'
  const cross = type === 'network' && dice.chance(0.5) ? { 'load_balancing.cross_zone.enabled': 'true' } : {}
  const arn = estate.balancer(`${kind}/lb-${net.name}/1`, type, net.vpc, groups, nodes, cross)
  const transport = type === 'application' ? 'HTTP' : dice.pick(['TCP', 'UDP', 'TCP_UDP'])
  const ids = net.subnets.map(({ id }) => `i-${id.slice(7)}0`)
  const byIp = dice.chance(0.4)
  const own = byIp ? ids.map((id) => `10.${net.index}.${id.at(-2)}.10`) : ids
  const keep =
    type === 'network' && transport === 'TCP' && dice.chance(0.3)
      ? { 'preserve_client_ip.enabled': dice.pick(['true', 'false']) }
      : {}
  const targets = [...new Set(dice.some(own, 3))].map((id) => (dice.chance(0.5) ? id : `${id}:80`))
  const group = estate.targets(
    `tg-${net.name}`,
    net.vpc,
    byIp ? 'ip' : 'instance',
    transport,
    dice.pick([80, 8080]),
    targets,
    keep,
  )
  estate.listener(arn, dice.pick([80, 443]), transport, [forward(group)])
}

function drawRules(draw: Drawing): void {
  const { estate, dice, nets } = draw
  for (const net of nets) {
    for (const id of net.groups) {
      const rules = (most: number): string[] =>
        Array.from({ length: dice.int(most + 1) }, () => groupRule(draw, net))
      const egress = dice.chance(0.6) ? ['all 0.0.0.0/0', 'all ::/0'] : rules(3)
      estate.group(id, net.vpc, {
        ingress: [...(dice.chance(0.3) ? ['all 0.0.0.0/0'] : []), ...rules(4)],
        egress,
      })
    }
    estate.table(`rtb-${net.name}main`, net.vpc, { main: true }, routes(draw, net))
    for (const { id } of net.subnets) {
      if (dice.chance(0.6)) estate.table(`rtb-${id}`, net.vpc, { subnets: [id] }, routes(draw, net))
      estate.acl(`acl-${id}`, net.vpc, [id], { ingress: aclRules(draw), egress: aclRules(draw) })
    }
    if (dice.chance(0.05))
      estate.table(`rtb-edge-${net.name}`, net.vpc, { gateway: `igw-${net.name}` }, [
        `${net.cidr} local`,
        `${net.six} local`,
      ])
  }
}

export function generate(seed: number): Estate {
  const dice = random(seed)
  const estate = createEstate()
  const nets = drawNets(estate, dice)
  const lists = dice.chance(0.3) ? ['pl-some'] : []
  const draw: Drawing = { estate, dice, nets, lists, hosts: [] }
  if (lists.length > 0) estate.prefixList('pl-some', [...new Set(dice.some(CIDRS, 3))])
  drawGateways(draw)
  drawTransit(draw)
  drawHosts(draw)
  for (const net of nets) if (dice.chance(0.5)) drawBalancer(draw, net)
  drawRules(draw)
  if (dice.chance(0.1)) {
    const exclusions = dice.chance(0.5)
      ? { [dice.pick(nets).vpc]: dice.pick(['allow-bidirectional', 'allow-egress']) }
      : {}
    estate.blockPublicAccess(dice.pick(['block-bidirectional', 'block-ingress', 'off']), exclusions)
  }
  return estate
}

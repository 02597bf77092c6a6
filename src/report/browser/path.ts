/** The path of a packet, drawn: a list of hops for readers and screen readers, joined by a line. */
import type { Hop, Path } from '../proof.ts'
import { el, svg } from './dom.ts'

type Shape = readonly [tag: string, attributes: Readonly<Record<string, string | number>>]

const GLOBE: readonly Shape[] = [
  ['circle', { cx: 12, cy: 12, r: 8 }],
  ['path', { d: 'M4 12h16M12 4c5 5 5 11 0 16M12 4c-5 5-5 11 0 16' }],
]
const GATE: readonly Shape[] = [['path', { d: 'M5 20V8a7 7 0 0 1 14 0v12M12 20v-9M5 20h14' }]]
const SHIELD: readonly Shape[] = [['path', { d: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z' }]]
const ROUTE: readonly Shape[] = [['path', { d: 'M5 19V9h10M15 5l4 4-4 4' }]]
const PLUG: readonly Shape[] = [['path', { d: 'M8 3v5M16 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4' }]]
const SERVER: readonly Shape[] = [
  ['rect', { x: 4, y: 4, width: 16, height: 7, rx: 1 }],
  ['rect', { x: 4, y: 13, width: 16, height: 7, rx: 1 }],
  ['path', { d: 'M8 7.5h.01M8 16.5h.01' }],
]
const SPREAD: readonly Shape[] = [['path', { d: 'M4 12h6M10 12l8-6M10 12h9M10 12l8 6' }]]
const PLACE: readonly Shape[] = [['circle', { cx: 12, cy: 12, r: 5 }]]

const PICTURES: Readonly<Record<string, readonly Shape[]>> = {
  internet: GLOBE,
  network: GLOBE,
  'internet-gateway': GATE,
  'egress-only-internet-gateway': GATE,
  'nat-gateway': GATE,
  'vpn-gateway': GATE,
  'vpn-connection': GATE,
  'transit-gateway': SPREAD,
  peering: SPREAD,
  'load-balancer': SPREAD,
  listener: SPREAD,
  'target-group': SPREAD,
  route: ROUTE,
  'network-acl': SHIELD,
  'security-group': SHIELD,
  'block-public-access': SHIELD,
  endpoint: PLUG,
  'network-interface': PLUG,
  instance: SERVER,
}

function picture(kind: string): Element {
  const shapes = (Object.hasOwn(PICTURES, kind) ? PICTURES[kind] : undefined) ?? PLACE
  return svg(
    'svg',
    { viewBox: '0 0 24 24', width: 24, height: 24, 'aria-hidden': 'true', class: 'glyph' },
    ...shapes.map(([tag, attributes]) => svg(tag, attributes)),
  )
}

/** `network-acl` as people write it. */
function named(kind: string): string {
  const words = kind.replaceAll('-', ' ').replace(/\b(acl|vpn|nat)\b/g, (word) => word.toUpperCase())
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function hopItem({ resource, kind, decision, detail }: Hop): HTMLLIElement {
  const name = resource === kind ? named(kind) : resource
  const about = [resource === kind ? '' : named(kind), decision].filter((part) => part !== '').join(', ')
  return el(
    'li',
    '',
    el('span', 'node', picture(kind)),
    el('span', 'hop', el('b', '', name), ' ', el('span', 'soft', about), el('span', 'detail', detail)),
  )
}

export function pathPicture({ packet, hops }: Path): Node[] {
  const heading = packet === '' ? [] : [el('p', 'packet', el('code', '', packet))]
  return [...heading, el('ol', 'path', ...hops.map(hopItem))]
}

/**
 * Header space as a step function: for each remote address the traffic that may pass. Stored as sorted, disjoint
 * intervals with their traffic; addresses between them pass nothing.
 * Building one from k CIDRs takes O(k log k + k·d), d the depth to which they nest (at most 33 or 129, times duplicates);
 * meeting a map of n intervals with one of m takes O(n log m + overlaps).
 */
import type { Address, AddressSet } from './address-set.ts'
import { next, previous, setOf } from './interval-set.ts'
import type { Traffic } from './traffic.ts'
import { intersectTraffic, isNone, NO_TRAFFIC, sameTraffic, uniteTraffic } from './traffic.ts'

export interface Step<V> {
  readonly lo: Address
  readonly hi: Address
  readonly value: V
}
export type StepMap<V> = readonly Step<V>[]
export type TrafficMap = StepMap<Traffic>

export interface Spanned<T> {
  readonly lo: Address
  readonly hi: Address
  readonly item: T
}

interface Edge<T> {
  readonly at: Address
  readonly item: T
  readonly opens: boolean
}

function edgesOf<T>(spans: readonly Spanned<T>[]): Edge<T>[] {
  const edges: Edge<T>[] = []
  for (const { lo, hi, item } of spans) {
    edges.push({ at: lo, item, opens: true }, { at: next(hi), item, opens: false })
  }
  return edges.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

/**
 * Cuts the line at every border of `spans` and folds, for each piece, the items that lie over it.
 * `fold` gets the items in no order; undefined leaves the piece out. Neighbours with `same` values become one.
 */
export function sweep<T, V>(
  spans: readonly Spanned<T>[],
  fold: (over: readonly T[]) => V | undefined,
  same: (a: V, b: V) => boolean,
): StepMap<V> {
  const edges = edgesOf(spans)
  const active = new Map<T, number>()
  const steps: Step<V>[] = []
  for (let i = 0; i < edges.length; ) {
    const at = (edges[i] as Edge<T>).at
    for (; i < edges.length && (edges[i] as Edge<T>).at === at; i++) {
      const edge = edges[i] as Edge<T>
      const count = (active.get(edge.item) ?? 0) + (edge.opens ? 1 : -1)
      if (count > 0) active.set(edge.item, count)
      else active.delete(edge.item)
    }
    const following = edges[i]
    if (!following || active.size === 0) continue
    const value = fold([...active.keys()])
    if (value !== undefined) append(steps, { lo: at, hi: previous(following.at), value }, same)
  }
  return steps
}

function append<V>(steps: Step<V>[], step: Step<V>, same: (a: V, b: V) => boolean): void {
  const last = steps.at(-1)
  if (last && next(last.hi) === step.lo && same(last.value, step.value)) {
    steps[steps.length - 1] = { lo: last.lo, hi: step.hi, value: last.value }
  } else steps.push(step)
}

/** The index of the first step that ends at or after `address`. */
function firstFrom<V>(map: StepMap<V>, address: Address): number {
  let lo = 0
  let hi = map.length
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    if ((map[mid] as Step<V>).hi < address) lo = mid + 1
    else hi = mid
  }
  return lo
}

export function valueAt<V>(map: StepMap<V>, address: Address): V | undefined {
  const step = map[firstFrom(map, address)]
  return step && step.lo <= address ? step.value : undefined
}

export function everywhere<V>(domain: AddressSet, value: V): StepMap<V> {
  return domain.map(([lo, hi]) => ({ lo, hi, value }))
}

/** Pieces where both are defined, with what `op` makes of them; `undefined` leaves a piece out. */
export function meet<A, B, V>(
  a: StepMap<A>,
  b: StepMap<B>,
  op: (x: A, y: B) => V | undefined,
  same: (x: V, y: V) => boolean,
): StepMap<V> {
  const steps: Step<V>[] = []
  for (const left of a) {
    for (let j = firstFrom(b, left.lo); j < b.length; j++) {
      const right = b[j] as Step<B>
      if (right.lo > left.hi) break
      const value = op(left.value, right.value)
      if (value === undefined) continue
      const lo = left.lo > right.lo ? left.lo : right.lo
      const hi = left.hi < right.hi ? left.hi : right.hi
      append(steps, { lo, hi, value }, same)
    }
  }
  return steps
}

function common(x: Traffic, y: Traffic): Traffic | undefined {
  const traffic = intersectTraffic(x, y)
  return isNone(traffic) ? undefined : traffic
}

export function intersectMaps(a: TrafficMap, b: TrafficMap): TrafficMap {
  if (a === b) return a
  return meet(a, b, common, sameTraffic)
}

export function uniteMaps(maps: readonly TrafficMap[]): TrafficMap {
  if (maps.length === 1) return maps[0] ?? []
  const spans: Spanned<Step<Traffic>>[] = []
  for (const map of maps) for (const step of map) spans.push({ lo: step.lo, hi: step.hi, item: step })
  return sweep(
    spans,
    (over) => {
      let all: Traffic = NO_TRAFFIC
      for (const step of over) all = uniteTraffic(all, step.value)
      return isNone(all) ? undefined : all
    },
    sameTraffic,
  )
}

/** The same map on `domain` only. */
export function restrict<V>(map: StepMap<V>, domain: AddressSet): StepMap<V> {
  const steps: Step<V>[] = []
  for (const [from, to] of domain) {
    for (let j = firstFrom(map, from); j < map.length; j++) {
      const step = map[j] as Step<V>
      if (step.lo > to) break
      steps.push({ lo: step.lo > from ? step.lo : from, hi: step.hi < to ? step.hi : to, value: step.value })
    }
  }
  return steps
}

export function mapValues(map: TrafficMap, op: (traffic: Traffic) => Traffic): TrafficMap {
  const steps: Step<Traffic>[] = []
  for (const { lo, hi, value } of map) {
    const changed = op(value)
    if (!isNone(changed)) append(steps, { lo, hi, value: changed }, sameTraffic)
  }
  return steps
}

/** The addresses that it holds anything for. */
export function domainOf(map: StepMap<unknown>): AddressSet {
  return setOf(map.map(({ lo, hi }) => [lo, hi] as const))
}

export function sameMap(a: TrafficMap, b: TrafficMap): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  return a.every((step, i) => {
    const other = b[i]
    return other && step.lo === other.lo && step.hi === other.hi && sameTraffic(step.value, other.value)
  })
}

/**
 * Sets of whole numbers as sorted, disjoint, non-adjacent closed intervals.
 * One set holds numbers only (IPv4 addresses, ports) or bigints only (IPv6 addresses).
 * With n and m intervals, union, intersection and difference take O(n + m), membership O(log n); setOf sorts.
 */
export type Whole = number | bigint
export type Interval<W extends Whole = Whole> = readonly [lo: W, hi: W]
export type IntervalSet<W extends Whole = Whole> = readonly Interval<W>[]

export const EMPTY: IntervalSet<never> = []

export function next<W extends Whole>(value: W): W {
  return (typeof value === 'bigint' ? value + 1n : (value as number) + 1) as W
}

export function previous<W extends Whole>(value: W): W {
  return (typeof value === 'bigint' ? value - 1n : (value as number) - 1) as W
}

/** Any intervals, in any order, overlapping or not, as a set. */
export function setOf<W extends Whole>(intervals: Iterable<Interval<W>>): IntervalSet<W> {
  const sorted = [...intervals].filter(([lo, hi]) => lo <= hi)
  sorted.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))
  const merged: [W, W][] = []
  for (const [lo, hi] of sorted) {
    const last = merged.at(-1)
    if (last && lo <= next(last[1])) {
      if (hi > last[1]) last[1] = hi
    } else merged.push([lo, hi])
  }
  return merged
}

export function union<W extends Whole>(a: IntervalSet<W>, b: IntervalSet<W>): IntervalSet<W> {
  if (a.length === 0 || a === b) return b
  if (b.length === 0) return a
  const merged: [W, W][] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const left = a[i]
    const right = b[j]
    const takesLeft = left !== undefined && (right === undefined || left[0] <= right[0])
    const [lo, hi] = (takesLeft ? left : right) as Interval<W>
    if (takesLeft) i++
    else j++
    const last = merged.at(-1)
    if (!last || lo > next(last[1])) merged.push([lo, hi])
    else if (hi > last[1]) last[1] = hi
  }
  return merged
}

export function intersect<W extends Whole>(a: IntervalSet<W>, b: IntervalSet<W>): IntervalSet<W> {
  if (a === b) return a
  const common: Interval<W>[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const x = a[i] as Interval<W>
    const y = b[j] as Interval<W>
    const lo = x[0] > y[0] ? x[0] : y[0]
    const hi = x[1] < y[1] ? x[1] : y[1]
    if (lo <= hi) common.push([lo, hi])
    if (x[1] < y[1]) i++
    else j++
  }
  return common
}

export function subtract<W extends Whole>(a: IntervalSet<W>, b: IntervalSet<W>): IntervalSet<W> {
  if (b.length === 0 || a.length === 0) return a
  const rest: Interval<W>[] = []
  let j = 0
  for (const [from, to] of a) {
    let lo = from
    while (j < b.length && (b[j] as Interval<W>)[1] < lo) j++
    let k = j
    let open = true
    while (k < b.length && (b[k] as Interval<W>)[0] <= to) {
      const [cutLo, cutHi] = b[k] as Interval<W>
      if (cutLo > lo) rest.push([lo, previous(cutLo)])
      if (cutHi >= to) {
        open = false
        break
      }
      lo = next(cutHi)
      k++
    }
    if (open && lo <= to) rest.push([lo, to])
  }
  return rest
}

export function equal<W extends Whole>(a: IntervalSet<W>, b: IntervalSet<W>): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  return a.every(([lo, hi], i) => b[i]?.[0] === lo && b[i]?.[1] === hi)
}

export function isSubset<W extends Whole>(a: IntervalSet<W>, b: IntervalSet<W>): boolean {
  return subtract(a, b).length === 0
}

/** The interval that holds a value. */
export function intervalAt<W extends Whole>(set: IntervalSet<W>, value: W): Interval<W> | undefined {
  let lo = 0
  let hi = set.length - 1
  while (lo <= hi) {
    const mid = (lo + hi) >> 1
    const interval = set[mid] as Interval<W>
    if (value < interval[0]) hi = mid - 1
    else if (value > interval[1]) lo = mid + 1
    else return interval
  }
  return undefined
}

export function contains<W extends Whole>(set: IntervalSet<W>, value: W): boolean {
  return intervalAt(set, value) !== undefined
}

/** Whether the set holds all of a range. */
export function covers<W extends Whole>(set: IntervalSet<W>, lo: W, hi: W): boolean {
  const interval = intervalAt(set, lo)
  return interval !== undefined && interval[1] >= hi
}

/** The least value of a range that is not in the set. */
export function firstOutside<W extends Whole>(set: IntervalSet<W>, lo: W, hi: W): W | undefined {
  const interval = intervalAt(set, lo)
  if (!interval) return lo
  return interval[1] < hi ? next(interval[1]) : undefined
}

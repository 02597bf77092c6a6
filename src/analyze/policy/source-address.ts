/** From which addresses of the internet a query is allowed. */
import { cidrs, contains, merged, parseRange, type Range } from './address.ts'
import { isNarrow } from './s3-block.ts'
import type { Seat } from './scene.ts'
import { find, type Query } from './search.ts'
import { NO, type Truth, UNKNOWN, YES } from './truth.ts'
import type { Box } from './world.ts'

const KEY = 'aws:sourceip'

interface Block {
  readonly range: Range
  readonly text: string
}

/** The blocks that the rules let in: what an Allow asks for, what a Deny spares. */
function admitted(box: Box): Block[] {
  const lets = box.bound.statement.effect === 'Deny'
  return box.bound.conditions
    .filter(({ key, operator }) => key === KEY && operator?.family === 'ip' && operator.negated === lets)
    .flatMap(({ values }) => values)
    .flatMap((text) => {
      const range = parseRange(text)
      return range
        ? [{ range, text: text.includes('/') ? text : `${text}/${range.version === 4 ? 32 : 128}` }]
        : []
    })
}

function both(a: Range, b: Range): Range | undefined {
  if (a.version !== b.version) return undefined
  const low = a.low > b.low ? a.low : b.low
  const high = a.high < b.high ? a.high : b.high
  return low <= high ? { version: a.version, low, high } : undefined
}

/** The ranges in whole blocks, a block of the policy as the policy writes it. */
function written(ranges: readonly Range[], blocks: readonly Block[]): string[] {
  const whole = blocks.filter(({ range }) => ranges.some((one) => contains(one, range)))
  const widest = whole.filter(
    ({ range }, at) =>
      !whole.some(
        (other, i) => i !== at && contains(other.range, range) && (!contains(range, other.range) || i < at),
      ),
  )
  const rest = blocks
    .filter((block) => !whole.includes(block))
    .flatMap(({ range }) => ranges.flatMap((one) => both(one, range) ?? []))
  const outside = blocks.length === 0 ? ranges : rest
  return [...new Set([...widest.map((block) => block.text), ...outside.flatMap(cidrs)])]
}

/** The blocks from which the query is allowed: for certain, and where `perhaps` as far as is known. */
export function blocksOf(seat: Seat, query: Query, perhaps: boolean): string[] {
  const at = seat.world.index.get(KEY)
  if (at === undefined || !asksForAddress(query, at)) return []
  const { limit } = query
  const ranges = (seat.world.dimensions[at]?.atoms ?? []).flatMap((atom, index): Range[] => {
    if (!atom.range) return []
    const here = (one: number): boolean => one === index
    const only: Query['limit'] = (dimension) => (dimension === at ? here : limit?.(dimension))
    const { truth } = find(seat.world, { ...query, limit: only })
    return truth === YES || (perhaps && truth === UNKNOWN) ? [atom.range] : []
  })
  return written(merged(ranges), [...query.allows, ...query.denies].flatMap(admitted))
}

function asksForAddress(query: Query, at: number): boolean {
  return [...query.allows, ...query.denies].some((box) => box.parts.some((part) => part.dimension === at))
}

const isWide = (blocks: readonly string[]): boolean => blocks.some((block) => !isNarrow(block))

/**
 * How far the addresses from which the query is allowed are everybody's: blocks wider than S3 takes for fixed are.
 * [S3 User Guide, "Blocking public access", "The meaning of public"]
 */
export function width(seat: Seat, query: Query): Truth {
  const at = seat.world.index.get(KEY)
  if (at === undefined || query.path !== 'internet' || !asksForAddress(query, at)) return YES
  if (isWide(blocksOf(seat, query, false))) return YES
  return !seat.world.certain && isWide(blocksOf(seat, query, true)) ? UNKNOWN : NO
}

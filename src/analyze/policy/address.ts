/** IP addresses and CIDR blocks as ranges of integers. */

export interface Range {
  readonly version: 4 | 6
  readonly low: bigint
  readonly high: bigint
}

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

function parseV4(text: string): bigint | undefined {
  const found = V4.exec(text)
  if (!found) return undefined
  let value = 0
  for (const part of found.slice(1)) {
    const byte = Number(part)
    if (byte > 255) return undefined
    value = value * 256 + byte
  }
  return BigInt(value)
}

function parseV6(text: string): bigint | undefined {
  if (!text.includes(':') || text.length > 45) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const groups = (half: string): string[] => (half === '' ? [] : half.split(':'))
  const head = groups(halves[0] ?? '')
  const tail = groups(halves[1] ?? '')
  const last = halves.length === 2 ? tail : head
  const dotted = last[last.length - 1]
  if (dotted?.includes('.')) {
    const v4 = parseV4(dotted)
    if (v4 === undefined) return undefined
    last.splice(last.length - 1, 1, (v4 >> 16n).toString(16), (v4 & 0xffffn).toString(16))
  }
  const gap = 8 - head.length - tail.length
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined
  let value = 0n
  for (const group of [...head, ...new Array<string>(Math.max(gap, 0)).fill('0'), ...tail]) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined
    value = (value << 16n) | BigInt(Number.parseInt(group, 16))
  }
  return value
}

function readRange(text: string): Range | undefined {
  const slash = text.indexOf('/')
  const base = slash < 0 ? text : text.slice(0, slash)
  const v4 = parseV4(base)
  const value = v4 ?? parseV6(base)
  if (value === undefined) return undefined
  const version = v4 === undefined ? 6 : 4
  const bits = version === 4 ? 32 : 128
  const suffix = slash < 0 ? String(bits) : text.slice(slash + 1)
  if (!/^\d{1,3}$/.test(suffix) || Number(suffix) > bits) return undefined
  const span = 1n << BigInt(bits - Number(suffix))
  const low = (value / span) * span
  return { version, low, high: low + span - 1n }
}

const known = new Map<string, Range | null>()

/** An address or a CIDR block; undefined where it is neither. */
export function parseRange(text: string): Range | undefined {
  const cached = known.get(text)
  if (cached !== undefined) return cached ?? undefined
  const range = readRange(text)
  if (known.size > 50_000) known.clear()
  known.set(text, range ?? null)
  return range
}

export function contains(range: Range, address: Range): boolean {
  return range.version === address.version && range.low <= address.low && address.high <= range.high
}

export function format(version: 4 | 6, value: bigint): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.')
  const groups: string[] = []
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(((value >> shift) & 0xffffn).toString(16))
  const joined = groups.join(':')
  const zeros = joined.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? []
  const longest = zeros.reduce((best, run) => (run.length > best.length ? run : best), '')
  if (longest === '') return joined
  const short = joined.replace(longest, ':')
  return short.startsWith('::') || short === ':'
    ? short === ':'
      ? '::'
      : short
    : `${short}${short.endsWith(':') ? ':' : ''}`
}

/** The CIDR blocks that make up a range, largest first from the left. */
export function cidrs(range: Range): string[] {
  const bits = range.version === 4 ? 32 : 128
  const blocks: string[] = []
  let at = range.low
  while (at <= range.high) {
    let size = 0
    while (
      size < bits &&
      (at & (1n << BigInt(size))) === 0n &&
      at + (1n << BigInt(size + 1)) - 1n <= range.high
    )
      size++
    blocks.push(`${format(range.version, at)}/${bits - size}`)
    at += 1n << BigInt(size)
  }
  return blocks
}

/** Ranges from which no caller reaches AWS over the internet. [RFC 1918, 1122, 3927, 6598, 4193, 4291] */
export const PRIVATE: readonly Range[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
  '::/8',
].flatMap((text) => parseRange(text) ?? [])

export const EVERYTHING: readonly Range[] = ['0.0.0.0/0', '::/0'].flatMap((text) => parseRange(text) ?? [])

/** The ranges that a set of blocks can tell apart, without those of `never`: every address of one is like every other. */
export function cells(blocks: readonly Range[], never: readonly Range[]): Range[] {
  const result: Range[] = []
  for (const whole of EVERYTHING) {
    const same = [...blocks, ...never].filter((block) => block.version === whole.version)
    const borders = new Set<bigint>([whole.low, whole.high + 1n])
    for (const block of same) borders.add(block.low).add(block.high + 1n)
    const sorted = [...borders].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    for (let i = 0; i + 1 < sorted.length; i++) {
      const low = sorted[i]
      const next = sorted[i + 1]
      if (low === undefined || next === undefined || low > whole.high) continue
      const cell: Range = { version: whole.version, low, high: next - 1n }
      if (!never.some((block) => contains(block, cell))) result.push(cell)
    }
  }
  return result
}

/** Ranges that touch as one, in order. */
export function merged(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) =>
    a.version === b.version ? (a.low < b.low ? -1 : 1) : a.version - b.version,
  )
  const result: Range[] = []
  for (const range of sorted) {
    const last = result[result.length - 1]
    if (last && last.version === range.version && range.low <= last.high + 1n) {
      result[result.length - 1] = { ...last, high: range.high > last.high ? range.high : last.high }
    } else result.push(range)
  }
  return result
}

/** Addresses and CIDRs as plain numbers; deliberately not shared with the engine that this oracle judges. */

export interface Address {
  readonly family: 4 | 6
  readonly value: bigint
}

export interface Cidr {
  readonly family: 4 | 6
  readonly first: bigint
  readonly last: bigint
  readonly length: number
}

const BITS = { 4: 32, 6: 128 } as const

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const zeros = 8 - head.length - tail.length
  if (halves.length === 1 ? zeros !== 0 : zeros < 1) return undefined
  const groups = [...head, ...Array<string>(zeros).fill('0'), ...tail]
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n)
}

const addresses = new Map<string, Address | undefined>()
const cidrs = new Map<string, Cidr | undefined>()

function remember<T>(known: Map<string, T>, text: string, parse: (text: string) => T): T {
  const found = known.get(text)
  if (found !== undefined || known.has(text)) return found as T
  const parsed = parse(text)
  known.set(text, parsed)
  return parsed
}

export function parseAddress(text: string): Address | undefined {
  return remember(addresses, text, (t) => {
    const family = t.includes(':') ? 6 : 4
    const value = family === 6 ? parseIpv6(t) : parseIpv4(t)
    return value === undefined ? undefined : { family, value }
  })
}

export function parseCidr(text: string): Cidr | undefined {
  return remember(cidrs, text, (t) => {
    const [base = '', bits] = t.split('/')
    const address = parseAddress(base)
    if (!address) return undefined
    const length = bits === undefined ? BITS[address.family] : Number(bits)
    const size = 1n << BigInt(BITS[address.family] - length)
    const first = address.value - (address.value % size)
    return { family: address.family, first, last: first + size - 1n, length }
  })
}

export function contains(cidr: Cidr | undefined, address: Address): boolean {
  return (
    cidr !== undefined &&
    cidr.family === address.family &&
    cidr.first <= address.value &&
    address.value <= cidr.last
  )
}

export function inCidr(text: string, address: Address): boolean {
  return contains(parseCidr(text), address)
}

export function same(a: Address, b: Address): boolean {
  return a.family === b.family && a.value === b.value
}

export function formatAddress({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 65535n).toString(16))
  const zeros = /(?:^|:)0(?::0)+(?:$|:)/.exec(groups.join(':'))
  return zeros ? groups.join(':').replace(zeros[0], '::') : groups.join(':')
}

const NOT_INTERNET = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/** The edges of the public address space, for probes. */
export const INTERNET_EDGES: readonly string[] = [...NOT_INTERNET, '2000::/3']

/** Whether an address is one that the internet routes: global unicast, the documentation ranges included. */
export function isPublic(address: Address): boolean {
  if (address.family === 6) return inCidr('2000::/3', address)
  return !NOT_INTERNET.some((cidr) => inCidr(cidr, address))
}

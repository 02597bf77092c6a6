/** What of the evidence has a shape of its own: the path of a packet, the grants of a policy, and the rest. */
import type { Json, JsonObject } from '../snapshot/model.ts'

type Evidence = Readonly<Record<string, Json>>

export interface Hop {
  readonly resource: string
  readonly kind: string
  readonly decision: string
  readonly detail: string
}

export interface Path {
  /** `198.51.100.7:49152 → 203.0.113.5:22 tcp`; empty where no packet is told. */
  readonly packet: string
  readonly hops: readonly Hop[]
}

export interface Grant {
  readonly statement: string
  readonly effect: string
  readonly principals: readonly string[]
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions: string
}

/** How deep in evidence a path or grants are looked for. */
const DEPTH = 5

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)

const texts = (value: Json | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value.map((one: Json) => text(one)) : [text(value)]

const isWitness = (value: Json): value is JsonObject => isObject(value) && Array.isArray(value['hops'])

const isGrants = (value: Json): value is readonly JsonObject[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one: Json) => isObject(one) && 'principals' in one && 'actions' in one)

/** The first member, at any depth, that is what is asked for. */
function find<T extends Json>(value: Json, is: (value: Json) => value is T, depth = DEPTH): T | undefined {
  if (is(value)) return value
  if (depth === 0 || typeof value !== 'object' || value === null) return undefined
  for (const member of Object.values(value)) {
    const found = find(member as Json, is, depth - 1)
    if (found) return found
  }
  return undefined
}

function endText(ip: Json | undefined, port: Json | undefined): string {
  const address = text(ip)
  if (port === undefined) return address
  return address.includes(':') ? `[${address}]:${text(port)}` : `${address}:${text(port)}`
}

function packetText(packet: Json | undefined): string {
  if (!isObject(packet)) return ''
  const { srcIp, srcPort, dstIp, dstPort, protocol } = packet
  return `${endText(srcIp, srcPort)} → ${endText(dstIp, dstPort)} ${text(protocol)}`.trim()
}

/** The path that evidence proves, hop by hop; nothing where it holds none. */
export function pathOf(evidence: Evidence): Path | undefined {
  const witness = find(evidence, isWitness)
  if (!witness) return undefined
  const hops = (witness['hops'] as readonly Json[]).filter(isObject).map((hop) => ({
    resource: text(hop['resource']),
    kind: text(hop['kind']),
    decision: text(hop['decision']),
    detail: text(hop['detail']),
  }))
  return hops.length === 0 ? undefined : { packet: packetText(witness['packet']), hops }
}

export const hopsOf = (evidence: Evidence): readonly Hop[] => pathOf(evidence)?.hops ?? []

/** The statements that grant what the finding is about. */
export function grantsOf(evidence: Evidence): Grant[] {
  return (find(evidence, isGrants) ?? []).map((grant) => ({
    statement: text(grant['statement']),
    effect: text(grant['effect']),
    principals: texts(grant['principals']),
    actions: texts(grant['actions']),
    resources: texts(grant['resources']),
    conditions: text(grant['conditions']),
  }))
}

/** @returns the value less paths and grants, or nothing where it was one of them */
function rest(value: Json, depth = DEPTH): Json | undefined {
  if (isWitness(value) || isGrants(value)) return undefined
  if (depth > 0 && Array.isArray(value))
    return value.flatMap((one: Json): Json[] => {
      const left = rest(one, depth - 1)
      return left === undefined ? [] : [left]
    })
  if (depth === 0 || !isObject(value)) return value
  const members = Object.entries(value)
  const kept = members.flatMap(([key, member]): [string, Json][] => {
    const left = rest(member, depth - 1)
    return left === undefined ? [] : [[key, left]]
  })
  return kept.length === 0 && members.length > 0 ? undefined : Object.fromEntries(kept)
}

/** Evidence that is read as values: all but the path and the grants. */
export function valuesOf(evidence: Evidence): [string, Json][] {
  return Object.entries(evidence).flatMap(([key, value]): [string, Json][] => {
    const left = rest(value)
    return left === undefined ? [] : [[key, left]]
  })
}

const isFlat = (value: Json): boolean => typeof value !== 'object' || value === null

const flat = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

const pairsOf = (value: JsonObject): string =>
  Object.entries(value)
    .map(([key, member]) => `${key} ${isFlat(member) ? flat(member) : readable(member, ' + ')}`)
    .join(', ')

/** A value for a person: no brackets and quotes where words do. The rows of a list are parted by `between`. */
export function readable(value: Json, between: string): string {
  if (Array.isArray(value)) {
    const items = value as readonly Json[]
    if (items.length === 0) return 'none'
    return items.every(isFlat)
      ? items.map(flat).join(', ')
      : items.map((one) => readable(one, ' + ')).join(between)
  }
  if (!isObject(value)) return flat(value)
  return Object.keys(value).length === 0 ? 'none' : pairsOf(value)
}

/** What an answer rests on: the statements, a request, and what closes what would else be open. */
import type { Json, Missing } from '../../snapshot/model.ts'
import { distinctMissing } from '../unread.ts'
import type { AccessRequest, Grant } from './answer.ts'
import { callerKey } from './caller-keys.ts'
import { keyFacts } from './condition-key.ts'
import type { Judge } from './judge.ts'
import type { Caller } from './principal.ts'
import { type Hit, reach } from './reach.ts'
import type { Rule } from './rule.ts'
import { type Assignment, find, type Query } from './search.ts'
import { NO, YES } from './truth.ts'
import { keepsOut } from './way.ts'
import { boxesOf, type World } from './world.ts'

function flat(value: Json | undefined, prefix = ''): string[] {
  if (typeof value === 'string') return [prefix === '' ? value : `${prefix}: ${value}`]
  if (typeof value === 'number' || typeof value === 'boolean') return [`${prefix}: ${value}`]
  if (Array.isArray(value)) return value.flatMap((one: Json) => flat(one, prefix))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => flat(one, prefix === '' ? key : `${prefix} ${key}`))
}

function either(rule: Rule, name: string): string[] {
  const { json } = rule.statement
  const not = json[`Not${name}`]
  return not === undefined ? flat(json[name]) : flat(not).map((one) => `not ${one}`)
}

export function grantOf(rule: Rule): Grant {
  return {
    statement: rule.label,
    effect: 'Allow',
    principals: either(rule, 'Principal'),
    actions: either(rule, 'Action'),
    resources: either(rule, 'Resource'),
    conditions: rule.statement.conditions.map(
      ({ written }) => `${written.operator} ${written.key} ${written.values.join(', ')}`,
    ),
  }
}

function principalText(caller: Caller): string {
  switch (caller.kind) {
    case 'anonymous':
      return 'anonymous'
    case 'service':
      return caller.service ?? ''
    case 'federated':
      return caller.provider ?? ''
    case 'canonical':
      return caller.canonical ?? ''
    case 'principal':
      return (caller.bySession ? caller.sessionArn : caller.arn) ?? ''
  }
}

/** The caller's own keys, as far as some rule asks for them. */
function callerContext({ asked }: World, caller: Caller): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const key of asked.keys()) {
    const value = keyFacts(key)?.part === 'caller' ? callerKey(caller, key) : undefined
    if (value) found.set(key, value)
  }
  return found
}

const single = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 && values[0] !== undefined ? values[0] : values

/**
 * The request that a search found, with every key of it that some rule asks for.
 * @param named one of the actions that the rules treat alike; without it, the first
 */
export function witnessOf({ seat, query, at }: Hit, named?: string): AccessRequest | undefined {
  const { world, binding } = seat
  const caller = world.candidates[query.candidate]?.caller
  const action = world.actions[query.action]?.action
  if (!caller || !action) return undefined
  const context = callerContext(world, caller)
  for (const [key, value] of binding ?? []) if (value !== undefined) context.set(key, [value])
  for (let index = 0; index < world.dimensions.length; index++) {
    const atom = world.dimensions[index]?.atoms[at[index] ?? -1]
    for (const [key, values] of atom?.values ?? []) context.set(key, values)
  }
  return {
    principal: principalText(caller),
    action: named ?? action.name,
    resource: resourceIn(world, query, at),
    context: asWritten(context, world),
  }
}

function resourceIn(world: World, { point }: Query, at: Assignment): string {
  const index = world.index.get(point === undefined ? 'resource' : `point:${point}`) ?? -1
  return world.dimensions[index]?.atoms[at[index] ?? -1]?.label ?? ''
}

/** What some rule asks for, under the names that policies write. */
function asWritten(
  context: ReadonlyMap<string, readonly string[]>,
  { asked }: World,
): AccessRequest['context'] {
  const found: [string, string | readonly string[]][] = []
  for (const [key, values] of context) {
    const name = asked.get(key)
    if (name !== undefined) found.push([name, single(values)])
  }
  return Object.fromEntries(found)
}

/** A request in one line: `anonymous s3:GetObject arn:aws:s3:::files/any (aws:SourceIp 203.0.113.9)`. That it is encrypted goes without saying. */
export function requestLine({ principal, action, resource, context }: AccessRequest): string {
  const keys = Object.entries(context)
    .filter(([key, value]) => !(key.toLowerCase() === 'aws:securetransport' && value === 'true'))
    .map(([key, value]) => `${key} ${[value].flat().join(' ')}`)
  const line = [principal, action, resource].filter((part) => part !== '').join(' ')
  return keys.length === 0 ? line : `${line} (${keys.join(', ')})`
}

function closingDenies(judge: Judge, hit: Hit): string[] {
  const { world } = hit.seat
  const stop = (labels: readonly number[]): boolean =>
    find(world, { ...hit.query, denies: boxesOf(world, labels) }).truth === NO
  const denies = judge.scene.rules.flatMap((rule, at) => (rule.statement.effect === 'Deny' ? [at] : []))
  const alone = denies.filter((at) => stop([at]))
  const closing = alone.length > 0 ? alone : denies
  return closing.flatMap((at) => judge.scene.rules[at]?.label ?? [])
}

const NOTHING: readonly string[] = []

/** What keeps the candidate out who would else come in by the way; nothing where the way lets nobody like it in. */
export function closedBy(judge: Judge, way: number, at: number): readonly string[] {
  const key = way * judge.scene.candidates.length + at
  const found = judge.closings.get(key) ?? closing(judge, way, at)
  judge.closings.set(key, found)
  return found
}

function closing(judge: Judge, way: number, at: number): readonly string[] {
  const of = judge.ways[way]
  const candidate = judge.scene.candidates[at]
  if (!of || !candidate || !judge.isMeant(way, at)) return NOTHING
  const restricting = judge
    .restrictions(way)
    .filter((one) => keepsOut(one, candidate, judge.scene.input.account) === YES)
    .map((one) => one.label)
  if (restricting.length > 0 && judge.reach(way, at, 'somehow').truth === NO) {
    if (reach(judge.scene, of, at, 'somehow').truth !== NO) return restricting
  }
  // Without a Deny to name, who would come in need not be known.
  if (!judge.scene.rules.some((rule) => rule.statement.effect === 'Deny')) return NOTHING
  for (const seat of judge.scene.seats(at)) {
    const allows = boxesOf(seat.world, of.rules)
    for (const action of seat.world.actions.keys()) {
      if (allows.some((box) => box.callers[seat.at] === NO || box.actions[action] === NO)) continue
      for (const path of seat.world.paths) {
        const query = { allows, denies: [], candidate: seat.at, action, path, point: of.point }
        const open = find(seat.world, query)
        if (open.truth !== NO && open.at) return closingDenies(judge, { seat, query, at: open.at })
      }
    }
  }
  return NOTHING
}

/** The calls that would have settled what is in doubt in the way: of its own rules and of every Deny. */
export function missingOf(judge: Judge, way: number): readonly Missing[] {
  const { scene, ways } = judge
  const own = ways[way]?.rules ?? []
  const rules = scene.rules.filter(
    (rule, at) => !rule.certain && (own.includes(at) || rule.statement.effect === 'Deny'),
  )
  return distinctMissing([
    ...rules.flatMap((rule) => rule.missing ?? []),
    ...judge.restrictions(way).flatMap((one) => one.missing),
  ])
}

/** What a verdict rests on: the fields that were read with the call that answered each, and all of it as a rule's own test. */
import { concealed } from '../snapshot/credentials.ts'
import type { SnapshotIndex } from '../snapshot/index.ts'
import type { Json, JsonObject, Missing, Resource } from '../snapshot/model.ts'
import type { Read } from './known.ts'
import type { Rule } from './load.ts'
import { valuesAt } from './paths.ts'
import type { Expectation, RuleTest, TestResource } from './schema.ts'
import { answering, listing, rootOf, type TypeOperation, typeShape } from './shapes.ts'
import type { World } from './world.ts'

export interface FieldRead {
  /** Of another resource than the judged one: its type. */
  readonly type?: string
  /** `config.Rotation.KeyRotationEnabled`, `tags`. */
  readonly path: string
  /** Absent where AWS answered none, where it could not be read, and of other resources. */
  readonly value?: Json
  readonly missing?: Missing
  /** The call that answers it, IAM style. */
  readonly operation?: string
}

/** The operation whose answer holds a field: one of its own, or the listing that found the resource. */
function operationOf(rule: Rule, type: string, root: string): string | undefined {
  const shape = typeShape(rule.shapes, type)
  if (shape === undefined) return undefined
  const [own]: readonly (TypeOperation | undefined)[] = answering(shape, root)
  return (own ?? listing(shape)[0])?.operation
}

/** Once each, in the order in which the rule asks. */
export function fieldsRead(rule: Rule, resource: Resource, world: World): FieldRead[] {
  const seen = new Set<string>()
  const reads = rule.reads
    .flatMap((one) => one.fields)
    .filter((read) => {
      const key = `${read.owner === 'other' ? read.type : ''}|${read.path}`
      if (read.owner === 'fact' || read.owner === 'item' || read.path === '' || seen.has(key)) return false
      seen.add(key)
      return true
    })
  const leaves = reads.filter((read) => !reads.some((other) => other !== read && isBelow(other, read)))
  return leaves.map((read) => fieldRead(rule, resource, world, read))
}

const isBelow = (other: Read, read: Read): boolean =>
  other.type === read.type &&
  (other.path.startsWith(`${read.path}.`) || other.path.startsWith(`${read.path}[]`))

function fieldRead(rule: Rule, resource: Resource, world: World, read: Read): FieldRead {
  const root = rootOf(read.path)
  const path = `config.${read.path}`
  const operation = operationOf(rule, read.owner === 'other' ? read.type : resource.type, root)
  const by = operation === undefined ? {} : { operation }
  if (read.owner === 'other') return { type: read.type, path, ...by }
  const missing =
    resource.missing && Object.hasOwn(resource.missing, root) ? resource.missing[root] : undefined
  if (missing) return { path, missing, ...by }
  try {
    const values = valuesAt(world.view(resource).config as Json, read.path)
    const value = read.path.includes('[]') ? values : values[0]
    return { path, ...(value === undefined ? {} : { value: concealed(value) }), ...by }
  } catch {
    return { path, ...by }
  }
}

interface TestOf {
  readonly rule: Rule
  readonly resource: Resource
  readonly verdict: Expectation
  readonly params: Readonly<Record<string, Json>>
  /** `network.exposure` to its value. */
  readonly facts: Readonly<Record<string, Json>>
  readonly index: SnapshotIndex
  readonly now: string
}

/** The smallest setting that the rule can be evaluated on again: only what it reads of the resource and of others. */
export function testOf({ rule, resource, verdict, params, facts, index, now }: TestOf): RuleTest {
  const roots = rootsOf(rule)
  const others = [...new Set(rule.reads.flatMap((one) => [...one.types]))]
  const byName: Record<string, Record<string, Json>> = {}
  for (const [name, value] of Object.entries(facts)) {
    const [analysis = '', member = ''] = name.split('.')
    byName[analysis] = { ...byName[analysis], [member]: value }
  }
  const own = Object.entries(params).filter(
    ([name, value]) => JSON.stringify(rule.params[name]) !== JSON.stringify(value),
  )
  const setting = {
    resource: testResource(resource, roots),
    others: others
      .flatMap((type) => index.ofType(type))
      .filter((other) => other !== resource && other.account === resource.account)
      .map((other) => testResource(other, roots)),
    unlisted: others.filter((type) => index.list(type, resource.account, resource.region).missing.length > 0),
    params: Object.fromEntries(own),
    now,
    ...(Object.keys(byName).length > 0 ? { facts: byName } : {}),
  }
  return { [verdict]: setting } as RuleTest
}

/** By type, the fields of `config` that the rule reads; all of them where it takes the whole. */
function rootsOf(rule: Rule): (type: string) => ReadonlySet<string> | undefined {
  const reads = rule.reads.flatMap((one) => one.fields)
  return (type) => {
    const of = reads.filter((read) => read.type === type || read.type === '*')
    return of.some((read) => read.path === '') ? undefined : new Set(of.map((read) => rootOf(read.path)))
  }
}

function testResource(
  resource: Resource,
  rootsFor: (type: string) => ReadonlySet<string> | undefined,
): TestResource {
  const { id, type, account, region, name, tags, config, missing } = resource
  const roots = rootsFor(type)
  const kept = (of: JsonObject | Readonly<Record<string, Missing>>) =>
    Object.fromEntries(Object.entries(of).filter(([field]) => roots === undefined || roots.has(field)))
  const unread = Object.entries(missing ?? {}).filter(
    ([field]) => roots === undefined || roots.has(field) || /^tags|^Tag/.test(field),
  )
  return {
    id,
    type,
    account,
    region,
    ...(name === undefined ? {} : { name }),
    tags: concealed(tags) as Resource['tags'],
    config: concealed(kept(config) as JsonObject) as TestResource['config'],
    ...(unread.length > 0 ? { missing: Object.fromEntries(unread) as TestResource['missing'] } : {}),
  } as TestResource
}

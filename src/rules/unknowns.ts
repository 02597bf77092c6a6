/** What is said where nothing can be said: why a verdict is unknown, and of which resources nothing was seen. */
import type { Missing } from '../snapshot/model.ts'
import type { Remediation, RuleDescription, Verdict } from './model.ts'
import { listing, type Shapes, typeShape } from './shapes.ts'
import type { World } from './world.ts'

const OUTCOMES: Readonly<Record<string, string>> = {
  denied: 'was denied',
  throttled: 'was throttled',
  error: 'failed',
  unsupported: 'is not supported here',
  'not-enabled': 'is not enabled',
  'region-disabled': 'was not asked: the Region is disabled',
  'not-collected': 'was not called',
  interrupted: 'was interrupted',
}

/** One sentence: the call that failed, how, and what to grant. */
export function why(missing: readonly Missing[]): string {
  const [first] = missing
  if (first === undefined) return 'Not known.'
  if (first.operation === 'rule') return `Not known: ${first.detail ?? 'the rule could not be evaluated'}.`
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
  const grant = first.outcome === 'denied' && first.permission ? `; grant ${first.permission}` : ''
  return `Not known: ${first.operation} ${OUTCOMES[first.outcome] ?? first.outcome}${more}${grant}.`
}

/** What to do so that it can be told next time: of what nobody saw there is nothing to mend yet. */
export function toKnow(missing: readonly Missing[]): Remediation {
  const calls = missing.filter((one) => one.operation !== 'rule')
  if (calls.length === 0)
    return { text: 'The rule could not tell. Look at the resource yourself, and mend the rule.' }
  const denied = calls.filter((one) => one.outcome === 'denied' && one.permission !== '')
  const permissions = [...new Set(denied.map((one) => one.permission))]
  if (permissions.length === 0) return { text: `Collect again: ${why(calls)}` }
  return { text: `Grant ${permissions.join(', ')}, and collect again.` }
}

const kebab = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()

/** One unknown verdict for all the resources of a type that could not be listed in a place. */
export function standIns(rule: RuleDescription, shapes: Shapes, world: World, partition: string): Verdict[] {
  const { resource: type } = rule
  if (type === '*') return standInsOfAll(rule, shapes, world, partition)
  const [, namespace = '', kind = 'resource'] = type.split('::')
  const shape = typeShape(shapes, type)
  const service = (shape && listing(shape)[0]?.permission.split(':')[0]) || namespace.toLowerCase()
  return world.blind(type).map((place) => standIn(rule, partition, place, service, kebab(kind)))
}

interface Blind {
  readonly account: string
  readonly region: string
  readonly missing: readonly Missing[]
}

function standIn(
  rule: RuleDescription,
  partition: string,
  { account, region, missing }: Blind,
  service: string,
  kind: string,
): Verdict {
  return {
    rule,
    kind: 'unknown',
    severity: rule.severity,
    resource: {
      id: `arn:${partition}:${service}:${region === 'global' ? '' : region}:${account}:${kind}/*`,
      type: rule.resource,
      account,
      region,
      tags: {},
    },
    message: why(missing),
    evidence: {},
    missing,
    remediation: toKnow(missing),
  }
}

/** A rule for everything says in which places some of it was asked for and not seen; what nobody asked for is no gap. */
function standInsOfAll(rule: RuleDescription, shapes: Shapes, world: World, partition: string): Verdict[] {
  const places = new Map<string, Blind>()
  for (const type of Object.keys(shapes.types)) {
    for (const { account, region, missing } of world.blind(type)) {
      const gaps = missing.filter(({ outcome }) => outcome !== 'not-collected')
      if (gaps.length === 0) continue
      const before = places.get(`${account}|${region}`)?.missing ?? []
      places.set(`${account}|${region}`, { account, region, missing: [...before, ...gaps] })
    }
  }
  return [...places.values()].map((place) => standIn(rule, partition, place, 'aws', 'resource'))
}

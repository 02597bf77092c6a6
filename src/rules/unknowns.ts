/** What is said where nothing can be said: why a verdict is unknown, and of which resources nothing was seen. */
import type { Missing } from '../snapshot/model.ts'
import type { RuleDescription, Verdict } from './model.ts'
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

const kebab = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()

/** One unknown verdict for all the resources of a type that could not be listed in a place. */
export function standIns(rule: RuleDescription, shapes: Shapes, world: World, partition: string): Verdict[] {
  const { resource: type, severity, fix } = rule
  if (type === '*') return []
  const [, namespace = '', kind = 'resource'] = type.split('::')
  const shape = typeShape(shapes, type)
  const service = (shape && listing(shape)[0]?.permission.split(':')[0]) || namespace.toLowerCase()
  return world.blind(type).map(({ account, region, missing }) => ({
    rule,
    kind: 'unknown',
    severity,
    resource: {
      id: `arn:${partition}:${service}:${region === 'global' ? '' : region}:${account}:${kebab(kind)}/*`,
      type,
      account,
      region,
      tags: {},
    },
    message: why(missing),
    evidence: {},
    missing,
    remediation: { text: fix.text },
  }))
}

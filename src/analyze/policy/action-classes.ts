/** Actions that a resource's rules treat alike are one. */
import { type Action, actionsOf } from './actions.ts'
import { matches } from './glob.ts'
import type { Bound } from './rule.ts'
import { NO, type Truth, YES } from './truth.ts'

export interface ActionClass {
  /** The first of them, which stands for all. */
  readonly action: Action
  readonly names: readonly string[]
}

export interface ActionClasses {
  readonly classes: readonly ActionClass[]
  /** For each rule, which of the classes it speaks of. */
  readonly tables: readonly (readonly Truth[])[]
}

const MOST = 4_000
const byRules = new Map<string, ActionClasses>()
const byPatterns = new Map<string, readonly Truth[]>()

const patternsKey = ({ statement }: Bound): string =>
  `${statement.notAction ? '!' : ''}${statement.actions.join(' ')}`

function match(actions: readonly Action[], { statement }: Bound): readonly Truth[] {
  return actions.map(({ lower }) =>
    statement.actions.some((glob) => matches(glob, lower)) === statement.notAction ? NO : YES,
  )
}

function tableOf(type: string, rule: Bound): readonly Truth[] {
  const key = `${type} ${patternsKey(rule)}`
  const known = byPatterns.get(key)
  if (known) return known
  const table = match(actionsOf(type), rule)
  if (byPatterns.size > MOST) byPatterns.clear()
  byPatterns.set(key, table)
  return table
}

/** Keys that some actions alone carry: actions that differ in them are not alike. */
function divided(
  type: string,
  all: readonly Action[],
  rules: readonly Bound[],
  tables: readonly (readonly Truth[])[],
  carriers: readonly ReadonlySet<string>[],
): ActionClasses {
  const groups = new Map<string, { action: Action; names: string[]; at: number }>()
  for (const [at, action] of all.entries()) {
    let key = `${action.kind}${action.on ?? ''}${action.anonymous ? '?' : ''}`
    if (type === 'AWS::IAM::Role') key += action.name
    let allowed = false
    for (const [r, table] of tables.entries()) {
      const speaks = table[at] === YES
      key += speaks ? '1' : '0'
      allowed ||= speaks && rules[r]?.statement.effect === 'Allow'
    }
    if (!allowed) continue
    for (const actions of carriers) key += actions.has(action.lower) ? 'c' : '-'
    const group = groups.get(key)
    if (group) group.names.push(action.name)
    else groups.set(key, { action, names: [action.name], at })
  }
  const classes = [...groups.values()]
  return {
    classes,
    tables: tables.map((table) => classes.map(({ at }) => table[at] ?? NO)),
  }
}

/** Of actions that are not the type's own. */
export function classesOf(
  actions: readonly Action[],
  rules: readonly Bound[],
  carriers: ReadonlyMap<string, ReadonlySet<string>>,
): ActionClasses {
  return divided(
    '',
    actions,
    rules,
    rules.map((rule) => match(actions, rule)),
    [...carriers.values()],
  )
}

/** Remembered by what the rules write: most policies of a type name the same actions. O(actions × rules) otherwise. */
export function actionClasses(
  type: string,
  rules: readonly Bound[],
  carriers: ReadonlyMap<string, ReadonlySet<string>>,
): ActionClasses {
  const written = rules.map((rule) => `${rule.statement.effect === 'Allow' ? '+' : '-'}${patternsKey(rule)}`)
  const key = `${type}\n${written.join('\n')}\n${[...carriers.keys()].join(' ')}`
  const known = byRules.get(key)
  if (known) return known
  const tables = rules.map((rule) => tableOf(type, rule))
  const made = divided(type, actionsOf(type), rules, tables, [...carriers.values()])
  if (byRules.size > MOST) byRules.clear()
  byRules.set(key, made)
  return made
}

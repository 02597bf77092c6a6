/** What a rule's names stand for while it judges. */
import type { ASTNode } from '@marcbachmann/cel-js'
import type { Missing } from '../snapshot/model.ts'

/** An expression that the rule gave a name. */
export interface Named {
  readonly ast: ASTNode
  /** It asks for `item`, so that each element has its own. */
  readonly perItem: boolean
}

export type Names = ReadonlyMap<string, Named>

interface Watch {
  /** Everything unseen that the evaluation under way ran into. */
  readonly noticed: Missing[]
  /** An error that another evaluation may not meet: its budget is its own. */
  readonly isPassing: (error: unknown) => boolean
}

type Remembered = { readonly noticed: readonly Missing[] } & (
  | { readonly value: unknown }
  | { readonly error: unknown }
)

/** The names of a rule in its context: each is computed when it is first asked for, once a resource or an element. */
export function createNames(
  context: Record<string, unknown>,
  names: Names,
  parse: (ast: ASTNode) => (context: Record<string, unknown>) => unknown,
  { noticed, isPassing }: Watch,
) {
  const ofResource = new Map<string, Remembered>()
  const ofItem = new Map<string, Remembered>()
  const compute = (run: () => unknown): Remembered => {
    const from = noticed.length
    try {
      return { value: run(), noticed: noticed.slice(from) }
    } catch (error) {
      if (isPassing(error)) throw error
      return { error, noticed: noticed.slice(from) }
    }
  }
  const getter = (name: string, { ast, perItem }: Named) => {
    const memory = perItem ? ofItem : ofResource
    let parsed: ReturnType<typeof parse> | undefined
    return (): unknown => {
      let known = memory.get(name)
      if (known) noticed.push(...known.noticed)
      else {
        parsed ??= parse(ast)
        const run = parsed
        known = compute(() => run(context))
        memory.set(name, known)
      }
      if ('error' in known) throw known.error
      return known.value
    }
  }
  for (const [name, of] of names)
    Object.defineProperty(context, name, { get: getter(name, of), enumerable: true, configurable: true })
  return {
    forget: (sameResource: boolean): void => {
      // Clearing an empty map costs as much as a small expression.
      if (ofItem.size > 0) ofItem.clear()
      if (!sameResource && ofResource.size > 0) ofResource.clear()
    },
  }
}

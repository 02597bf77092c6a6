/** Names that a rule gives to expressions, so that its verdict, its message and its commands say a thing once. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { isName, type LanguageProblem } from './environment.ts'
import type { Names } from './named.ts'
import { mentions } from './rewrite.ts'

const VARIABLES: ReadonlySet<string> = new Set(
  'id name type account region tags config params facts now item finding'.split(' '),
)

/** Whether a rule may give this name: it stands for nothing yet, neither here nor in CEL. */
export const isFree = (name: string): boolean => !VARIABLES.has(name) && isName(name)

/** A loop's variable that has the name of a `let`: one of the two would be meant by mistake. */
export function shadowing(ast: ASTNode, names: Names): LanguageProblem | undefined {
  const found = mentions(ast).find(({ name, declares }) => declares && names.has(name))
  if (found === undefined) return undefined
  const { name, start } = found
  return { message: `"${name}" is already given by let`, range: { start, end: start + name.length } }
}

/** Whether an expression asks for `item`, itself or by a name. */
export const asksItem = (ast: ASTNode, names: Names): boolean =>
  mentions(ast).some(({ name }) => name === 'item' || names.get(name)?.perItem === true)

/** The expression and those of all the names that it leads to. */
export function reached(ast: ASTNode, names: Names, found: Set<ASTNode> = new Set()): ReadonlySet<ASTNode> {
  if (found.has(ast)) return found
  found.add(ast)
  for (const { name } of mentions(ast)) {
    const named = names.get(name)
    if (named) reached(named.ast, names, found)
  }
  return found
}

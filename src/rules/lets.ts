/** Names that a rule gives to expressions, so that its verdict, its message and its commands say a thing once. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { isName, type Parsed, parseExpression } from './environment.ts'
import { mentions } from './rewrite.ts'

const VARIABLES: ReadonlySet<string> = new Set(
  'id name type account region tags config params facts now item finding'.split(' '),
)

/** Whether a rule may give this name: it stands for nothing yet, neither here nor in CEL. */
export const isFree = (name: string): boolean => !VARIABLES.has(name) && isName(name)

const LONGEST = 65_536

/**
 * The expression with each name written out, so that it is evaluated where it stands and only when it is asked for:
 * `a || named` needs nothing of `named` when `a` holds.
 * @param texts the names' own expressions, written out already
 */
export function writtenOut(ast: ASTNode, texts: ReadonlyMap<string, string>): Parsed {
  const tooLarge: Parsed = {
    problem: {
      message: 'too large once its names are written out',
      range: { start: 0, end: ast.input.length },
    },
  }
  let text = ''
  let from = 0
  for (const { name, start } of mentions(ast)) {
    const of = texts.get(name)
    if (of === undefined) continue
    // Its own line: it may end with a comment.
    text += `${ast.input.slice(from, start)}(${of}\n)`
    from = start + name.length
    if (text.length > LONGEST) return tooLarge
  }
  if (from === 0) return { ast }
  const whole = parseExpression(text + ast.input.slice(from))
  return 'problem' in whole ? tooLarge : whole
}

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
const TOO_LARGE = 'too large once its names are written out'

/**
 * The expression with each name written out, so that it is evaluated where it stands and only when it is asked for:
 * `a || named` needs nothing of `named` when `a` holds.
 * @param texts the names' own expressions, written out already
 */
export function writtenOut(ast: ASTNode, texts: ReadonlyMap<string, string>): Parsed {
  const refused = (message: string, start = 0, end = ast.input.length): Parsed => ({
    problem: { message, range: { start, end } },
  })
  let text = ''
  let from = 0
  for (const { name, start, declares } of mentions(ast)) {
    const of = texts.get(name)
    if (of === undefined) continue
    const end = start + name.length
    // One of the two would be meant by mistake.
    if (declares) return refused(`"${name}" is already given by let`, start, end)
    // Its own line: it may end with a comment.
    text += `${ast.input.slice(from, start)}(${of}\n)`
    from = end
    if (text.length > LONGEST) return refused(TOO_LARGE)
  }
  if (from === 0) return { ast }
  const whole = parseExpression(text + ast.input.slice(from))
  return 'problem' in whole ? refused(TOO_LARGE) : whole
}

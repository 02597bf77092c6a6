/** The expressions of a rule file, each parsed and knowing where it stands. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { type LanguageProblem, parseExpression } from './environment.ts'
import { asksItem, isFree, shadowing } from './lets.ts'
import type { RuleProblem } from './model.ts'
import type { Named } from './named.ts'
import type { ParsedRule } from './schema.ts'
import { parseTemplate } from './template.ts'
import type { Path } from './yaml-source.ts'

/** Text with the expressions of its braces parsed. */
export type Template = readonly (string | ASTNode)[]

export interface Piece {
  readonly path: Path
  readonly ast: ASTNode
  /** Where it begins in the YAML value: templates hold several. */
  readonly offset: number
  readonly wants?: 'bool' | 'list' | 'string'
  /** An absent field leaves a hole in a text, not in a verdict. */
  readonly isText: boolean
}

/** One rule being loaded: collects its expressions and their problems. */
export function createReader({ file, source }: ParsedRule, ruleId: string) {
  const problems: RuleProblem[] = []
  const add = (level: RuleProblem['level'], path: Path, offset: number, message: string): void => {
    problems.push({ file, ...source.atOffset(path, offset), ruleId, message, level })
  }
  const pieces: Piece[] = []
  const names = new Map<string, Named>()
  const expression = (path: Path, text: string, options: Partial<Piece> = {}): ASTNode | undefined => {
    const { offset = 0, isText = false, wants } = options
    const refuse = ({ message, range }: LanguageProblem): undefined => {
      add('error', path, offset + range.start, message)
      return undefined
    }
    const parsed = parseExpression(text)
    if ('problem' in parsed) return refuse(parsed.problem)
    const problem = shadowing(parsed.ast, names)
    if (problem) return refuse(problem)
    pieces.push({ path, ast: parsed.ast, offset, isText, ...(wants ? { wants } : {}) })
    return parsed.ast
  }
  const template = (path: Path, text: string): Template =>
    parseTemplate(text).flatMap((part): (string | ASTNode)[] => {
      if ('text' in part) return [part.text]
      const ast = expression(path, part.expression, { offset: part.offset, isText: true })
      return ast ? [ast] : []
    })
  /** From here on the name stands for the expression. */
  const give = (name: string, text: string): void => {
    if (!isFree(name)) {
      add('error', ['let', name], 0, `"${name}" stands for something already`)
      return
    }
    const ast = expression(['let', name], text)
    if (ast) names.set(name, { ast, perItem: asksItem(ast, names) })
  }
  return { problems, pieces, names, add, expression, template, give }
}

export type Reader = ReturnType<typeof createReader>

/** The expression as it is evaluated: the author's, with each loop and each growing value counted, and linear-time patterns. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { isComprehension } from './reads.ts'

/** `type` is CEL's own name for a type, so the resource's stands under another one; as long, so that positions hold. */
export const TYPE_VARIABLE = 'Type'

const isLiteral = (node: ASTNode): boolean => node.op === 'value'

/** A value whose size is taken from the budget before it is copied or searched. */
const charged = (node: ASTNode): string =>
  isLiteral(node) || node.op === 'list' ? print(node) : `charge(${print(node)})`

function method(name: string, receiver: ASTNode, args: readonly ASTNode[]): string {
  const [variable, first, second] = args
  if (variable && first && isComprehension(name, args)) {
    const over = `${print(receiver)}.${name}(${print(variable)}, `
    if (name !== 'map') return `${over}tick() ? ${print(first)} : false)`
    if (second) return `${over}tick() ? ${print(first)} : false, ${print(second)})`
    return `${over}tick(), ${print(first)})`
  }
  if (name === 'matches' && variable) return `matches(${print(receiver)}, ${print(variable)})`
  if (name === 'join') return `joined(${[receiver, ...args].map(print).join(', ')})`
  return `${print(receiver)}.${name}(${args.map(print).join(', ')})`
}

/** A tree as text that parses to the same tree: every operation in its own parentheses, literals as they were written. */
export function print(node: ASTNode): string {
  switch (node.op) {
    case 'value':
      return node.input.slice(node.start, node.end)
    case 'id':
      return node.args === 'type' ? TYPE_VARIABLE : node.args
    case '.':
    case '.?':
      return `${print(node.args[0])}${node.op}${node.args[1]}`
    case '[]':
    case '[?]':
      return `${print(node.args[0])}[${node.op === '[?]' ? '?' : ''}${print(node.args[1])}]`
    case 'call':
      return `${node.args[0]}(${node.args[1].map(print).join(', ')})`
    case 'rcall':
      return method(node.args[0], node.args[1], node.args[2])
    case 'list':
      return `[${node.args.map(print).join(', ')}]`
    case 'map':
      return `{${node.args.map(([key, value]) => `${print(key)}: ${print(value)}`).join(', ')}}`
    case '?:':
      return `(${print(node.args[0])} ? ${print(node.args[1])} : ${print(node.args[2])})`
    case '!_':
      return `(!${print(node.args)})`
    case '-_':
      return `(-(${print(node.args)}))`
    case '+':
      return `(${charged(node.args[0])} + ${charged(node.args[1])})`
    case 'in':
      return `(${print(node.args[0])} in ${charged(node.args[1])})`
    case '==':
    case '!=': {
      const [left, right] = node.args
      return `(${isLiteral(right) ? print(left) : charged(left)} ${node.op} ${print(right)})`
    }
    default:
      return `(${print(node.args[0])} ${node.op} ${print(node.args[1])})`
  }
}

export interface Mention {
  readonly name: string
  readonly start: number
  /** It is the variable of a loop, or of `cel.bind`, where that begins. */
  readonly declares: boolean
}

/** Every variable that an expression mentions, in the order of its text. */
export function mentions(ast: ASTNode): readonly Mention[] {
  const found: Mention[] = []
  const declaring = new Set<ASTNode>()
  const find = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) find(one)
    if (typeof value !== 'object' || value === null || !('op' in value)) return
    const node = value as ASTNode
    if (node.op === 'rcall') {
      const [name, , args] = node.args
      if (args[0] && (name === 'bind' || isComprehension(name, args))) declaring.add(args[0])
    }
    if (node.op === 'id') found.push({ name: node.args, start: node.start, declares: declaring.has(node) })
    find(node.args)
  }
  find(ast)
  return found.sort((a, b) => a.start - b.start)
}

/** The author's text with the variable `type` under its other name, every character in its place. */
export function forCheck(ast: ASTNode): string {
  const places = mentions(ast).filter(({ name }) => name === 'type')
  let text = ast.input
  for (const { start } of places)
    text = text.slice(0, start) + TYPE_VARIABLE + text.slice(start + TYPE_VARIABLE.length)
  return text
}

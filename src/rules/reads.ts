/** What an expression reads, found by walking it once: fields with their shapes, look-ups, facts, patterns. */
import type { ASTNode, SourceRange } from '@marcbachmann/cel-js'
import {
  configOf,
  either,
  elementOf,
  type Finding,
  type Known,
  type Read,
  type Reads,
  type Scope,
  UNKNOWN,
} from './known.ts'
import { factType, isMap, isStruct, rootOf, type Shape, structFields, typeShape } from './shapes.ts'
import { didYouMean } from './suggest.ts'

const RESOURCE_FIELDS = ['id', 'name', 'type', 'account', 'region', 'tags', 'config']
export const COMPREHENSIONS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map'])
/** Functions that list resources of a type, or look one up. */
export const LOOK_UPS: ReadonlySet<string> = new Set(['resources', 'resourcesEverywhere', 'lookup', 'seen'])

export const rangeOf = (node: ASTNode): SourceRange => ({
  start: node.pos,
  end: Math.max(node.pos, node.end),
})

export function isComprehension(name: string, args: readonly ASTNode[]): boolean {
  return COMPREHENSIONS.has(name) && args.length >= 2 && args[0]?.op === 'id'
}

type Variables = ReadonlyMap<string, Known>

export function readsOf(ast: ASTNode, scope: Scope): Reads {
  const fields: Read[] = []
  const tags = new Set<string>()
  const types = new Set<string>()
  const facts = new Set<string>()
  const problems: Finding[] = []

  const members = (known: Extract<Known, { kind: 'field' }>): Readonly<Record<string, Shape>> | undefined =>
    known.path === '' ? typeShape(scope.shapes, known.type)?.fields : structFields(scope.shapes, known.shape)

  const missingField = (name: string, of: string, known: Iterable<string>, node: ASTNode): void => {
    problems.push({ message: `no field "${name}" in ${of}${didYouMean(name, known)}`, range: rangeOf(node) })
  }

  const selectField = (
    known: Extract<Known, { kind: 'field' }>,
    name: string,
    node: ASTNode,
    guarded: boolean,
  ): Known => {
    const path = known.path === '' ? name : `${known.path}.${name}`
    const next = (shape: Shape): Known => {
      fields.push({ owner: known.owner, type: known.type, path, shape, guarded, range: rangeOf(node) })
      return { ...known, shape, path }
    }
    if (known.path !== '' && isMap(known.shape)) return next(known.shape[1])
    if (known.path !== '' && !isStruct(known.shape)) return known.shape === 'any' ? next('any') : UNKNOWN
    const all = members(known)
    if (all === undefined) return next('any')
    const shape = Object.hasOwn(all, name) ? all[name] : undefined
    if (shape !== undefined) return next(shape)
    missingField(name, known.path === '' ? known.type : `${known.type} ${known.path}`, Object.keys(all), node)
    return UNKNOWN
  }

  const selectFacts = (name: string, node: ASTNode): Known => {
    const type = [scope.type, '*'].map((of) => factType(name, of)).find((of) => typeShape(scope.shapes, of))
    if (type !== undefined) {
      facts.add(name)
      return configOf(type, 'fact')
    }
    const all = Object.keys(scope.shapes.types).flatMap((of) => /^facts\.(\w+):/.exec(of)?.[1] ?? [])
    const message = all.includes(name)
      ? `facts.${name} says nothing of ${scope.type}`
      : `no analysis "${name}"${didYouMean(name, all)}`
    problems.push({ message, range: rangeOf(node) })
    return UNKNOWN
  }

  const select = (known: Known, name: string, node: ASTNode, guarded: boolean): Known => {
    if (known.kind === 'either') return either(known.of.map((one) => select(one, name, node, guarded)))
    if (known.kind === 'optional') {
      const of = select(known.of, name, node, true)
      return { kind: 'optional', of }
    }
    if (known.kind === 'field') return selectField(known, name, node, guarded)
    if (known.kind === 'facts') return selectFacts(name, node)
    if (known.kind !== 'resource') return UNKNOWN
    if (name === 'tags') tags.add(known.type)
    if (name === 'config') return configOf(known.type, known.owner)
    if (!RESOURCE_FIELDS.includes(name)) missingField(name, 'a resource', RESOURCE_FIELDS, node)
    return UNKNOWN
  }

  /** Someone takes a value as a whole: all of `config`, if that is what it is. */
  const take = (known: Known, node: ASTNode): void => {
    if (known.kind === 'either') for (const one of known.of) take(one, node)
    if (known.kind === 'optional' || known.kind === 'list') take(known.of, node)
    if (known.kind !== 'field' || known.path !== '') return
    fields.push({
      owner: known.owner,
      type: known.type,
      path: '',
      shape: 'any',
      guarded: true,
      range: rangeOf(node),
    })
  }
  const consume = (node: ASTNode, variables: Variables): Known => {
    const known = walk(node, variables)
    take(known, node)
    return known
  }

  const identifier = (name: string): Known => {
    if (name === 'config') return configOf(scope.type, 'self')
    if (name === 'item') return scope.item ?? UNKNOWN
    if (name === 'facts') return { kind: 'facts' }
    if (name === 'tags') tags.add(scope.type)
    return scope.names?.get(name) ?? UNKNOWN
  }

  const access = (
    node: Extract<ASTNode, { op: '.' | '.?' | '[]' | '[?]' }>,
    variables: Variables,
    guard: boolean,
  ): Known => {
    const [left, right] = node.args
    const optional = node.op === '.?' || node.op === '[?]'
    const wrap = (known: Known): Known =>
      optional && known.kind !== 'optional' ? { kind: 'optional', of: known } : known
    const known = walk(left, variables)
    if (typeof right === 'string') return wrap(select(known, right, node, guard || optional))
    consume(right, variables)
    if (right.op === 'value' && typeof right.args === 'string')
      return wrap(select(known, right.args, right, guard || optional))
    const element = elementOf(known)
    if (element === UNKNOWN) take(known, node)
    return wrap(element)
  }

  const lookUp = (name: string, args: readonly ASTNode[], node: ASTNode): Known => {
    const literal = args[0]
    if (literal?.op !== 'value' || typeof literal.args !== 'string') {
      problems.push({
        message: `${name}() needs a literal resource type first`,
        range: rangeOf(literal ?? node),
      })
      return UNKNOWN
    }
    const type = literal.args
    if (typeShape(scope.shapes, type) === undefined) {
      const hint = didYouMean(type, Object.keys(scope.shapes.types))
      problems.push({ message: `no resource type "${type}"${hint}`, range: rangeOf(literal) })
      return UNKNOWN
    }
    types.add(type)
    if (name === 'seen') return UNKNOWN
    const resource: Known = { kind: 'resource', type, owner: 'other' }
    if (name === 'lookup') return { kind: 'optional', of: resource }
    if (args.length === 3) alongPath(type, args[1] ?? node)
    return { kind: 'list', of: resource }
  }

  /** The second argument of `resources(type, path, value)`: a literal path in the type's fields. */
  const alongPath = (type: string, node: ASTNode): void => {
    if (node.op !== 'value' || typeof node.args !== 'string') {
      problems.push({ message: 'resources() needs a literal path second', range: rangeOf(node) })
      return
    }
    let known = configOf(type, 'other')
    for (const part of node.args.split('.')) {
      known = select(known, part.replace(/\[\]$/, ''), node, true)
      if (part.endsWith('[]')) known = elementOf(known)
    }
  }

  const call = (name: string, args: readonly ASTNode[], node: ASTNode, variables: Variables): Known => {
    if (name === 'has') {
      const argument = args[0]
      if (argument?.op === '.' || argument?.op === '.?') access(argument, variables, true)
      return UNKNOWN
    }
    if (LOOK_UPS.has(name)) {
      for (const argument of args.slice(1)) consume(argument, variables)
      return lookUp(name, args, node)
    }
    const [first = UNKNOWN] = args.map((argument) => consume(argument, variables))
    if (name === 'matches' || name === 'capture') checkPattern(args[1])
    if (name === 'distinct') return first
    return name === 'flatten' ? { kind: 'list', of: elementOf(elementOf(first)) } : UNKNOWN
  }

  const checkPattern = (node: ASTNode | undefined): void => {
    if (node?.op !== 'value' || typeof node.args !== 'string') return
    const wrong = scope.pattern?.(node.args)
    if (wrong !== undefined) problems.push({ message: wrong, range: rangeOf(node) })
  }

  const comprehension = (
    name: string,
    receiver: ASTNode,
    args: readonly ASTNode[],
    variables: Variables,
  ): Known => {
    const known = walk(receiver, variables)
    const element = elementOf(known)
    if (element === UNKNOWN) take(known, receiver)
    const variable = args[0]
    const inner = new Map(variables)
    if (variable?.op === 'id') inner.set(variable.args, element)
    let last: Known = UNKNOWN
    for (const body of args.slice(1)) last = walk(body, inner)
    if (name === 'filter') return known
    return name === 'map' ? { kind: 'list', of: last } : UNKNOWN
  }

  const method = (name: string, receiver: ASTNode, args: readonly ASTNode[], variables: Variables): Known => {
    if (isComprehension(name, args)) return comprehension(name, receiver, args, variables)
    const [variable, value, body] = args
    if (
      name === 'bind' &&
      receiver.op === 'id' &&
      receiver.args === 'cel' &&
      variable?.op === 'id' &&
      value &&
      body
    ) {
      return walk(body, new Map(variables).set(variable.args, walk(value, variables)))
    }
    const known = walk(receiver, variables)
    const given = args.map((argument) => consume(argument, variables))
    if (name === 'matches') checkPattern(args[0])
    const options = known.kind === 'either' ? known.of : [known]
    if (options.every((one) => one.kind === 'optional')) {
      if (name === 'or') return either([known, ...given])
      if (name === 'value' || name === 'orValue') return either([...options.map((one) => one.of), ...given])
    }
    take(known, receiver)
    return UNKNOWN
  }

  const walk = (node: ASTNode, variables: Variables): Known => {
    switch (node.op) {
      case 'value':
        return UNKNOWN
      case 'id':
        return variables.get(node.args) ?? identifier(node.args)
      case '.':
      case '.?':
      case '[]':
      case '[?]':
        return access(node, variables, false)
      case 'call':
        return call(node.args[0], node.args[1], node, variables)
      case 'rcall':
        return method(node.args[0], node.args[1], node.args[2], variables)
      case 'list':
        return { kind: 'list', of: either(node.args.map((item) => walk(item, variables))) }
      case 'map':
        for (const [key, value] of node.args) {
          consume(key, variables)
          consume(value, variables)
        }
        return UNKNOWN
      case '?:': {
        consume(node.args[0], variables)
        return either([walk(node.args[1], variables), walk(node.args[2], variables)])
      }
      case '!_':
      case '-_':
        consume(node.args, variables)
        return UNKNOWN
      case '+':
        return either(node.args.map((side) => consume(side, variables)))
      default:
        for (const side of node.args) consume(side, variables)
        return UNKNOWN
    }
  }
  const result = walk(ast, new Map())
  if (!scope.isNamed) take(result, ast)
  return { fields, tags, types, facts, problems, result }
}

/** The roots of the fields that are read of a type; undefined when one of its configs is read as a whole. */
export function rootsRead(reads: readonly Reads[], type: string): ReadonlySet<string> | undefined {
  const roots = new Set<string>()
  for (const read of reads.flatMap((one) => one.fields)) {
    if (read.type !== type) continue
    if (read.path === '') return undefined
    roots.add(rootOf(read.path))
  }
  return roots
}

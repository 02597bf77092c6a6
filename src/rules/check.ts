/** Holds the expressions of a rule against the types of AWS's answers: names, types, what each reads, what may be absent. */
import { unguarded } from './absent.ts'
import { type CheckScope, createChecker } from './environment.ts'
import { compilePattern } from './functions.ts'
import { elementOf, type Known, type Reads } from './known.ts'
import { asksItem } from './lets.ts'
import type { Piece, Reader } from './pieces.ts'
import { readsOf } from './reads.ts'
import type { RuleFile } from './schema.ts'
import type { Shapes } from './shapes.ts'

const wrongPattern = (pattern: string): string | undefined => {
  try {
    compilePattern(pattern)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function itemOf(known: Known): Known {
  if (known.kind === 'either') return { ...known, of: known.of.map(itemOf) }
  return known.kind === 'field' ? { ...known, owner: 'item' } : known
}

const fits = (type: string, wants: Piece['wants']): boolean =>
  wants === undefined || type === 'dyn' || type === wants || (wants === 'list' && type.startsWith('list<'))

const isOf = (key: string) => (piece: Piece) => piece.path[0] === key
const isLet = isOf('let')

/** Names before those who use them, and what `item` is before those who ask for it. */
function inOrder({ pieces, names }: Reader): readonly Piece[] {
  const lets = pieces.filter(isLet)
  const each = pieces.filter(isOf('each'))
  return [
    ...lets.filter((piece) => !asksItem(piece.ast, names)),
    ...each,
    ...lets.filter((piece) => asksItem(piece.ast, names)),
    ...pieces.filter((piece) => !isLet(piece) && !each.includes(piece)),
  ]
}

/** What every piece reads. */
function readAll(reader: Reader, rule: RuleFile, shapes: Shapes): ReadonlyMap<Piece, Reads> {
  const names = new Map<string, Known>()
  const scope = { shapes, type: rule.resource, pattern: wrongPattern, names }
  const found = new Map<Piece, Reads>()
  let item: Known | undefined
  for (const piece of inOrder(reader)) {
    const reads = readsOf(piece.ast, { ...scope, isNamed: isLet(piece), ...(item ? { item } : {}) })
    found.set(piece, reads)
    if (isOf('each')(piece)) item = itemOf(elementOf(reads.result))
    if (isLet(piece)) names.set(String(piece.path[1]), reads.result)
  }
  return found
}

/** Says what is wrong with the types of every piece whose names are right. */
function checkTypes(reader: Reader, reads: ReadonlyMap<Piece, Reads>, base: CheckScope): void {
  const names = new Map<string, string>()
  let scope: CheckScope = { ...base, names }
  let check: ReturnType<typeof createChecker> | undefined
  const learn = (more: Partial<CheckScope>): void => {
    scope = { ...scope, ...more }
    check = undefined
  }
  for (const piece of inOrder(reader)) {
    const problems = reads.get(piece)?.problems ?? []
    for (const { message, range } of problems) {
      reader.add('error', piece.path, piece.offset + range.start, message)
    }
    check ??= createChecker(scope)
    const result = problems.length === 0 ? check(piece.ast) : { type: 'dyn' }
    if ('problem' in result) {
      reader.add('error', piece.path, piece.offset + result.problem.range.start, result.problem.message)
    } else if (!fits(result.type, piece.wants)) {
      const message = `${String(piece.path[0])} must be a ${piece.wants}, and is a ${result.type}`
      reader.add('error', piece.path, piece.offset, message)
    }
    const type = 'type' in result ? result.type : 'dyn'
    if (isOf('each')(piece)) learn({ item: /^list<(.*)>$/.exec(type)?.[1] ?? 'dyn' })
    if (isLet(piece)) learn({ names: names.set(String(piece.path[1]), type) })
  }
}

/** An absent field leaves a hole in a text, but no verdict unknown. */
function warnOfAbsent(reader: Reader, reads: readonly Reads[], shapes: Shapes): void {
  const judging = reads.map((one, at) =>
    reader.pieces[at]?.isText ? { ...one, fields: one.fields.filter((read) => read.guarded) } : one,
  )
  unguarded(judging, shapes).forEach((fields, at) => {
    const piece = reader.pieces[at]
    for (const read of piece ? fields : []) {
      const message = `AWS may leave out ${read.type} ${read.path}: ask with has() or .?, or the verdict is unknown`
      reader.add('warning', piece?.path ?? [], (piece?.offset ?? 0) + read.range.start, message)
    }
  })
}

/** @returns what each piece reads, in their order */
export function check(reader: Reader, rule: RuleFile, shapes: Shapes): readonly Reads[] {
  const found = readAll(reader, rule, shapes)
  const reads = reader.pieces.flatMap((piece) => found.get(piece) ?? [])
  const types = new Set(reads.flatMap((one) => [...one.types]))
  checkTypes(reader, found, { shapes, type: rule.resource, types, params: rule.params })
  warnOfAbsent(reader, reads, shapes)
  return reads
}

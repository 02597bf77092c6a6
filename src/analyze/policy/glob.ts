/**
 * Patterns with `*` and `?`. Inside this folder a wildcard is a private-use character, so that a literal star
 * (`${*}`, or any star under StringEquals) and a wildcard never look alike.
 */

/** Any text. */
export const STAR = '\uE000'
/** Any one character. */
export const ONE = '\uE001'
/** Any text, and any one character, without a colon: a wildcard in one of the first five parts of an ARN. */
export const PART_STAR = '\uE002'
export const PART_ONE = '\uE003'

const PRIVATE = /[\uE000-\uE003]/
const EVERY_PRIVATE = /[\uE000-\uE003]/g

/** A policy's text as a pattern. */
export function pattern(text: string): string {
  return literal(text).replaceAll('*', STAR).replaceAll('?', ONE)
}

/** A text that stands for itself. Private-use characters in it become U+FFFD: no identifier of AWS has one. */
export function literal(text: string): string {
  return PRIVATE.test(text) ? text.replace(EVERY_PRIVATE, '\uFFFD') : text
}

/** The characters as the policy wrote them. */
export function written(text: string): string {
  return PRIVATE.test(text) ? text.replace(/[\uE000\uE002]/g, '*').replace(/[\uE001\uE003]/g, '?') : text
}

export function isWild(text: string): boolean {
  return PRIVATE.test(text)
}

const remembered = new Map<string, string>()

/**
 * A pattern for ARNs: the wildcards of its first five parts stay inside their part, those of the resource cross `/` and `:`.
 * [IAM User Guide, "IAM JSON policy elements: Resource", "Amazon Resource Name (ARN) condition operators"]
 */
export function arnPattern(glob: string): string {
  if (!isWild(glob)) return glob
  const known = remembered.get(glob)
  if (known !== undefined) return known
  const parts = split(glob)
  const made = parts
    .map((part, at) =>
      at < 5 && parts.length > 1 ? part.replaceAll(STAR, PART_STAR).replaceAll(ONE, PART_ONE) : part,
    )
    .join(':')
  if (remembered.size > 20_000) remembered.clear()
  remembered.set(glob, made)
  return made
}

/** At most six parts: the resource keeps its colons. */
function split(text: string): string[] {
  const parts: string[] = []
  let from = 0
  while (parts.length < 5) {
    const at = text.indexOf(':', from)
    if (at < 0) break
    parts.push(text.slice(from, at))
    from = at + 1
  }
  parts.push(text.slice(from))
  return parts
}

type Test = (text: string) => boolean

const wildcard = (piece: string, at: number): boolean => piece.charCodeAt(at) === ONE.charCodeAt(0)

function fits(piece: string, text: string, at: number): boolean {
  for (let i = 0; i < piece.length; i++) {
    if (!wildcard(piece, i) && piece.charCodeAt(i) !== text.charCodeAt(at + i)) return false
  }
  return true
}

function find(piece: string, text: string, from: number, until: number): number {
  if (!piece.includes(ONE)) {
    const at = text.indexOf(piece, from)
    return at >= 0 && at + piece.length <= until ? at : -1
  }
  for (let at = from; at + piece.length <= until; at++) if (fits(piece, text, at)) return at
  return -1
}

/** The pieces between stars are found from left to right, each once: no backtracking. */
function compilePlain(glob: string): Test {
  if (glob === STAR) return () => true
  if (!isWild(glob)) return (text) => text === glob
  const [first = '', ...rest] = glob.split(STAR)
  const last = rest.pop()
  if (last === undefined) return (text) => text.length === first.length && fits(first, text, 0)
  const least = first.length + last.length
  return (text) => {
    const end = text.length - last.length
    if (text.length < least || !fits(first, text, 0) || !fits(last, text, end)) return false
    let from = first.length
    for (const piece of rest) {
      const at = find(piece, text, from, end)
      if (at < 0) return false
      from = at + piece.length
    }
    return true
  }
}

function compile(glob: string): Test {
  if (!glob.includes(PART_STAR) && !glob.includes(PART_ONE)) return compilePlain(glob)
  const wanted = split(glob).map((part) =>
    compilePlain(part.replaceAll(PART_STAR, STAR).replaceAll(PART_ONE, ONE)),
  )
  return (text) => {
    const found = split(text)
    return found.length === wanted.length && wanted.every((test, at) => test(found[at] ?? ''))
  }
}

const compiled = new Map<string, Test>()

/** Whether the whole text matches. */
export function matches(glob: string, text: string): boolean {
  if (!isWild(glob)) return glob === text
  let test = compiled.get(glob)
  if (test === undefined) {
    test = compile(glob)
    if (compiled.size > 20_000) compiled.clear()
    compiled.set(glob, test)
  }
  return test(text)
}

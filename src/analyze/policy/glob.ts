/**
 * Patterns with `*` and `?`. Inside this folder a wildcard is a private-use character, so that a literal star
 * (`${*}`, or any star under StringEquals) and a wildcard never look alike.
 */

export const STAR = '\uE000'
export const ONE = '\uE001'
/** One decimal digit; stands only in templates of our own. */
export const DIGIT = '\uE002'
/** One lower-case letter or digit; stands only in templates of our own. */
export const ALNUM = '\uE003'

const PRIVATE = /[\uE000-\uE003]/g
const WILD = /[\uE000\uE001]/

/** A policy's text as a pattern. Private-use characters in it become U+FFFD: no identifier of AWS has one. */
export function pattern(text: string): string {
  return literal(text).replaceAll('*', STAR).replaceAll('?', ONE)
}

/** A text that stands for itself. */
export function literal(text: string): string {
  return PRIVATE.test(text) ? text.replace(PRIVATE, '\uFFFD') : text
}

/** The characters as the policy wrote them. */
export function written(text: string): string {
  return WILD.test(text) ? text.replaceAll(STAR, '*').replaceAll(ONE, '?') : text
}

export function isWild(text: string): boolean {
  return WILD.test(text)
}

function fits(part: string, text: string, at: number): boolean {
  for (let i = 0; i < part.length; i++) {
    const code = part.charCodeAt(i)
    if (code !== 0xe001 && code !== text.charCodeAt(at + i)) return false
  }
  return true
}

function find(part: string, text: string, from: number, until: number): number {
  if (!part.includes(ONE)) {
    const at = text.indexOf(part, from)
    return at >= 0 && at + part.length <= until ? at : -1
  }
  for (let at = from; at + part.length <= until; at++) if (fits(part, text, at)) return at
  return -1
}

/** Whether the whole text matches. The pieces between stars are found from left to right, each once: no backtracking. */
export function matches(glob: string, text: string): boolean {
  if (glob === STAR) return true
  if (!isWild(glob)) return glob === text
  const parts = glob.split(STAR)
  const first = parts[0] ?? ''
  const last = parts[parts.length - 1] ?? ''
  if (parts.length === 1) return first.length === text.length && fits(first, text, 0)
  if (first.length + last.length > text.length) return false
  if (!fits(first, text, 0)) return false
  const end = text.length - last.length
  if (!fits(last, text, end)) return false
  let at = first.length
  for (let i = 1; i < parts.length - 1; i++) {
    const part = parts[i] ?? ''
    const found = find(part, text, at, end)
    if (found < 0) return false
    at = found + part.length
  }
  return true
}

/** `ArnLike`: each of the six colon-separated parts by itself. [IAM User Guide, "Amazon Resource Name (ARN) condition operators"] */
export function matchesArn(glob: string, text: string): boolean {
  if (glob === STAR) return text.startsWith('arn:')
  const want = sixParts(glob)
  const have = sixParts(text)
  if (want.length < 6 || have.length < 6) return false
  return want.every((part, i) => matches(part, have[i] ?? ''))
}

function sixParts(text: string): string[] {
  const parts: string[] = []
  let from = 0
  for (let i = 0; i < 5; i++) {
    const at = text.indexOf(':', from)
    if (at < 0) return []
    parts.push(text.slice(from, at))
    from = at + 1
  }
  parts.push(text.slice(from))
  return parts
}

function single(a: string, b: string, digit: string): string | undefined {
  if (a === ONE || a === b) return b === ONE ? 'z' : concrete(b, digit)
  if (b === ONE) return concrete(a, digit)
  const [kind, char] = a === DIGIT || a === ALNUM ? [a, b] : [b, a]
  if (kind === DIGIT) return char === ALNUM ? digit : /^[0-9]$/.test(char) ? char : undefined
  if (kind === ALNUM) return char === DIGIT ? digit : /^[a-z0-9]$/.test(char) ? char : undefined
  return undefined
}

function concrete(char: string, digit: string): string {
  return char === DIGIT ? digit : char === ALNUM || char === ONE ? 'z' : char
}

const LONGEST = 2048

/**
 * A text that both patterns match, `fresh` wherever both leave the choice, or undefined where there is none.
 * O(|a|·|b|); patterns over 2048 characters are not combined.
 */
export function meet(a: string, b: string, fresh: string, digit = '7'): string | undefined {
  if (a.length > LONGEST || b.length > LONGEST) return undefined
  const dead = new Set<number>()
  const width = b.length + 1
  type Step = { i: number; j: number; out: string }
  const stack: Step[] = [{ i: 0, j: 0, out: '' }]
  while (stack.length > 0) {
    const step = stack.pop()
    if (!step) break
    const { i, j, out } = step
    if (i === a.length && j === b.length) return out
    const at = i * width + j
    if (dead.has(at)) continue
    dead.add(at)
    const x = a[i]
    const y = b[j]
    if (x === STAR && y === STAR) {
      const more = fresh === '' || out.endsWith(fresh) ? out : out + fresh
      stack.push({ i, j: j + 1, out: more }, { i: i + 1, j, out: more })
    } else if (x === STAR) {
      if (y !== undefined) stack.push({ i, j: j + 1, out: out + concrete(y, digit) })
      stack.push({ i: i + 1, j, out })
    } else if (y === STAR) {
      if (x !== undefined) stack.push({ i: i + 1, j, out: out + concrete(x, digit) })
      stack.push({ i, j: j + 1, out })
    } else if (x !== undefined && y !== undefined) {
      const char = single(x, y, digit)
      if (char !== undefined) stack.push({ i: i + 1, j: j + 1, out: out + char })
    }
  }
  return undefined
}

/** A text that the pattern matches, each star filled with `fill`. */
export function fill(glob: string, star: string): string {
  return isWild(glob) ? glob.replaceAll(STAR, star).replaceAll(ONE, 'z') : glob
}

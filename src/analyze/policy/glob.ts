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
  if (!text.includes('*') && !text.includes('?')) return literal(text)
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

const COLON = 58
const CODES = {
  star: STAR.charCodeAt(0),
  one: ONE.charCodeAt(0),
  partStar: PART_STAR.charCodeAt(0),
  partOne: PART_ONE.charCodeAt(0),
} as const

/** Where the resource of an ARN begins, behind the fifth colon; -1 where there are fewer. */
function resourceAt(glob: string): number {
  let at = -1
  for (let part = 0; part < 5; part++) {
    at = glob.indexOf(':', at + 1)
    if (at < 0) return -1
  }
  return at + 1
}

const inPart = (text: string): string => text.replaceAll(STAR, PART_STAR).replaceAll(ONE, PART_ONE)

/**
 * A pattern for ARNs: the wildcards of its first five parts stay inside their part, those of the resource cross `/` and `:`.
 * [IAM User Guide, "IAM JSON policy elements: Resource", "Amazon Resource Name (ARN) condition operators"]
 */
export function arnPattern(glob: string): string {
  const wild = glob.search(PRIVATE)
  if (wild < 0) return glob
  const resource = resourceAt(glob)
  if (resource < 0) return glob.includes(':') ? inPart(glob) : glob
  return wild >= resource ? glob : inPart(glob.slice(0, resource)) + glob.slice(resource)
}

/**
 * Whether the whole text matches. From left to right, and back only to the last star: what stood before it needs no other
 * place, since that star takes anything, or in an ARN's part anything up to the colon at which the part ends. Nothing is
 * compiled: nearly every pattern is some resource's own and is asked about a handful of times.
 */
export function matches(glob: string, text: string): boolean {
  let g = 0
  let t = 0
  let star = -1
  let taken = 0
  while (t < text.length) {
    const symbol = glob.charCodeAt(g)
    const char = text.charCodeAt(t)
    if (symbol === CODES.star || symbol === CODES.partStar) {
      star = g++
      taken = t
    } else if (symbol === char || symbol === CODES.one || (symbol === CODES.partOne && char !== COLON)) {
      g++
      t++
    } else {
      if (star < 0) return false
      if (glob.charCodeAt(star) === CODES.partStar && text.charCodeAt(taken) === COLON) return false
      g = star + 1
      t = ++taken
    }
  }
  while (glob.charCodeAt(g) === CODES.star || glob.charCodeAt(g) === CODES.partStar) g++
  return g === glob.length
}

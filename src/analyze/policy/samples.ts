/**
 * Texts that tell patterns apart. All that a policy sees of a value is which of its patterns the value matches;
 * `samples` finds one text for every such combination that some text has.
 *
 * Literals and prefixes (`name`, `name*`: nearly all that is written) need no search. Other patterns run together as one
 * automaton, subset by subset, breadth first: every combination is met with its shortest text. That is exact, and
 * exponential at worst, so it stops after `STEPS` and says so.
 */
import { isWild, matches, ONE, PART_ONE, PART_STAR, STAR } from './glob.ts'

/** Stand only in templates: one decimal digit, one lower-case letter or digit. */
export const DIGIT = '\uE004'
export const ALNUM = '\uE005'

/** Told where a search was cut: then no "no" may rest on what it found. */
export interface Cut {
  happened: boolean
}

const STEPS = 60_000
const SYMBOL = /[\uE000-\uE005]/

/** Words for what nobody named; a policy that names one of them gets the next. */
const WORDS = ['any', 'other', 'some', 'zq7x', '7', 'q', 'zq7x7q']

/** The texts of `template` (a pattern; any text without one) that tell `patterns` apart, one that fits none of them last. */
export function samples(patterns: ReadonlySet<string>, cut: Cut, template: string = STAR): readonly string[] {
  const head = template.slice(0, -1)
  const open = template.endsWith(STAR) && !SYMBOL.test(head)
  return open ? afterHead(patterns, head, cut) : search([...patterns], template, [], cut)
}

/** What is left of each pattern once it has read `head`. */
function remainders(pattern: string, head: string): string[] {
  let at = 0
  while (at < head.length && pattern[at] === head[at]) at++
  if (at === head.length) return [pattern.slice(at)]
  if (at < pattern.length && !isWild(pattern[at] ?? '')) return []
  let places = close(pattern, [at])
  for (const char of head.slice(at)) places = step(pattern, places, char)
  return places.map((place) => pattern.slice(place))
}

function afterHead(patterns: ReadonlySet<string>, head: string, cut: Cut): readonly string[] {
  const literals = new Set<string>()
  const prefixes = new Set<string>()
  for (const pattern of patterns) {
    for (const rest of head === '' ? [pattern] : remainders(pattern, head)) {
      if (!isWild(rest)) literals.add(rest)
      else if (rest.indexOf(STAR) === rest.length - 1 && !isWild(rest.slice(0, -1))) {
        prefixes.add(rest.slice(0, -1))
      } else return search([...patterns], head + STAR, seeds(patterns, head), cut)
    }
  }
  prefixes.add('')
  const texts = [...literals].map((rest) => head + rest)
  for (const prefix of prefixes) texts.push(head + continued(prefix, literals, prefixes))
  return head === '' ? texts : texts.filter((text) => text !== head)
}

/** The prefix with a word after it that makes it no other literal and gives it no longer prefix. */
function continued(prefix: string, literals: ReadonlySet<string>, prefixes: ReadonlySet<string>): string {
  const good = (text: string): boolean => {
    if (literals.has(text)) return false
    for (const other of prefixes) if (other.length > prefix.length && text.startsWith(other)) return false
    return true
  }
  for (const word of WORDS) if (good(prefix + word)) return prefix + word
  let text = `${prefix}zq7`
  while (!good(text)) text += 'x'
  return text
}

function seeds(patterns: ReadonlySet<string>, head: string): string[] {
  const filled = [...patterns].map((pattern) =>
    pattern.replace(/[\uE000\uE002]/g, 'any').replace(/[\uE001\uE003]/g, 'x'),
  )
  return [...WORDS.map((word) => head + word), ...filled]
}

/** All places that a star can be skipped to. */
function close(pattern: string, places: readonly number[]): number[] {
  const all = new Set<number>()
  for (let place of places) {
    all.add(place)
    while (pattern[place] === STAR || pattern[place] === PART_STAR) all.add(++place)
  }
  return [...all].sort((a, b) => a - b)
}

function accepts(symbol: string, char: string): boolean {
  switch (symbol) {
    case ONE:
    case STAR:
      return true
    case PART_ONE:
    case PART_STAR:
      return char !== ':'
    case DIGIT:
      return char >= '0' && char <= '9'
    case ALNUM:
      return (char >= '0' && char <= '9') || (char >= 'a' && char <= 'z')
    default:
      return symbol === char
  }
}

function step(pattern: string, places: readonly number[], char: string): number[] {
  const next: number[] = []
  for (const place of places) {
    const symbol = pattern[place]
    if (symbol === undefined || !accepts(symbol, char)) continue
    next.push(symbol === STAR || symbol === PART_STAR ? place : place + 1)
  }
  return close(pattern, next)
}

/** Every character that some pattern names, and one that none does; letters and digits where a template asks for them. */
function alphabet(patterns: readonly string[]): string[] {
  const chars = new Set<string>()
  for (const pattern of patterns) for (const char of pattern) if (!SYMBOL.test(char)) chars.add(char)
  const found = [...chars]
  for (const kind of ['xqzjkvwy', '7839', '_~^']) {
    const free = [...kind].find((char) => !chars.has(char))
    if (free !== undefined) found.push(free)
  }
  return found
}

interface Node {
  readonly text: string
  readonly template: readonly number[]
  readonly places: readonly (readonly number[])[]
}

const key = (node: Node): string =>
  `${node.template.join(' ')}|${node.places.map((one) => one.join(' ')).join('|')}`

function search(
  patterns: readonly string[],
  template: string,
  first: readonly string[],
  cut: Cut,
): readonly string[] {
  const found = new Map<string, string>()
  for (const text of first) {
    if (!matches(template, text) || template === text + STAR) continue
    const met = patterns.map((pattern) => (matches(pattern, text) ? '1' : '0')).join('')
    if (!found.has(met)) found.set(met, text)
  }
  const chars = alphabet([...patterns, template])
  const start: Node = {
    text: '',
    template: close(template, [0]),
    places: patterns.map((pattern) => close(pattern, [0])),
  }
  const queue: Node[] = [start]
  const seen = new Set([key(start)])
  let steps = 0
  for (let at = 0; at < queue.length && steps < STEPS; at++) {
    const node = queue[at]
    if (node === undefined) break
    if (node.template.includes(template.length) && node.text !== '' && template !== node.text + STAR) {
      const met = patterns
        .map((pattern, i) => (node.places[i]?.includes(pattern.length) ? '1' : '0'))
        .join('')
      if (!found.has(met)) found.set(met, node.text)
    }
    for (const char of chars) {
      steps += patterns.length + 1
      const next = step(template, node.template, char)
      if (next.length === 0) continue
      const places = patterns.map((pattern, i) => step(pattern, node.places[i] ?? [], char))
      const made: Node = { text: node.text + char, template: next, places }
      const name = key(made)
      if (seen.has(name)) continue
      seen.add(name)
      queue.push(made)
    }
  }
  if (steps >= STEPS) cut.happened = true
  return [...found.values()]
}

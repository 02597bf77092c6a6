/** A shell command over several lines that a shell joins again to the same words. */
import { columns, terminal, wrap } from './escape.ts'

type Quote = "'" | '"' | ''

/** Words as they stand, quotes and all: parted at spaces outside of quotes. */
function wordsOf(command: string): string[] {
  const words: string[] = []
  let word = ''
  let quote: Quote = ''
  for (let at = 0; at < command.length; at++) {
    const char = command.charAt(at)
    if (char === ' ' && quote === '') {
      if (word !== '') words.push(word)
      word = ''
      continue
    }
    word += char
    if (char === '\\' && quote !== "'") word += command.charAt(++at)
    else if (char === quote) quote = ''
    else if (quote === '' && (char === "'" || char === '"')) quote = char
  }
  return word === '' ? words : [...words, word]
}

/**
 * A word that no line holds, in pieces: a backslash at a line's end joins it to what starts the next line at its edge.
 * Single quotes, in which a backslash is only a backslash, are closed before it and opened again after.
 */
function piecesOf(word: string, first: number, others: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let quote: Quote = ''
  for (let at = 0; at < word.length; ) {
    const escaped: boolean = word.charAt(at) === '\\' && quote !== "'"
    const step: string = escaped ? word.slice(at, at + 2) : String.fromCodePoint(word.codePointAt(at) ?? 0)
    if (columns(piece + step) > (pieces.length === 0 ? first : others)) {
      pieces.push(quote === "'" ? `${piece}'` : piece)
      piece = quote === "'" ? "'" : ''
    }
    piece += step
    at += step.length
    if (step === quote) quote = ''
    else if (quote === '' && (step === "'" || step === '"')) quote = step
  }
  return [...pieces, piece]
}

/** A comment ends with its line, so that each of its lines has to be one. */
function commentLines(words: readonly string[], indent: number, width: number): string[] {
  if (words.length === 0) return []
  const text = words.join(' ').replace(/^#\s*/, '')
  return wrap(text, width - indent - 2).map((line) => `${' '.repeat(indent)}# ${line}`)
}

/** @returns lines of at most `width` columns, indented but for those that go on with a word */
export function commandLines(command: string, indent: number, width: number): string[] {
  const all = wordsOf(terminal(command))
  const comment = all.findIndex((word) => word.startsWith('#'))
  const words = comment === -1 ? all : all.slice(0, comment)
  return [...wordLines(words, indent, width), ...commentLines(all.slice(words.length), indent, width)]
}

function wordLines(words: readonly string[], indent: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let edge = indent
  const end = (more: string): void => {
    lines.push(' '.repeat(edge) + line + more)
  }
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`
    // Two columns are kept for what joins the next line.
    if (columns(longer) <= width - edge - 2) {
      line = longer
      continue
    }
    if (line !== '') end(' \\')
    const [first = '', ...rest] = piecesOf(word, width - indent - 2, width - 2)
    line = first
    edge = indent
    for (const piece of rest) {
      end('\\')
      line = piece
      edge = 0
    }
  }
  if (line !== '') end('')
  return lines
}

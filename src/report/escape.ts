/** Values of an account are data: each place where they go has its own way to keep them so. */
import stringWidth from 'string-width'

/**
 * What a terminal or a reader's eye would obey instead of showing: C0, DEL and C1 controls, bidirectional controls,
 * invisible characters, line separators, tags and lone surrogates. Joiners that emoji and scripts need stay.
 */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/gu

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

function visible(char: string): string {
  const code = char.codePointAt(0) ?? 0
  const hex = code.toString(16)
  return SHORT.get(char) ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`)
}

/** One line of text whose every character is seen: `\x1b]8;;`, `\n`, `\u{202e}`. */
export const terminal = (text: string): string => text.replace(UNSEEN, visible)

/** Text of several lines whose every character is seen; its own line ends and tabs stay. */
export const legible = (text: string): string =>
  text.replace(UNSEEN, (char) => (/[\n\r\t]/.test(char) ? char : visible(char)))

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The longest start of `text` that is at most `width` columns wide. */
function start(text: string, width: number): string {
  let out = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment)
    if (used > width) break
    out += segment
  }
  return out
}

function end(text: string, width: number): string {
  const kept: string[] = []
  let used = 0
  for (const { segment } of [...graphemes.segment(text)].reverse()) {
    used += stringWidth(segment)
    if (used > width) break
    kept.unshift(segment)
  }
  return kept.join('')
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

/** Columns that a text without controls takes. */
export const columns = (text: string): number => (isAscii(text) ? text.length : stringWidth(text))

/** More than a screen can show: what lies beyond is cut before anything measures it. */
const LONGEST = 4_096

/** At most `width` columns: the end is cut. */
export function cutEnd(text: string, width: number): string {
  const short = text.slice(0, LONGEST)
  if (short.length === text.length && columns(short) <= width) return text
  return `${start(short, width - 1)}…`
}

/** At most `width` columns: the middle is cut, since both ends of an id say what it is. */
export function cutMiddle(text: string, width: number): string {
  if (text.length <= LONGEST && columns(text) <= width) return text
  const right = Math.floor((width - 1) / 2)
  return `${start(text.slice(0, LONGEST), width - 1 - right)}…${end(text.slice(-LONGEST), right)}`
}

/** Lines of at most `width` columns, broken at spaces, longer words anywhere; at most `most` lines. */
export function wrap(text: string, width: number, most = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = []
  let line = ''
  for (const whole of text.slice(0, LONGEST).split(' ')) {
    let word = whole
    if (line !== '' && columns(line) + 1 + columns(word) <= width) {
      line += ` ${word}`
      continue
    }
    if (line !== '') lines.push(line)
    while (columns(word) > width) {
      const part = start(word, width) || word
      lines.push(part)
      word = word.slice(part.length)
    }
    line = word
  }
  if (line !== '') lines.push(line)
  if (lines.length <= most && text.length <= LONGEST) return lines
  const kept = lines.slice(0, most)
  return [...kept.slice(0, -1), cutEnd(`${kept.at(-1) ?? ''} …`, width)]
}

/**
 * Spreadsheets take a cell that begins so for a formula, whatever the quotes say; some take the full-width signs too.
 * @see OWASP, "CSV Injection"
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/

/** One cell after RFC 4180. */
export function csv(text: string): string {
  const clean = legible(text)
  const safe = FORMULA.test(clean) ? `'${clean}` : clean
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const HTML: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])

/** Text or a quoted attribute of HTML. */
export const html = (text: string): string =>
  terminal(text).replace(/[&<>"']/g, (char) => HTML.get(char) ?? char)

const unit = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * JSON that strict readers take and a terminal does not obey: what is not seen is escaped, which reads back as the
 * same; half of a surrogate pair, which UTF-8 has no form for, is the sign for it. Line ends are those between values.
 */
export function json(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent)
  // Nearly all of an account is plain: one look is a fifth of the price of two searches.
  if (!/[^\n\x20-\x7e]|\\ud/.test(text)) return text
  return text
    .replace(/\\(\\|ud[89a-f][0-9a-f]{2})/g, (whole, what) => (what === '\\' ? whole : '\\ufffd'))
    .replace(UNSEEN, (char) => (char === '\n' ? char : char.split('').map(unit).join('')))
}

/** JSON inside a `<script>` of HTML: nothing in it can end the element or open a comment. */
export const scriptJson = (value: unknown): string =>
  json(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/**
 * Text in GitHub's Markdown, in a table too: every character that could start markup or a link is an entity.
 * Mentions, issues and mail addresses are looked for in the finished text, so an empty comment parts it there.
 */
export const markdown = (text: string): string =>
  terminal(text)
    .replace(/[&<>"'|`*_~[\]()\\#!@:{}$]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/&#(35|64);/g, '$&<!-- -->')
    .replace(/\bwww\./gi, (start) => `${start.slice(0, 3)}&#46;`)

/** A name or id in Markdown: mentions and links are not looked for in it. */
export const markdownCode = (text: string): string => `<code>${markdown(text)}</code>`

/** Characters that XML 1.0 knows no way to write. */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/gu

const XML: ReadonlyMap<string, string> = new Map([
  ...HTML,
  ["'", '&apos;'],
  ['\t', '&#9;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
])

/** Text or a quoted attribute of XML 1.0; what it can't hold is left out. */
export const xml = (text: string): string =>
  legible(text.replace(NOT_XML, '')).replace(/[&<>"'\t\n\r]/g, (char) => XML.get(char) ?? char)

/** At most `most` UTF-16 units, no half of a surrogate pair left. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text
  const cut = text.slice(0, most - 1)
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}

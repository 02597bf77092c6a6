/** Texts with `{expressions}` in them. */

export type Part =
  | { readonly text: string }
  /** An expression, and where it begins in the text. */
  | { readonly expression: string; readonly offset: number }

/** Where the brace at `open` closes, strings and inner braces passed over; -1 when it does not. */
function closing(text: string, open: number): number {
  let depth = 0
  let quote = ''
  for (let i = open; i < text.length; i++) {
    const character = text[i] ?? ''
    if (quote) {
      if (character === '\\') i++
      else if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) return i
  }
  return -1
}

/**
 * A `{` that a letter follows begins an expression; any other brace is a brace, so that JSON and HCL in a command
 * stand as they are. `${…}` is the shell's and Terraform's own; `{{` is a brace before a letter.
 */
export function parseTemplate(text: string): readonly Part[] {
  const parts: Part[] = []
  let plain = ''
  for (let i = 0; i < text.length; i++) {
    const next = text[i + 1] ?? ''
    if (text[i] === '{' && next === '{') {
      plain += '{'
      i++
      continue
    }
    const end = text[i] === '{' && text[i - 1] !== '$' && /[A-Za-z_]/.test(next) ? closing(text, i) : -1
    if (end < 0) {
      plain += text[i]
      continue
    }
    if (plain) parts.push({ text: plain })
    plain = ''
    parts.push({ expression: text.slice(i + 1, end), offset: i + 1 })
    i = end
  }
  if (plain) parts.push({ text: plain })
  return parts
}

const LONGEST = 300

/** A value as a sentence shows it. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z')
  if (Array.isArray(value)) {
    const shown = value.slice(0, 20).map(show).join(', ')
    return show(value.length > 20 ? `${shown} and ${value.length - 20} more` : shown)
  }
  if (typeof value !== 'object') return String(value)
  if ('hasValue' in value && typeof value.hasValue === 'function') {
    return value.hasValue() && 'value' in value && typeof value.value === 'function'
      ? show(value.value())
      : 'nothing'
  }
  const text = JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? Number(inner) : inner))
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** Values of an account in commands and configuration that a person copies: they stay values there, whatever is in them. */
import { Optional } from '@marcbachmann/cel-js'
import type { Template } from './pieces.ts'

/** Where in a command of a POSIX shell a value stands. */
export type Quoting = 'bare' | 'single' | 'double'

/** The quoting around each part of a command; `$(` begins a command of its own, also inside double quotes. */
export function quotings(parts: Template): readonly Quoting[] {
  const open: Quoting[] = ['bare']
  const at = (): Quoting => open.at(-1) ?? 'bare'
  const read = (text: string): void => {
    for (let i = 0; i < text.length; i++) {
      const [one, two] = [text[i], text.slice(i, i + 2)]
      if (at() === 'single') {
        if (one === "'") open.pop()
      } else if (one === '\\') i++
      else if (two === '$(') open.push('bare')
      else if (one === '"') at() === 'double' ? open.pop() : open.push('double')
      else if (at() === 'double') continue
      else if (one === "'") open.push('single')
      else if (one === ')' && open.length > 1) open.pop()
    }
  }
  return parts.map((part) => {
    if (typeof part === 'string') read(part)
    return at()
  })
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Optional) return value.hasValue() ? plain(value.value()) : ''
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  if (value instanceof Date) return value.toISOString()
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner))
}

const word = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

// An interactive shell expands ! inside double quotes, and no backslash keeps it from that.
const inDouble = (text: string): string => text.replace(/[\\"$`]/g, '\\$&').replaceAll('!', `"'!'"`)

/** A value as one word of a shell's command, a list as one word each; inside quotes that stand there already, as text. */
export function shellText(value: unknown, quoting: Quoting): string {
  if (Array.isArray(value) && quoting === 'bare') return value.map((one) => word(plain(one))).join(' ')
  const text = Array.isArray(value) ? value.map(plain).join(',') : plain(value)
  if (quoting === 'bare') return word(text)
  return quoting === 'single' ? text.replaceAll("'", "'\\''") : inDouble(text)
}

const inHcl = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[$%](?=\{)/g, '$&$&')

/** A value inside the quotes of Terraform's language; a list with its brackets and quotes. */
export function hclText(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((one) => `"${inHcl(plain(one))}"`).join(', ')}]`
    : inHcl(plain(value))
}

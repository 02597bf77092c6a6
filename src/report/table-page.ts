/** The table's page: its width, its colours, and the shapes of its lines. */
import type { ChalkInstance } from 'chalk'
import type { Severity } from '../rules/model.ts'
import type { Audit } from '../score/audit.ts'
import { columns, cutEnd } from './escape.ts'

export interface Page {
  readonly audit: Audit
  readonly width: number
  readonly all: boolean
  readonly chalk: ChalkInstance
}

const SEVERITY_STYLE: Readonly<Record<Severity, (chalk: ChalkInstance) => (text: string) => string>> = {
  critical: (chalk) => chalk.bold.white.bgRed,
  high: (chalk) => chalk.bold.red,
  medium: (chalk) => chalk.bold.yellow,
  low: (chalk) => chalk.bold.cyan,
  info: (chalk) => chalk.bold,
}

/** The word in its colour, as wide as the widest of them. */
export const severityBadge = (page: Page, severity: Severity): string =>
  SEVERITY_STYLE[severity](page.chalk)(` ${severity.toUpperCase()} `) + ' '.repeat(8 - severity.length)

/** What the left of a line keeps at least. */
const LEAST = 8

/** `left` and `right` on one line, the right one at the edge; where both do not fit the left one is cut first. */
export function edges(
  page: Page,
  left: string,
  right: string,
  style: (text: string) => string,
  used = 0,
): string {
  const end = cutEnd(right, page.width - used - LEAST - 2)
  const text = cutEnd(left, Math.max(LEAST, page.width - used - columns(end) - 2))
  return `${style(text)}${' '.repeat(Math.max(2, page.width - used - columns(text) - columns(end)))}${page.chalk.dim(end)}`
}

export function heading(page: Page, text: string): string {
  return page.chalk.dim(`── ${text} ${'─'.repeat(Math.max(0, page.width - columns(text) - 4))}`)
}

/** What a report is: an audit in, text out in pieces. No I/O, no clock; the same audit gives the same bytes. */
import type { Audit } from '../score/audit.ts'

export interface ReportOptions {
  /** Columns of the terminal; 80 without it. */
  readonly width?: number
  /** Colours that it shows, as chalk counts them: 0 none, 1 sixteen, 2 256, 3 all. */
  readonly colorLevel?: 0 | 1 | 2 | 3
  /** Every resource of the table, not the first few of each rule. */
  readonly all?: boolean
  /** What the command will exit with, for SARIF. */
  readonly exitCode?: number
  /** CSV starts with a byte order mark. */
  readonly bom?: boolean
  /** The snapshots as the user named them, for commands that are proposed; without it what the audit says. */
  readonly files?: readonly string[]
  /** Commands for the table's last lines, instead of its own proposals. */
  readonly next?: readonly string[]
}

/** One of several files that a report can be written as. */
export interface ReportPart {
  /** What tells its file from the others, fit for a file's name. */
  readonly name: string
  readonly text: string
}

export interface Report {
  /** As `--format` names it. */
  readonly name: string
  /** Of a file that it is written to, with the dot. */
  readonly extension: string
  /** One line for `--help`. */
  readonly description: string
  readonly render: (audit: Audit, options: ReportOptions) => Iterable<string>
  /** The same findings in files as large as the receiving side takes; only where that is asked for. */
  readonly parts?: (audit: Audit) => Iterable<ReportPart>
}

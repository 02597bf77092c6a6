/**
 * An error that its reader can mend: what happened, where, and what to do next.
 * Only src/cli prints it and picks the exit code from its kind.
 */

export type ErrorKind =
  /** A flag, a file, a rule, a waiver: exit 2. */
  | 'input'
  /** AWS could not be reached at all: exit 3. */
  | 'aws'

export interface Where {
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

export class UserError extends Error {
  override readonly name = 'UserError'
  readonly where: Where
  readonly next: string | undefined
  readonly kind: ErrorKind

  constructor(message: string, options: Where & { next?: string; kind?: ErrorKind; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    const { file, line, column } = options
    this.where = {
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    }
    this.next = options.next
    this.kind = options.kind ?? 'input'
  }
}

/** How the command ends: one message on stderr and the documented exit code. */
import { UserError } from '../../user-error.ts'

export const EXIT = {
  ok: 0,
  findings: 1,
  usage: 2,
  aws: 3,
  incomplete: 4,
  interrupted: 130,
} as const

/** `error: snapshot prod.ndjson is cut: line 8123 is not complete. Collect it again, …` */
export function errorText(error: unknown, debug: boolean): string {
  if (error instanceof UserError) {
    const { file, line, column } = error.where
    const shown = file !== undefined && error.message.includes(file)
    const at = [shown ? undefined : file, line, column].filter((part) => part !== undefined).join(':')
    const where = at === '' || (shown && line === undefined) ? '' : shown ? '' : ` (${at})`
    const next = error.next === undefined ? '' : ` ${error.next}`
    const stop = /[.?!]$/.test(`${error.message}${where}`) ? '' : '.'
    return `error: ${error.message}${where}${stop}${next}\n${debug ? `${error.stack ?? ''}\n` : ''}`
  }
  const said = error instanceof Error ? error.message : String(error)
  const stack = debug && error instanceof Error ? `${error.stack ?? ''}\n` : ''
  return `error: ${said} (this is a bug of aws-secaudit; run it again with --debug and report what it prints)\n${stack}`
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UserError) return error.kind === 'aws' ? EXIT.aws : EXIT.usage
  return 70
}

/** `--format table --format sarif=out.sarif`: one audit in several forms, each to its own place. */
import { reports } from '../../report/index.ts'
import type { Report, ReportOptions } from '../../report/model.ts'
import type { Audit } from '../../score/audit.ts'
import { UserError } from '../../user-error.ts'
import { writeWhole } from './files.ts'
import { warn, writeStdout } from './streams.ts'

export interface RenderFlags {
  readonly format?: readonly string[]
  readonly output?: string
  readonly color?: string
  readonly all?: boolean
  readonly quiet?: boolean
  readonly csvBom?: boolean
}

interface Destination {
  readonly report: Report
  readonly file: string | undefined
}

/** @throws UserError for an unknown format, or two that both go to standard output */
export function destinations(flags: RenderFlags): Destination[] {
  const known = [...reports.values()]
  const wanted = (flags.format ?? ['table']).map((text): Destination => {
    const at = text.indexOf('=')
    const name = at === -1 ? text : text.slice(0, at)
    const report = reports.get(name)
    if (!report) {
      throw new UserError(`there is no format ${name}`, {
        next: `Choose from ${known.map((each) => each.name).join(', ')}.`,
      })
    }
    const file = at === -1 ? undefined : text.slice(at + 1)
    return { report, file: file === '-' ? undefined : file }
  })
  const { output } = flags
  const open = wanted.filter((each) => each.file === undefined)
  if (open.length > 1) {
    throw new UserError(`${open.map((each) => each.report.name).join(' and ')} both go to standard output`, {
      next: 'Give all but one a file: --format sarif=out.sarif.',
    })
  }
  return wanted.map((each) =>
    each.file === undefined && output !== undefined && output !== '-' ? { ...each, file: output } : each,
  )
}

export async function renderAll(
  audit: Audit,
  to: readonly Destination[],
  flags: RenderFlags,
  exitCode: number,
): Promise<void> {
  for (const { report, file } of to) {
    const options = optionsFor(file, flags, exitCode)
    if (file === undefined) await writeStdout(report.render(audit, options))
    else {
      await writeWhole(file, report.render(audit, options), 0o644)
      if (!flags.quiet) warn(`${report.name} is in ${file}`)
    }
  }
}

function optionsFor(file: string | undefined, flags: RenderFlags, exitCode: number): ReportOptions {
  return {
    width: terminalWidth(file),
    colorLevel: colorLevel(file, flags),
    exitCode,
    ...(flags.all ? { all: true } : {}),
    ...(flags.csvBom ? { bom: true } : {}),
  }
}

function terminalWidth(file: string | undefined): number {
  const given = Number(process.env['COLUMNS'])
  if (file === undefined && process.stdout.columns) return process.stdout.columns
  return Number.isInteger(given) && given >= 20 ? given : 80
}

/** Colour only where a person sees it, unless told otherwise: --color, NO_COLOR, FORCE_COLOR, TERM=dumb. */
export function colorLevel(file: string | undefined, flags: RenderFlags): 0 | 1 | 2 | 3 {
  const { NO_COLOR, FORCE_COLOR, TERM, COLORTERM } = process.env
  const best = COLORTERM === 'truecolor' ? 3 : TERM?.includes('256') ? 2 : 1
  if (flags.color === 'never') return 0
  if (flags.color === 'always') return best
  if (NO_COLOR !== undefined && NO_COLOR !== '') return 0
  if (FORCE_COLOR !== undefined) return FORCE_COLOR === '0' ? 0 : best
  return file === undefined && process.stdout.isTTY === true && TERM !== 'dumb' ? best : 0
}

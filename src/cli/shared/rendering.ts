/** `--format table --format sarif=out.sarif`: one audit in several forms, each to its own place. */
import { join, parse } from 'node:path'
import { reports } from '../../report/index.ts'
import type { Report, ReportOptions, ReportPart } from '../../report/model.ts'
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
  readonly asffBatch?: boolean
}

export interface Destination {
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
  const { output, asffBatch } = flags
  const open = wanted.filter((each) => each.file === undefined)
  if (open.length > 1) {
    throw new UserError(`${open.map((each) => each.report.name).join(' and ')} both go to standard output`, {
      next: 'Give all but one a file: --format sarif=out.sarif.',
    })
  }
  const to = wanted.map((each) =>
    each.file === undefined && output !== undefined && output !== '-' ? { ...each, file: output } : each,
  )
  if (asffBatch && !to.some((each) => each.report.parts && each.file !== undefined)) {
    throw new UserError('--asff-batch writes files, and no format asff has a file', {
      next: 'Say where: --format asff=findings.json.',
    })
  }
  return to
}

export async function renderAll(
  audit: Audit,
  to: readonly Destination[],
  flags: RenderFlags,
  known: Pick<ReportOptions, 'exitCode' | 'files'>,
): Promise<void> {
  for (const { report, file } of to) {
    const options = { ...optionsFor(file, flags), ...known }
    if (file === undefined) await writeStdout(report.render(audit, options))
    else if (report.parts && flags.asffBatch) {
      const files = await writeParts(file, report.parts(audit))
      if (!flags.quiet) warn(`${report.name} is in ${nameFiles(files)}`)
    } else {
      await writeWhole(file, report.render(audit, options), 0o644)
      if (!flags.quiet) warn(`${report.name} is in ${file}`)
    }
  }
}

/** `findings.json` in parts: `findings.111122223333.eu-west-1.001.json`, … */
async function writeParts(file: string, parts: Iterable<ReportPart>): Promise<string[]> {
  const { dir, name, ext } = parse(file)
  const files: string[] = []
  for (const part of parts) {
    const path = join(dir, `${name}.${part.name}${ext}`)
    await writeWhole(path, [part.text], 0o644)
    files.push(path)
  }
  return files
}

function nameFiles(files: readonly string[]): string {
  const [first, ...rest] = files
  if (first === undefined) return 'no file: there is no finding'
  return rest.length === 0 ? first : `${files.length} files, ${first} to ${rest.at(-1)}`
}

function optionsFor(file: string | undefined, flags: RenderFlags): ReportOptions {
  return {
    width: terminalWidth(file),
    colorLevel: colorLevel(file, flags),
    ...(flags.all ? { all: true } : {}),
    ...(flags.csvBom ? { bom: true } : {}),
  }
}

export function terminalWidth(file: string | undefined): number {
  const given = Number(process.env['COLUMNS'])
  if (file === undefined && process.stdout.columns) return process.stdout.columns
  return Number.isInteger(given) && given >= 20 ? given : 80
}

/** Colour only where a person sees it, unless told otherwise: --color, NO_COLOR, FORCE_COLOR, TERM=dumb. */
export function colorLevel(file: string | undefined, flags: Pick<RenderFlags, 'color'>): 0 | 1 | 2 | 3 {
  const { NO_COLOR, FORCE_COLOR, TERM, COLORTERM } = process.env
  const best = COLORTERM === 'truecolor' ? 3 : TERM?.includes('256') ? 2 : 1
  if (flags.color === 'never') return 0
  if (flags.color === 'always') return best
  if (NO_COLOR !== undefined && NO_COLOR !== '') return 0
  if (FORCE_COLOR !== undefined) return FORCE_COLOR === '0' ? 0 : best
  return file === undefined && process.stdout.isTTY === true && TERM !== 'dumb' ? best : 0
}

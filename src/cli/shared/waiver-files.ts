/** Waiver files from disk: what a command accepts, or one clear refusal. */
import { relative } from 'node:path'
import type { Rule, RuleText } from '../../rules/load.ts'
import { loadWaivers, type Waiver } from '../../rules/waiver-file.ts'
import { UserError } from '../../user-error.ts'
import { readText } from './files.ts'
import { findUpwards } from './settings-file.ts'

export const WAIVER_FILE = 'aws-secaudit.waivers.yaml'

/** The files that are named, or the nearest one of the usual name. */
export async function readWaiverFiles(named: readonly string[] | undefined): Promise<readonly RuleText[]> {
  const found = named ?? [findUpwards(WAIVER_FILE, process.cwd())].filter((file) => file !== undefined)
  return Promise.all(
    found.map(async (file) => ({
      file: named ? file : relative(process.cwd(), file),
      text: await readText(file, 'waivers'),
    })),
  )
}

/** @throws UserError with line and column: of a file with anything wrong in it, nothing waives */
export function waiversFor(
  files: readonly RuleText[],
  rules: readonly Rule[],
  now: string,
): readonly Waiver[] {
  const { waivers, problems } = loadWaivers(files, rules, now)
  const errors = problems.filter((problem) => problem.level === 'error')
  const [first] = errors
  if (first === undefined) return waivers
  const { file, line = 1, column = 1, message } = first
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  throw new UserError(`${file}:${line}:${column}: ${message}${more}`, {
    file,
    line,
    column,
    next: 'Nothing was judged: mend the file; aws-secaudit waivers check shows all of it.',
  })
}

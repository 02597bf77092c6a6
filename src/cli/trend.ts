import { trendJson, trendOf, trendTable } from '../report/trend.ts'
import { trendHtml } from '../report/trend-html.ts'
import { type AuditFlags, prepareJudging } from './shared/auditing.ts'
import { EXIT } from './shared/exit.ts'
import { writeWhole } from './shared/files.ts'
import { colorLevel, terminalWidth } from './shared/rendering.ts'
import { loadAudit } from './shared/reporting.ts'
import { warn, writeStdout } from './shared/streams.ts'

interface Flags extends AuditFlags {
  readonly format: 'table' | 'json' | 'html'
  readonly output?: string
  readonly color?: string
}

/** `trend FILE…`: each audit a point, oldest first. */
export async function run(files: string[], flags: Flags): Promise<number> {
  const judging = await prepareJudging(flags)
  const audits = []
  for (const file of files) audits.push(await loadAudit(file, judging, flags))
  const points = trendOf(audits)
  const { output } = flags
  const options = { width: terminalWidth(output), colorLevel: colorLevel(output, flags) }
  const text = {
    table: () => trendTable(points, options),
    json: () => trendJson(points),
    html: () => trendHtml(points),
  }[flags.format]()
  if (output === undefined || output === '-') await writeStdout([text])
  else {
    await writeWhole(output, [text], 0o644)
    warn(`${flags.format} is in ${output}`)
  }
  return EXIT.ok
}

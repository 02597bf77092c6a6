/** Reports as text, and other people's programs to read them with. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { reports } from '../../src/report/index.ts'
import type { ReportOptions } from '../../src/report/model.ts'
import type { Audit } from '../../src/score/audit.ts'
import { install, PYTHON } from '../e2e/setup.ts'

export function render(format: string, audit: Audit, options: ReportOptions = {}): string {
  const report = reports.get(format)
  if (!report) throw new Error(`there is no format ${format}`)
  return [...report.render(audit, options)].join('')
}

/** What read.py says of a report: the answer of somebody else's reader as JSON. */
export function readBy(reader: 'asff' | 'csv' | 'junit' | 'markdown' | 'ocsf', text: string): unknown {
  install()
  const script = fileURLToPath(new URL('read.py', import.meta.url))
  const answer = execFileSync(PYTHON, [script, reader], { input: text, maxBuffer: 1 << 28, stdio: 'pipe' })
  return JSON.parse(answer.toString())
}

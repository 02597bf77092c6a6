/** Every output format, by the name that `--format` takes. */
import { json } from './json.ts'
import type { Report } from './model.ts'
import { sarif } from './sarif.ts'
import { table } from './table.ts'

export const REPORTS: readonly Report[] = [table, json, sarif]

export const reportNamed = (name: string): Report | undefined =>
  REPORTS.find((report) => report.name === name)

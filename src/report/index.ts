/** Every output format, by the name that `--format` takes. */
import { asff } from './asff.ts'
import { csv } from './csv.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import type { Report } from './model.ts'
import { ocsf, ocsfNdjson } from './ocsf.ts'
import { sarif } from './sarif.ts'
import { table } from './table.ts'

const REPORTS: readonly Report[] = [table, json, sarif, html, markdown, csv, junit, ocsf, ocsfNdjson, asff]

export const reports: ReadonlyMap<string, Report> = new Map(REPORTS.map((report) => [report.name, report]))

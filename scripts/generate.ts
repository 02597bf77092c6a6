/**
 * Makes what is derived from other parts of the project: `npm run generate`; with --check it only says what is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadAllRules } from '../src/cli/shared/rule-files.ts'
import { services } from '../src/collect/index.ts'
import { auditSchema } from './generate/audit-schema.ts'
import { cliPage } from './generate/cli.ts'
import { configurationPage, settingsSchema, waiversSchema } from './generate/configuration.ts'
import { controlsPage } from './generate/controls.ts'
import { htmlReport } from './generate/html-report.ts'
import { manPage } from './generate/man.ts'
import { permissionsPage } from './generate/permissions.ts'
import { policyReference } from './generate/policy-reference.ts'
import { snapshotSchema } from './generate/snapshot-schema.ts'
import { shapesOf } from './shapes-from-sdk.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const check = process.argv.includes('--check')

const shapes = await shapesOf(services)
const { rules } = await loadAllRules([], shapes)
const about = rules.map((rule) => rule.about)

const files: Record<string, string> = {
  // The fields of each resource type, so that rules are checked and answers normalized without loading an AWS client.
  'src/generated/shapes.json': `${JSON.stringify(shapes, null, 1)}\n`,
  'src/generated/html-report.json': await htmlReport(),
  'docs/schemas/audit.schema.json': auditSchema(),
  // The actions and condition keys of resource policies.
  'src/generated/policy-reference.json': await policyReference(),
  'docs/schemas/snapshot.schema.json': snapshotSchema(shapes),
  'docs/controls.md': controlsPage(about),
  'docs/permissions.md': permissionsPage(services, about),
  'docs/cli.md': cliPage(),
  'docs/configuration.md': configurationPage(),
  'docs/schemas/settings.schema.json': settingsSchema(),
  'docs/schemas/waivers.schema.json': waiversSchema(),
  'docs/aws-secaudit.1': manPage(),
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const stale = Object.entries(files).filter(([file, text]) => read(`${root}${file}`) !== text)
for (const [file, text] of check ? [] : stale) writeFileSync(`${root}${file}`, text)
for (const [file] of stale) console.log(check ? `${file} is stale: run npm run generate` : `wrote ${file}`)
if (check && stale.length > 0) process.exitCode = 1

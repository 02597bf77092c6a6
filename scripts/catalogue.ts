/**
 * Holds the rules against the catalogue of controls: each row of the first wave is a rule of that name, in its pillar, on
 * its resource type, with tests of a pass, a fail and an unknown. `npm run check:catalogue`; --wave 2 shows what comes next.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadBuiltInRules } from '../src/cli/shared/rule-files.ts'
import { shapes } from '../src/cli/shared/shapes.ts'
import { lacking } from '../src/rules/test-rules.ts'

const wave = process.argv.includes('--wave') ? process.argv[process.argv.indexOf('--wave') + 1] : '1'
const text = readFileSync(fileURLToPath(new URL('../docs/catalogue.tsv', import.meta.url)), 'utf8')
const [head = '', ...lines] = text.trimEnd().split('\n')
const columns = head.split('\t')
const rows = lines.map((line) => {
  const cells = line.split('\t')
  return Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? ''])) as Record<string, string>
})

const { rules, problems } = await loadBuiltInRules(shapes)
const byId = new Map(rules.map((rule) => [rule.about.id, rule]))
const wanted = rows.filter((row) => row['wave'] === wave)
const faults = wanted.flatMap((row) => {
  const { key = '', pillar = '', title = '' } = row
  const rule = byId.get(key)
  if (!rule) return [`${key}: there is no such rule (${title})`]
  const kinds = lacking(rule)
  return [
    ...(rule.about.pillar === pillar
      ? []
      : [`${key}: is in ${rule.about.pillar}, the catalogue says ${pillar}`]),
    ...(kinds.length === 0 ? [] : [`${key}: has no test of ${kinds.join(', ')}`]),
  ]
})
const unknown = rules.filter((rule) => !rows.some((row) => row['key'] === rule.about.id))

for (const { file, message } of problems) console.error(`${file}: ${message}`)
for (const fault of faults) console.error(fault)
for (const rule of unknown) console.error(`${rule.about.id}: is not in the catalogue`)
console.log(`${wanted.length} rows of wave ${wave}, ${rules.length} rules, ${faults.length} faults`)
if (faults.length > 0 || problems.length > 0 || unknown.length > 0) process.exitCode = 1

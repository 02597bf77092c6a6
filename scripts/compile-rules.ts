/** Compiles the built-in rules into the folder of a build; a rule with a problem stops it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMPILED_RULES, loadBuiltInRules } from '../src/cli/shared/rule-files.ts'
import { shapes } from '../src/cli/shared/shapes.ts'
import { compileRules } from '../src/rules/compiled.ts'

const [folder = 'dist'] = process.argv.slice(2)
const { rules, problems } = await loadBuiltInRules(shapes)
for (const { file, line, column, level, message } of problems)
  console.error(`${[file, line, column].join(':')}: ${level}: ${message}`)
if (problems.some((problem) => problem.level === 'error')) process.exit(1)
writeFileSync(join(folder, COMPILED_RULES), compileRules(rules))

import { analyses } from '../analyze/index.ts'
import { loadRules } from '../rules/load.ts'
import { lacking, testRules } from '../rules/test-rules.ts'
import { EXIT } from './shared/exit.ts'
import { readTexts } from './shared/files.ts'
import { loadBuiltInRules, tellProblems } from './shared/rule-files.ts'
import { shapes } from './shared/shapes.ts'
import { warn, writeStdout } from './shared/streams.ts'

interface Flags {
  readonly format: 'table' | 'json'
}

/** `rules test [DIR]`: the tests inside the rule files; exit 2 when one fails or a rule does not load. */
export async function run([dir]: string[], flags: Flags): Promise<number> {
  const { rules, problems } =
    dir === undefined
      ? await loadBuiltInRules(shapes)
      : loadRules(await readTexts(dir, '.yaml'), shapes, analyses)
  const results = testRules(rules)
  const failed = results.filter((result) => !result.ok)
  const bad = problems.filter((problem) => problem.level === 'error')
  if (flags.format === 'json') {
    await writeStdout([`${JSON.stringify({ results, problems }, null, 2)}\n`])
  } else {
    tellProblems(problems)
    for (const rule of rules) {
      const kinds = lacking(rule)
      if (kinds.length > 0) warn(`${rule.about.file}: warning: no test of ${kinds.join(', ')}`)
    }
    const lines = failed.map((result) => `${result.file}: ${result.test}: ${result.message}\n`)
    const count = `${results.length - failed.length} passed, ${failed.length} failed, ${rules.length} rules`
    await writeStdout([...lines, `${count}${bad.length > 0 ? `, ${bad.length} problems` : ''}\n`])
  }
  return failed.length > 0 || bad.length > 0 ? EXIT.usage : EXIT.ok
}

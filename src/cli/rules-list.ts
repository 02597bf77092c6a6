import { PILLARS } from '../rules/model.ts'
import { EXIT } from './shared/exit.ts'
import { loadAllRules, tellProblems } from './shared/rule-files.ts'
import { shapes } from './shared/shapes.ts'
import { writeStdout } from './shared/streams.ts'

interface Flags {
  readonly format: 'table' | 'json'
  readonly rules?: readonly string[]
}

/** `rules list`: every rule, a line each. */
export async function run(_args: string[], flags: Flags): Promise<number> {
  const { rules, problems } = await loadAllRules(flags.rules ?? [], shapes)
  tellProblems(problems)
  const all = rules.map((rule) => rule.about)
  if (flags.format === 'json') {
    await writeStdout([`${JSON.stringify({ rules: all, problems }, null, 2)}\n`])
    return exitOf(problems)
  }
  const width = Math.max(0, ...all.map((rule) => rule.id.length))
  const lines = PILLARS.flatMap((pillar) =>
    all
      .filter((rule) => rule.pillar === pillar)
      .map(
        (rule) =>
          `${pillar.padEnd(14)}  ${rule.severity.padEnd(8)}  ${rule.id.padEnd(width)}  ${rule.title}\n`,
      ),
  )
  await writeStdout([...lines, `\n${all.length} rules; aws-secaudit rules show ID tells more of one\n`])
  return exitOf(problems)
}

const exitOf = (problems: readonly { level: string }[]): number =>
  problems.some((problem) => problem.level === 'error') ? EXIT.usage : EXIT.ok

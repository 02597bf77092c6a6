/** docs/cli.md: every command's help, as the command prints it. */
import type { Command } from 'commander'
import { createProgram } from '../../src/cli/program.ts'

/** The help as it is on a terminal of 100 columns, whatever this one is. */
function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({
    writeOut: (part) => {
      text += part
    },
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return text.trimEnd()
}

function section(command: Command, name: string): string[] {
  const own = ['', `## ${name}`, '', '```text', helpOf(command), '```']
  return [...own, ...command.commands.flatMap((each) => section(each, `${name} ${each.name()}`))]
}

export function cliPage(): string {
  const program = createProgram(() => undefined)
  return [
    '# Command line',
    '',
    'Generated from the commands themselves. Data goes to standard output, everything else to standard error.',
    '',
    '| exit code | meaning |',
    '| ---: | --- |',
    '| 0 | done; nothing at or above `--fail-on` |',
    '| 1 | done; findings at or above `--fail-on` (only when it is given) |',
    '| 2 | wrong usage or bad input: a flag, a file, a rule, a waiver; nothing was judged |',
    '| 3 | AWS could not be reached at all: no credentials, expired token, no network |',
    '| 4 | done, but incomplete: a call was denied, throttled out or failed, so some verdicts are unknown; `--allow-incomplete` makes it 0 |',
    '| 130 | interrupted; what was collected is kept, `--resume` continues |',
    '',
    '1 wins over 4.',
    ...section(program, 'aws-secaudit'),
    '',
  ].join('\n')
}

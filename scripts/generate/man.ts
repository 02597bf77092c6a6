/** docs/aws-secaudit.1: the manual page, of the same words as the commands' help. */
import type { Command, Option } from 'commander'
import { createProgram } from '../../src/cli/program.ts'
import { SETTINGS, variableOf } from '../../src/cli/shared/settings.ts'

/** Roff takes a backslash, a leading dot and a bare hyphen for itself. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1')

const option = ({ flags, description }: Option): string => `.TP\n.B ${roff(flags)}\n${roff(description)}`

function examples(command: Command): string[] {
  let text = ''
  command.configureOutput({
    writeOut: (part) => {
      text += part
    },
    getOutHelpWidth: () => 1000,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  const [, after = ''] = /\nExamples?:\n([\s\S]*)$/.exec(text) ?? []
  return after
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function section(command: Command, name: string): string[] {
  const usage = `${name} ${command.usage()}`
  const shown = examples(command)
  const own =
    command.commands.length > 0
      ? []
      : [
          `.SS ${roff(usage)}`,
          roff(`${command.description()}.`),
          ...command.options.map(option),
          ...(shown.length > 0
            ? ['.PP', 'Examples:', '.nf', ...shown.map((line) => `    ${roff(line)}`), '.fi']
            : []),
        ]
  return [...own, ...command.commands.flatMap((each) => section(each, `${name} ${each.name()}`))]
}

export function manPage(): string {
  const program = createProgram(() => undefined)
  return [
    '.TH AWS\\-SECAUDIT 1 "" "aws\\-secaudit" "User Commands"',
    '.SH NAME',
    `aws\\-secaudit \\- ${roff('audit the security posture of an AWS account')}`,
    '.SH SYNOPSIS',
    '.B aws\\-secaudit',
    roff('<command> [options]'),
    '.SH DESCRIPTION',
    roff(program.description()),
    roff('What could not be seen is never a pass: it is unknown, and the report says what to grant.'),
    '.SH COMMANDS',
    ...program.commands.flatMap((command) => section(command, command.name())),
    '.SH EXIT STATUS',
    ...[
      ['0', 'done; nothing at or above --fail-on'],
      ['1', 'done; findings at or above --fail-on'],
      ['2', 'wrong usage or bad input; nothing was judged'],
      ['3', 'AWS could not be reached at all'],
      ['4', 'done, but incomplete: some verdicts are unknown'],
      ['130', 'interrupted; --resume continues'],
    ].map(([code = '', text = '']) => `.TP\n.B ${code}\n${roff(text)}`),
    '.SH ENVIRONMENT',
    roff(
      'The variables of the AWS command line are honoured: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, HTTPS_PROXY and so on.',
    ),
    ...SETTINGS.map((setting) => `.TP\n.B ${roff(variableOf(setting))}\n${roff(setting.description)}`),
    '.SH FILES',
    `.TP\n.B ${roff('aws-secaudit.yaml')}\n${roff('settings, found upwards from the working directory')}`,
    `.TP\n.B ${roff('aws-secaudit.waivers.yaml')}\n${roff('accepted findings, found upwards from the working directory')}`,
    '',
  ].join('\n')
}

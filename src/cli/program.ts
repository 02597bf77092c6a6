/** Every command with its flags and help; what a command does loads only when it is asked for. */
import { Command, CommanderError } from 'commander'
import { addAccepting, addSettings } from './commands/accepting.ts'
import { addCollecting } from './commands/collecting.ts'
import { addComparing } from './commands/comparing.ts'
import { addJudging } from './commands/judging.ts'
import { EXIT, errorText, exitCodeOf } from './shared/exit.ts'
import { version } from './shared/version.ts'

/** A command's work: its arguments and flags in, the exit code out; the whole command line for those that tell of it. */
type Run = (args: string[], flags: Record<string, unknown>, program: Command) => Promise<number>

const THREE_WAYS = `
Three ways in:
  aws-secaudit scan --profile prod                   judge an account, now
  aws-secaudit scan --format sarif --fail-on high    a gate in CI
  aws-secaudit audit prod.ndjson                     judge a saved snapshot, without credentials

Exit codes: 0 done, 1 findings at or above --fail-on, 2 wrong usage or bad input,
3 AWS can't be reached, 4 done but incomplete, 130 interrupted.`

/** @returns the command line as a tree of commands; `done` is told the exit code of the one that ran */
export function createProgram(done: (code: number) => void): Command {
  const program = new Command('aws-secaudit')
  const action = (command: Command, load: () => Promise<{ run: unknown }>): void => {
    command.action(async (...all: unknown[]) => {
      const { resolveFlags } = await import('./shared/resolve.ts')
      const { flags, file } = await resolveFlags(command, {
        env: process.env,
        folder: process.cwd(),
      })
      const args = all.slice(0, -2).flatMap((value) => (Array.isArray(value) ? value : [value])) as string[]
      const { run } = await load()
      done(
        await (run as Run)(
          args.filter((arg) => arg !== undefined),
          { ...flags, settings: file },
          program,
        ),
      )
    })
  }
  program
    .description(
      'Tells what in an AWS account is really exposed, unencrypted, unpatched or unlogged, with the evidence.',
    )
    .version(version)
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .addHelpText('after', THREE_WAYS)
    .exitOverride()

  addCollecting(program, action)
  addJudging(program, action)
  addComparing(program, action)
  addAccepting(program, action)
  addSettings(program, action)
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((each) => each.commands),
  ]) {
    command
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(text.replace(/\n\(/, ' (')) })
  }
  return program
}

/** @returns the exit code; everything that went wrong was already said on stderr */
export async function main(args: readonly string[]): Promise<number> {
  let code: number = EXIT.ok
  const program = createProgram((ended) => {
    code = ended
  })
  try {
    if (args.length === 0) {
      program.outputHelp()
      return EXIT.ok
    }
    await program.parseAsync(['node', 'aws-secaudit', ...args])
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    process.stderr.write(errorText(error, args.includes('--debug')))
    return exitCodeOf(error)
  }
}

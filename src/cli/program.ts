/** Every command with its flags and help; what a command does loads only when it is asked for. */
import { Command, CommanderError, Option } from 'commander'
import { EXIT, errorText, exitCodeOf } from './shared/exit.ts'
import { several, time, whole, withAudit, withAws, withLogging, withSettings } from './shared/options.ts'
import { quietPipes } from './shared/streams.ts'
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

type Action = (command: Command, load: () => Promise<{ run: unknown }>) => void

function addCollecting(program: Command, action: Action): void {
  const scan = program.command('scan').description('collect from AWS, judge, report')
  withSettings(withLogging(withAudit(withAws(scan))))
    .option('--save <file>', 'keep the snapshot, to audit it again later')
    .addHelpText(
      'after',
      '\nExamples:\n  aws-secaudit scan --profile prod\n  aws-secaudit scan --region eu-west-1 --format table --format sarif=out.sarif --fail-on high',
    )
  action(scan, () => import('./scan.ts'))

  const collect = program.command('collect').description('collect from AWS into a snapshot file')
  withSettings(withLogging(withAws(collect)))
    .option('-o, --output <file>', 'the snapshot; .gz or .zst compresses, - is standard output')
    .option('--plan', 'print the calls that would be made, and make none')
    .option('--allow-incomplete', 'exit 0 even if something could not be seen')
    .option('--now <time>', 'the time that the snapshot carries (default: the clock)', time)
    .addOption(
      new Option('--format <format>', 'how --plan prints').choices(['table', 'json']).default('table'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  aws-secaudit collect --profile prod -o prod.ndjson\n  aws-secaudit collect --plan',
    )
  action(collect, () => import('./collect.ts'))

  const importing = program
    .command('import')
    .argument('<dir>', 'folder of raw answers: ACCOUNT/REGION/SERVICE/OPERATION.json')
  withLogging(importing)
    .description('make a snapshot of what the AWS CLI printed, or of collect --record')
    .requiredOption('-o, --output <file>', 'the snapshot; - is standard output')
    .option('--skip-bad', 'leave out files that cannot be read')
    .option('--now <time>', 'the time that the snapshot carries (default: that of manifest.json)', time)
    .addHelpText('after', '\nExample:\n  aws-secaudit import answers -o prod.ndjson')
  action(importing, () => import('./import.ts'))

  const merge = program.command('merge').argument('<file...>', 'snapshots')
  merge
    .description('several snapshots as one')
    .requiredOption('-o, --output <file>', 'the snapshot; - is standard output')
    .addHelpText('after', '\nExample:\n  aws-secaudit merge prod.ndjson stage.ndjson -o all.ndjson')
  action(merge, () => import('./merge.ts'))

  const permissions = program.command('permissions').description('the least IAM policy that a scan needs')
  permissions
    .addOption(several('--services <name>', 'only for these services').default(undefined))
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(['json', 'terraform', 'cloudformation'])
        .default('json'),
    )
    .addHelpText('after', '\nExample:\n  aws-secaudit permissions --format terraform > aws-secaudit.tf')
  action(permissions, () => import('./permissions.ts'))
}

function addJudging(program: Command, action: Action): void {
  const audit = program.command('audit').argument('<file...>', 'snapshots; - is standard input')
  withSettings(withLogging(withAudit(audit)))
    .description('judge a saved snapshot, without credentials')
    .option('--allow-cut', 'take the whole lines of a file that was cut')
    .addHelpText(
      'after',
      '\nExamples:\n  aws-secaudit audit prod.ndjson\n  aws-secaudit audit prod.ndjson --format html -o report.html',
    )
  action(audit, () => import('./audit.ts'))

  const explain = program
    .command('explain')
    .argument('<fingerprint-or-rule>')
    .argument('[resource]', 'its ARN, id or name')
  withSettings(explain)
    .description('why a verdict is what it is, part by part, and what would change it')
    .requiredOption('--snapshot <file>', 'the snapshot that it is about')
    .option('--element <key>', 'of a rule that judges several things in one resource: which')
    .addOption(several('--rules <dir>', 'add rules of your own').default(undefined))
    .addOption(
      several('--param <name=value>', "set a rule's parameter: [RULE.]NAME=VALUE").default(undefined),
    )
    .addOption(several('--trusted-account <id>', 'an account of your own or a partner').default(undefined))
    .option('--now <time>', 'judge as of this time (default: the time of the snapshot)', time)
    .addOption(table())
    .addOption(new Option('--color <when>', 'colour in the table').choices(['auto', 'always', 'never']))
    .addHelpText(
      'after',
      '\nExamples:\n  aws-secaudit explain 3f6c0a1b --snapshot prod.ndjson\n  aws-secaudit explain kms-key-rotation alias-or-id --snapshot prod.ndjson',
    )
  action(explain, () => import('./explain.ts'))

  const rules = program.command('rules').description('list, show and test rules')
  const format = (): Option =>
    new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table')
  const dirs = (): Option => several('--rules <dir>', 'add rules of your own').default(undefined)
  const list = rules
    .command('list')
    .description('every rule, a line each')
    .addOption(format())
    .addOption(dirs())
  action(list, () => import('./rules-list.ts'))
  const show = rules.command('show').argument('<id>').description('one rule: what it reads, says and takes')
  action(show.addOption(format()).addOption(dirs()), () => import('./rules-show.ts'))
  const test = rules.command('test').argument('[dir]', 'folder of rules (default: the built-in ones)')
  test
    .description('run the tests inside the rule files')
    .addHelpText('after', '\nExample:\n  aws-secaudit rules test ./my-rules')
  action(test.addOption(format()), () => import('./rules-test.ts'))
}

const table = (): Option =>
  new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table')
const waiverFiles = (): Option =>
  several('--waivers <file>', 'files of accepted findings (default: aws-secaudit.waivers.yaml)').default(
    undefined,
  )

function addComparing(program: Command, action: Action): void {
  const diff = program
    .command('diff')
    .argument('<old>', 'audit (JSON) or snapshot')
    .argument('<new>', 'the later one')
  withSettings(diff)
    .description('what is new, fixed, changed, and what was not looked at again')
    .option('--resources', 'what is set otherwise, by resource and field, of two snapshots')
    .addOption(several('--rule <id>', 'only these rules (glob)').default(undefined))
    .addOption(several('--rules <dir>', 'add rules of your own').default(undefined))
    .addOption(several('--trusted-account <id>', 'an account of your own or a partner').default(undefined))
    .addOption(waiverFiles())
    .option('--fail-on <severity>', 'exit 1 when such a finding, or worse, is open: new:high')
    .option('--allow-incomplete', 'exit 0 even if something could not be seen')
    .addOption(table())
    .addOption(new Option('--color <when>', 'colour in the table').choices(['auto', 'always', 'never']))
    .addHelpText(
      'after',
      '\nExamples:\n  aws-secaudit diff last-week.ndjson today.ndjson\n  aws-secaudit diff last-week.ndjson today.ndjson --resources',
    )
  action(diff, () => import('./diff.ts'))

  const trend = program.command('trend').argument('<file...>', 'audits (JSON) or snapshots')
  withSettings(trend)
    .description('score and counts over time')
    .addOption(several('--rules <dir>', 'add rules of your own').default(undefined))
    .addOption(several('--trusted-account <id>', 'an account of your own or a partner').default(undefined))
    .addOption(waiverFiles())
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json', 'html']).default('table'),
    )
    .option('-o, --output <file>', 'write it to this file')
    .addOption(new Option('--color <when>', 'colour in the table').choices(['auto', 'always', 'never']))
    .addHelpText('after', '\nExample:\n  aws-secaudit trend 2026-*.json --format html -o trend.html')
  action(trend, () => import('./trend.ts'))
}

function addAccepting(program: Command, action: Action): void {
  const waivers = program
    .command('waivers')
    .description('findings that are accepted: check the files, add to one')
  const check = waivers.command('check').argument('[file...]', 'snapshots that they are about')
  withSettings(check)
    .description('what in them is unused, overlapping, too broad or running out')
    .addOption(waiverFiles())
    .addOption(several('--rules <dir>', 'add rules of your own').default(undefined))
    .option('--soon <days>', 'what runs out within so many days', whole(0, 3660), 30)
    .option('--most <n>', 'more resources than these are too broad', whole(1, 1_000_000), 20)
    .option('--now <time>', 'as of this time (default: that of the snapshot, or the clock)', time)
    .addOption(several('--fail-on <kind>', 'exit 1 for such a remark: unused, expired, …').default(undefined))
    .addOption(table())
    .addHelpText('after', '\nExample:\n  aws-secaudit waivers check prod.ndjson --fail-on expired,unused')
  action(check, () => import('./waivers-check.ts'))

  const add = waivers.command('add').argument('<fingerprint>', 'of a finding, or its first characters')
  withSettings(add)
    .description('accept one finding, in the file that reviewers read')
    .requiredOption('--snapshot <file>', 'the snapshot that it was found in')
    .requiredOption('--reason <text>', 'why it is accepted')
    .requiredOption('--owner <who>', 'who answers for it')
    .requiredOption('--expires <date>', 'the last day on which it counts: 2026-12-31')
    .option('--ticket <id>', 'where it was discussed')
    .addOption(waiverFiles())
    .addOption(several('--rules <dir>', 'add rules of your own').default(undefined))
    .option('--now <time>', 'as of this time (default: the time of the snapshot)', time)
    .addHelpText(
      'after',
      '\nExample:\n  aws-secaudit waivers add 3f6c0a1b --snapshot prod.ndjson --reason "a public site" --owner web --expires 2026-12-31',
    )
  action(add, () => import('./waivers-add.ts'))
}

function addSettings(program: Command, action: Action): void {
  const config = program.command('config').description('settings from flags, environment and file')
  const show = withSettings(config.command('show'))
    .description('each value and where it came from')
    .addOption(table())
  action(show, () => import('./config-show.ts'))

  const init = program
    .command('init')
    .description('a commented settings file here, and the IAM policy to create')
  init
    .option('--force', 'write over the file that is there')
    .addHelpText('after', '\nExample:\n  aws-secaudit init > policy.json')
  action(init, () => import('./init.ts'))
}

/** @returns the exit code; everything that went wrong was already said on stderr */
export async function main(args: readonly string[]): Promise<number> {
  quietPipes()
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

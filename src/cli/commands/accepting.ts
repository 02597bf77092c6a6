/** waivers, config, init, completion: what a team sets and accepts. */
import { Argument, type Command } from 'commander'
import type { Action } from '../shared/action.ts'
import { ruleFolders, several, table, time, waiverFiles, whole, withSettings } from '../shared/options.ts'

export function addAccepting(program: Command, action: Action): void {
  const waivers = program
    .command('waivers')
    .description('findings that are accepted: check the files, add to one')
  const check = waivers.command('check').argument('[file...]', 'snapshots that they are about')
  withSettings(check)
    .description('what in them is unused, overlapping, too broad or running out')
    .addOption(waiverFiles())
    .addOption(ruleFolders())
    .option('--soon <days>', 'what runs out within so many days', whole(0, 3660), 30)
    .option('--most <n>', 'more resources than these are too broad', whole(1, 1_000_000), 20)
    .option('--now <time>', 'as of this time (default: that of the snapshot, or the clock)', time)
    .addOption(several('--fail-on <kind>', 'exit 1 for such a remark: unused, expired, …').default(undefined))
    .addOption(table())
    .addHelpText('after', '\nExample:\n  aws-secaudit waivers check prod.ndjson --fail-on expired,unused')
  action(check, () => import('../waivers-check.ts'))

  const add = waivers.command('add').argument('<fingerprint>', 'of a finding, or its first characters')
  withSettings(add)
    .description('accept one finding, in the file that reviewers read')
    .requiredOption('--snapshot <file>', 'the snapshot that it was found in')
    .requiredOption('--reason <text>', 'why it is accepted')
    .requiredOption('--owner <who>', 'who answers for it')
    .requiredOption('--expires <date>', 'the last day on which it counts: 2026-12-31')
    .option('--ticket <id>', 'where it was discussed')
    .addOption(waiverFiles())
    .addOption(ruleFolders())
    .option('--now <time>', 'as of this time (default: the time of the snapshot)', time)
    .addHelpText(
      'after',
      '\nExample:\n  aws-secaudit waivers add 3f6c0a1b --snapshot prod.ndjson --reason "a public site" --owner web --expires 2026-12-31',
    )
  action(add, () => import('../waivers-add.ts'))
}

export function addSettings(program: Command, action: Action): void {
  const config = program.command('config').description('settings from flags, environment and file')
  const show = withSettings(config.command('show'))
    .description('each value and where it came from')
    .addOption(table())
  action(show, () => import('../config-show.ts'))

  const completion = program.command('completion')
  completion
    .description('completion for your shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish', 'powershell']))
    .addHelpText(
      'after',
      '\nExamples:\n  source <(aws-secaudit completion bash)\n  aws-secaudit completion fish > ~/.config/fish/completions/aws-secaudit.fish',
    )
  action(completion, () => import('../completion.ts'))

  const init = program
    .command('init')
    .description('a commented settings file here, and the IAM policy to create')
  init
    .option('--force', 'write over the file that is there')
    .addHelpText('after', '\nExample:\n  aws-secaudit init > policy.json')
  action(init, () => import('../init.ts'))
}

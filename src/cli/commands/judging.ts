/** audit, explain, rules: what is judged, by what, and why. */
import type { Command } from 'commander'
import type { Action } from '../shared/action.ts'
import {
  colour,
  ruleFolders,
  several,
  table,
  time,
  trusted,
  withAudit,
  withLogging,
  withSettings,
} from '../shared/options.ts'

export function addJudging(program: Command, action: Action): void {
  const audit = program.command('audit').argument('<file...>', 'snapshots; - is standard input')
  withSettings(withLogging(withAudit(audit)))
    .description('judge a saved snapshot, without credentials')
    .option('--allow-cut', 'take the whole lines of a file that was cut')
    .addHelpText(
      'after',
      '\nExamples:\n  aws-secaudit audit prod.ndjson\n  aws-secaudit audit prod.ndjson --format html -o report.html',
    )
  action(audit, () => import('../audit.ts'))

  const explain = program
    .command('explain')
    .argument('<fingerprint-or-rule>')
    .argument('[resource]', 'its ARN, id or name')
  withSettings(explain)
    .description('why a verdict is what it is, part by part, and what would change it')
    .requiredOption('--snapshot <file>', 'the snapshot that it is about')
    .option('--element <key>', 'of a rule that judges several things in one resource: which')
    .addOption(ruleFolders())
    .addOption(
      several('--param <name=value>', "set a rule's parameter: [RULE.]NAME=VALUE").default(undefined),
    )
    .addOption(trusted())
    .option('--now <time>', 'judge as of this time (default: the time of the snapshot)', time)
    .addOption(table())
    .addOption(colour())
    .addHelpText(
      'after',
      '\nExamples:\n  aws-secaudit explain 3f6c0a1b --snapshot prod.ndjson\n  aws-secaudit explain kms-key-rotation alias-or-id --snapshot prod.ndjson',
    )
  action(explain, () => import('../explain.ts'))

  const rules = program.command('rules').description('list, show and test rules')
  const list = rules
    .command('list')
    .description('every rule, a line each')
    .addOption(table())
    .addOption(ruleFolders())
  action(list, () => import('../rules-list.ts'))
  const show = rules.command('show').argument('<id>').description('one rule: what it reads, says and takes')
  action(show.addOption(table()).addOption(ruleFolders()), () => import('../rules-show.ts'))
  const test = rules.command('test').argument('[dir]', 'folder of rules (default: the built-in ones)')
  test
    .description('run the tests inside the rule files')
    .addHelpText('after', '\nExample:\n  aws-secaudit rules test ./my-rules')
  action(test.addOption(table()), () => import('../rules-test.ts'))
}

/** diff, trend: one audit held against others. */
import { type Command, Option } from 'commander'
import type { Action } from '../shared/action.ts'
import { colour, ruleFolders, several, table, trusted, waiverFiles, withSettings } from '../shared/options.ts'

export function addComparing(program: Command, action: Action): void {
  const diff = program
    .command('diff')
    .argument('<old>', 'audit (JSON) or snapshot')
    .argument('<new>', 'the later one')
  withSettings(diff)
    .description('what is new, fixed, changed, and what was not looked at again')
    .option('--resources', 'what is set otherwise, by resource and field, of two snapshots')
    .addOption(several('--rule <id>', 'only these rules (glob)').default(undefined))
    .addOption(ruleFolders())
    .addOption(trusted())
    .addOption(waiverFiles())
    .option('--fail-on <severity>', 'exit 1 when such a finding, or worse, is open: new:high')
    .option('--allow-incomplete', 'exit 0 even if something could not be seen')
    .addOption(table())
    .addOption(colour())
    .addHelpText(
      'after',
      '\nExamples:\n  aws-secaudit diff last-week.ndjson today.ndjson\n  aws-secaudit diff last-week.ndjson today.ndjson --resources',
    )
  action(diff, () => import('../diff.ts'))

  const trend = program.command('trend').argument('<file...>', 'audits (JSON) or snapshots')
  withSettings(trend)
    .description('score and counts over time')
    .addOption(ruleFolders())
    .addOption(trusted())
    .addOption(waiverFiles())
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json', 'html']).default('table'),
    )
    .option('-o, --output <file>', 'write it to this file')
    .addOption(colour())
    .addHelpText('after', '\nExample:\n  aws-secaudit trend 2026-*.json --format html -o trend.html')
  action(trend, () => import('../trend.ts'))
}

/** scan, collect, import, merge, permissions: what is read, from where, and what it takes. */
import { type Command, Option } from 'commander'
import type { Action } from '../shared/action.ts'
import { several, time, withAudit, withAws, withLogging, withSettings } from '../shared/options.ts'

export function addCollecting(program: Command, action: Action): void {
  const scan = program.command('scan').description('collect from AWS, judge, report')
  withSettings(withLogging(withAudit(withAws(scan))))
    .option('--save <file>', 'keep the snapshot, to audit it again later')
    .addHelpText(
      'after',
      '\nExamples:\n  aws-secaudit scan --profile prod\n  aws-secaudit scan --region eu-west-1 --format table --format sarif=out.sarif --fail-on high',
    )
  action(scan, () => import('../scan.ts'))

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
  action(collect, () => import('../collect.ts'))

  const importing = program
    .command('import')
    .argument('<dir>', 'folder of raw answers: ACCOUNT/REGION/SERVICE/OPERATION.json')
  withLogging(importing)
    .description('make a snapshot of what the AWS CLI printed, or of collect --record')
    .requiredOption('-o, --output <file>', 'the snapshot; - is standard output')
    .option('--skip-bad', 'leave out files that cannot be read')
    .option('--now <time>', 'the time that the snapshot carries (default: that of manifest.json)', time)
    .addHelpText('after', '\nExample:\n  aws-secaudit import answers -o prod.ndjson')
  action(importing, () => import('../import.ts'))

  const merge = program.command('merge').argument('<file...>', 'snapshots')
  merge
    .description('several snapshots as one')
    .requiredOption('-o, --output <file>', 'the snapshot; - is standard output')
    .addHelpText('after', '\nExample:\n  aws-secaudit merge prod.ndjson stage.ndjson -o all.ndjson')
  action(merge, () => import('../merge.ts'))

  const permissions = program.command('permissions').description('the least IAM policy that a scan needs')
  permissions
    .addOption(several('--services <name>', 'only for these services').default(undefined))
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(['json', 'terraform', 'cloudformation'])
        .default('json'),
    )
    .addHelpText('after', '\nExample:\n  aws-secaudit permissions --format terraform > aws-secaudit.tf')
  action(permissions, () => import('../permissions.ts'))
}

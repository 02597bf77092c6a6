/** audit, explain, reach, access, rules: what is judged, by what, and why. */
import { type Command, Option } from 'commander'
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

  addReach(program, action)
  addAccess(program, action)

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

function addReach(program: Command, action: Action): void {
  const reach = program.command('reach').argument('<file...>', 'snapshots; - is standard input')
  withSettings(reach)
    .description('which packets get from one place to another, proved by one, or what stops them')
    .option('--from <source>', 'internet, a CIDR, or a resource: its ARN, id or load balancer’s name')
    .option('--to <target>', 'the same; without it everything that the source reaches')
    .option('--protocol <protocol>', 'tcp, udp, icmp, a number, or all, the default')
    .option('--port <port>', 'a port or a range, 1000-2000; without it every port')
    .option('--direct', 'do not count ways by load balancers')
    .option('--queries <file>', 'many questions: NDJSON with the same keys, and an id')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['table', 'json', 'dot', 'mermaid', 'svg'])
        .default('table'),
    )
    .option('--allow-incomplete', 'exit 0 even if something could not be seen')
    .addOption(colour())
    .addHelpText(
      'after',
      `
Exit codes: 0 answered, whatever the verdict; 2 wrong question; 4 a verdict is unknown because
something was not read (--allow-incomplete makes it 0).

Examples:
  aws-secaudit reach prod.ndjson --from internet
  aws-secaudit reach prod.ndjson --from internet --to i-0abc --protocol tcp --port 22
  aws-secaudit reach prod.ndjson --from i-0abc --to db-ABCD --format svg > path.svg`,
    )
  action(reach, () => import('../reach.ts'))
}

function addAccess(program: Command, action: Action): void {
  const access = program.command('access').argument('<file...>', 'snapshots; - is standard input')
  withSettings(access)
    .description('who can really get at what has a policy of its own, proved by a request')
    .addOption(
      several('--resource <arn>', 'only this one, whole: its ARN, or a name that only it has').default(
        undefined,
      ),
    )
    .addOption(trusted())
    .option('--requests <file>', 'concrete requests to decide instead: NDJSON')
    .option('--now <time>', 'judge as of this time (default: the time of the snapshot)', time)
    .addOption(table())
    .option('--allow-incomplete', 'exit 0 even if something could not be seen')
    .addOption(colour())
    .addHelpText(
      'after',
      `
Exit codes: 0 answered, whatever the answer; 2 wrong question; 4 an answer hangs on something
that was not read (--allow-incomplete makes it 0).

Examples:
  aws-secaudit access prod.ndjson --trusted-account 210987654321
  aws-secaudit access prod.ndjson --resource arn:aws:s3:::my-bucket
  aws-secaudit access prod.ndjson --requests requests.ndjson --format json`,
    )
  action(access, () => import('../access.ts'))
}

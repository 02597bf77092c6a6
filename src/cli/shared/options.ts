/** Flags that several commands share, each written once. */
import { type Command, InvalidArgumentError, Option } from 'commander'

const gather = (value: string, before: readonly string[] = []): string[] => [...before, value]

export function whole(least: number, most: number) {
  return (value: string): number => {
    const number = Number(value)
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`)
    }
    return number
  }
}

export function time(value: string): string {
  const date = new Date(value)
  if (!/^\d{4}-\d\d-\d\d/.test(value) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError('It has to be a time in ISO 8601, 2026-11-24T00:00:00Z.')
  }
  return date.toISOString().replace('.000Z', 'Z')
}

export const several = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(gather)

export const table = (): Option =>
  new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table')
export const colour = (): Option =>
  new Option('--color <when>', 'colour in the table').choices(['auto', 'always', 'never'])
export const waiverFiles = (): Option =>
  several('--waivers <file>', 'accepted findings (default: aws-secaudit.waivers.yaml)').default(undefined)
export const ruleFolders = (): Option => several('--rules <dir>', 'add rules of your own').default(undefined)
export const trusted = (): Option =>
  several('--trusted-account <id>', 'an account of your own or a partner').default(undefined)

/** How to reach AWS, and what of it to read. */
export function withAws(command: Command): Command {
  return command
    .option('--profile <name>', 'profile of the shared AWS configuration')
    .addOption(several('--region <region>', 'only these Regions (repeat, or separate by commas)'))
    .option('--all-regions', 'all Regions that the account has enabled (the default)')
    .addOption(several('--exclude-region <region>', 'leave these Regions out').default(undefined))
    .addOption(several('--service <name>', 'only these services: ec2, elbv2, kms, s3, …').default(undefined))
    .option('--role-arn <arn>', 'assume this role first')
    .option('--external-id <id>', 'the external id that the role asks for')
    .option('--session-duration <seconds>', 'how long the role is assumed for', whole(900, 43_200))
    .option('--max-attempts <n>', 'tries of a request, the first included (default: 8)', whole(1, 100))
    .option('--concurrency <n>', 'requests in flight at once (default: 32)', whole(1, 500))
    .option('--timeout <seconds>', 'how long one request may take (default: 30)', whole(1, 900))
    .option('--record <dir>', 'also write every raw answer below this folder')
    .option('--resume <file>', 'go on with an interrupted collection')
}

/** Where settings come from that are not given as flags. */
export function withSettings(command: Command): Command {
  return command
    .option('--config <file>', 'settings (default: aws-secaudit.yaml, found upwards)')
    .option('--use <profile>', 'the settings of this profile in the file')
}

export function withLogging(command: Command): Command {
  return command
    .option('-q, --quiet', 'no progress and no hints')
    .option('--verbose', 'a line for each call')
    .option('--debug', 'retries and timings too, and stack traces; never secrets')
    .addOption(
      new Option('--log-format <format>', 'how --verbose and --debug print').choices(['text', 'json']),
    )
}

/** What is judged and how it is shown. */
export function withAudit(command: Command): Command {
  return command
    .addOption(several('--rule <id>', 'only these rules (glob)').default(undefined))
    .addOption(
      several(
        '--pillar <pillar>',
        'only these pillars: iam, detective, infrastructure, data, response',
      ).default(undefined),
    )
    .addOption(
      several('--severity <severity>', 'only findings of these severities, or at least: high+').default(
        undefined,
      ),
    )
    .addOption(
      several('--framework <name>', 'only rules that map to this framework: cis-aws-5.0').default(undefined),
    )
    .addOption(ruleFolders())
    .addOption(
      several('--param <name=value>', "set a rule's parameter: [RULE.]NAME=VALUE").default(undefined),
    )
    .addOption(trusted())
    .addOption(
      several('--format <format[=file]>', 'table, json, sarif, html, … (repeatable)').default(undefined),
    )
    .option('-o, --output <file>', 'write the report to this file')
    .option('--csv-bom', 'CSV starts with a byte order mark, which Excel asks for')
    .option('--asff-batch', 'ASFF in files that one BatchImportFindings call takes each')
    .addOption(waiverFiles())
    .option('--baseline <file>', 'an earlier audit (JSON) or snapshot to compare with')
    .option('--fail-on <severity>', 'exit 1 when such a finding, or worse, is open: high, new:high')
    .option('--allow-incomplete', 'exit 0 even if something could not be seen')
    .option('--show-passed', 'list what passed, too')
    .option('--all', 'every resource of each finding, not the first few')
    .option('--now <time>', 'judge as of this time (default: the time of the snapshot)', time)
    .addOption(colour())
}

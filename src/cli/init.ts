import { existsSync } from 'node:fs'
import { services } from '../collect/index.ts'
import { permissions, policyDocument } from '../collect/permissions.ts'
import { UserError } from '../user-error.ts'
import { EXIT } from './shared/exit.ts'
import { writeWhole } from './shared/files.ts'
import { SETTINGS } from './shared/settings.ts'
import { SETTINGS_FILE } from './shared/settings-file.ts'
import { warn, writeStdout } from './shared/streams.ts'

interface Flags {
  readonly force?: boolean
}

const EXAMPLES: Readonly<Record<string, string>> = {
  profile: 'prod',
  regions: '[eu-west-1, eu-central-1]',
  excludeRegions: '[us-west-1]',
  services: '[ec2, kms, s3]',
  roleArn: 'arn:aws:iam::123456789012:role/aws-secaudit',
  externalId: 'something-agreed',
  sessionDuration: '3600',
  maxAttempts: '8',
  concurrency: '32',
  timeout: '30',
  rules: '[./our-rules]',
  onlyRules: '[s3-*]',
  pillars: '[data, iam]',
  severities: '[high+]',
  frameworks: '[cis-aws-5.0]',
  trustedAccounts: "['210987654321']",
  waivers: '[aws-secaudit.waivers.yaml]',
  baseline: 'last-week.json',
  formats: '[table, sarif=results.sarif]',
  failOn: 'high',
  allowIncomplete: 'true',
  showPassed: 'true',
  color: 'never',
}

/** A settings file in which everything is said and nothing is set. */
export function commentedSettings(): string {
  const lines = SETTINGS.flatMap(({ key, description }) => [
    `# ${description[0]?.toUpperCase()}${description.slice(1)}.`,
    `#${key}: ${EXAMPLES[key] ?? ''}`,
    '',
  ])
  return [
    '# Settings of aws-secaudit: what is given as a flag or in the environment comes over them.',
    '# aws-secaudit config show prints what holds, and where it came from.',
    '',
    ...lines,
    "# Values for the rules' parameters; aws-secaudit rules show ID prints a rule's.",
    '#params:',
    '#  ssm-patch-never-scanned:',
    '#    days: 14',
    '',
    '# Settings by name, over the others: aws-secaudit scan --use ci.',
    '#profiles:',
    '#  ci:',
    '#    failOn: high',
    '#    formats: [sarif=results.sarif]',
    '',
  ].join('\n')
}

/** `init`: a commented settings file here, and the IAM policy to create on standard output. */
export async function run(_args: string[], flags: Flags): Promise<number> {
  if (existsSync(SETTINGS_FILE) && !flags.force) {
    throw new UserError(`${SETTINGS_FILE} is there already`, {
      file: SETTINGS_FILE,
      next: 'Edit it, or write over it with --force.',
    })
  }
  await writeWhole(SETTINGS_FILE, [commentedSettings()], 0o644)
  await writeStdout([`${JSON.stringify(policyDocument(permissions({ services })), null, 2)}\n`])
  warn(
    `wrote ${SETTINGS_FILE}; the policy above is what a role needs to scan: aws-secaudit init > policy.json`,
  )
  warn('next: aws iam create-policy --policy-name aws-secaudit-read --policy-document file://policy.json')
  return EXIT.ok
}

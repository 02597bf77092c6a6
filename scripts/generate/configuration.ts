/** docs/configuration.md, and the JSON Schemas of the settings and waiver files. */
import { z } from 'zod'
import { commentedSettings } from '../../src/cli/init.ts'
import { flagOf, SETTINGS, settingsFileSchema, variableOf } from '../../src/cli/shared/settings.ts'
import { waiverFileSchema } from '../../src/rules/waiver-file.ts'

const schema = (of: z.ZodType, title: string): string =>
  `${JSON.stringify({ ...z.toJSONSchema(of, { io: 'input' }), title }, null, 2)}\n`

export const settingsSchema = (): string => schema(settingsFileSchema, 'aws-secaudit.yaml')
export const waiversSchema = (): string => schema(waiverFileSchema, 'aws-secaudit.waivers.yaml')

export function configurationPage(): string {
  const rows = SETTINGS.map(
    (setting) =>
      `| \`${setting.key}\` | \`${flagOf(setting)}\` | \`${variableOf(setting)}\` | ${setting.description} |`,
  )
  return [
    '# Configuration',
    '',
    'What a team gives at every run can stand in `aws-secaudit.yaml`, which is looked for from the working directory',
    'upwards (`--config FILE` names another). Flags come first, then the environment, then the file, then the defaults;',
    '`aws-secaudit config show` prints each value and where it came from. `aws-secaudit init` writes a commented file.',
    '',
    'An unknown key, a key that stands twice and a value of the wrong kind are errors with line and column; nothing is judged',
    'then. [settings.schema.json](schemas/settings.schema.json) is the JSON Schema, for editors:',
    '',
    '```yaml',
    '# yaml-language-server: $schema=./docs/schemas/settings.schema.json',
    'regions: [eu-west-1, eu-central-1]',
    'failOn: high',
    'formats: [table, sarif=results.sarif]',
    "trustedAccounts: ['210987654321']",
    'params:',
    '  ssm-patch-never-scanned: { days: 14 }',
    'profiles:',
    '  ci: { formats: [sarif=results.sarif, markdown=summary.md] }',
    '```',
    '',
    '`aws-secaudit scan --use ci` takes the profile `ci` over the rest. Paths in the file are meant from its own folder.',
    '',
    '| in the file | flag | environment | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'Lists are written with commas in the environment and on the command line: `AWS_SECAUDIT_REGION=eu-west-1,eu-west-2`.',
    '',
    "## Rules' parameters",
    '',
    '`params` has values by rule and parameter; `aws-secaudit rules show ID` prints what a rule takes. `--param` does the same',
    'for one run: `--param ssm-patch-never-scanned.days=14`, or `--param days=14` for every rule that has such a parameter.',
    '',
    '## Everything, commented',
    '',
    '```yaml',
    commentedSettings().trimEnd(),
    '```',
    '',
  ].join('\n')
}

/** What can be set in a file or the environment: the flags that a team sets once. One table for all of it. */
import { z } from 'zod'

const texts = z.array(z.string().min(1))
const flag = z.boolean()
const whole = (least: number, most: number) => z.int().min(least).max(most)

export interface Setting {
  /** In the file. */
  readonly key: string
  /** The flag's name as commander keeps it; the environment's is made of it: `failOn`, AWS_SECAUDIT_FAIL_ON. */
  readonly flag: string
  readonly schema: z.ZodType
  readonly description: string
  /** Its values name files, which a file of settings means from its own folder. */
  readonly paths?: true
}

const setting = (
  key: string,
  flagName: string,
  schema: z.ZodType,
  description: string,
  paths?: true,
): Setting => ({
  key,
  flag: flagName,
  schema,
  description,
  ...(paths ? { paths } : {}),
})

export const SETTINGS: readonly Setting[] = [
  setting('profile', 'profile', z.string().min(1), 'profile of the shared AWS configuration'),
  setting('regions', 'region', texts, 'only these Regions; all that are enabled without it'),
  setting('excludeRegions', 'excludeRegion', texts, 'leave these Regions out'),
  setting('services', 'service', texts, 'only these services, as the AWS CLI names them'),
  setting('roleArn', 'roleArn', z.string().min(1), 'assume this role first'),
  setting('externalId', 'externalId', z.string().min(1), 'the external id that the role asks for'),
  setting(
    'sessionDuration',
    'sessionDuration',
    whole(900, 43_200),
    'how long the role is assumed for, in seconds',
  ),
  setting('maxAttempts', 'maxAttempts', whole(1, 100), 'tries of a request, the first included'),
  setting('concurrency', 'concurrency', whole(1, 500), 'requests in flight at once'),
  setting('timeout', 'timeout', whole(1, 900), 'how long one request may take, in seconds'),
  setting('rules', 'rules', texts, 'folders with rules of your own', true),
  setting('onlyRules', 'rule', texts, 'only these rules, by id or glob'),
  setting('pillars', 'pillar', texts, 'only these pillars'),
  setting('severities', 'severity', texts, 'only findings of these severities, or at least: high+'),
  setting('frameworks', 'framework', texts, 'only rules that map to these frameworks'),
  setting('trustedAccounts', 'trustedAccount', texts, 'accounts of your own or of partners'),
  setting('waivers', 'waivers', texts, 'files of accepted findings', true),
  setting('baseline', 'baseline', z.string().min(1), 'an earlier audit to compare with', true),
  setting('formats', 'format', texts, 'reports: table, sarif=results.sarif, …'),
  setting('failOn', 'failOn', z.string().min(1), 'exit 1 when such a finding is open: high, new:high'),
  setting('allowIncomplete', 'allowIncomplete', flag, 'exit 0 even if something could not be seen'),
  setting('showPassed', 'showPassed', flag, 'list what passed, too'),
  setting('color', 'color', z.enum(['auto', 'always', 'never']), 'colour in the table'),
]

const members = Object.fromEntries(
  SETTINGS.map(({ key, schema, description }) => [key, schema.describe(description).optional()]),
)

const value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  texts,
  z.array(z.int()),
  z.record(z.string(), z.string()),
])

const parameters = z
  .record(z.string(), z.record(z.string(), value))
  .describe("values for the rules' parameters, by rule: aws-secaudit rules show ID prints them")

/** The file `aws-secaudit.yaml`. */
export const settingsFileSchema = z
  .strictObject({
    ...members,
    params: parameters.optional(),
    profiles: z
      .record(z.string(), z.strictObject({ ...members, params: parameters.optional() }))
      .optional()
      .describe('settings by name, over the others: --use NAME'),
  })
  .describe('Settings of aws-secaudit')

export const settingsKeys: readonly string[] = [...SETTINGS.map((one) => one.key), 'params', 'profiles']

/** `failOn` to `AWS_SECAUDIT_FAIL_ON`. */
export const variableOf = (of: Setting): string =>
  `AWS_SECAUDIT_${of.flag.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

/** `failOn` to `--fail-on`. */
export const flagOf = (of: Setting): string =>
  `--${of.flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/** The lines of a snapshot as schemas: what `model.ts` types, published as JSON Schema and checked when a file is read. */
import { z } from 'zod'
import type { CallRecord, Json, Manifest, Missing, Outcome, Resource } from './model.ts'

const OUTCOMES = [
  'ok',
  'denied',
  'throttled',
  'unsupported',
  'not-enabled',
  'region-disabled',
  'error',
  'not-collected',
  'interrupted',
] as const satisfies readonly Outcome[]

const text = z.string().min(1)
const time = z.iso.datetime().describe('ISO 8601, UTC')
const account = z
  .string()
  .regex(/^\d{12}$/)
  .describe('twelve digits')
const region = text.describe('`eu-west-1`, or `global` for IAM and the like')
const permission = z.string().describe('IAM style: `ec2:DescribeVpcs`')
/** Whatever JSON.parse gave is JSON. */
const json = z.unknown() as z.ZodType<Json>

const missing: z.ZodType<Missing> = z
  .object({
    operation: permission,
    outcome: z.enum(OUTCOMES),
    permission,
    detail: z.string().exactOptional().describe('what AWS answered, for a person to read'),
  })
  .describe('a part that could not be read')

const call: z.ZodType<CallRecord> = z
  .object({
    account,
    region,
    service: text.describe('as the AWS CLI names it: `ec2`, `s3api`, `elbv2`'),
    operation: text.describe("the API's own name: `DescribeVpcs`"),
    outcome: z.enum(OUTCOMES).describe('the worst that happened among the calls'),
    calls: z.int().min(0).describe('requests that were sent; pages count, retries do not'),
    failed: z.int().min(1).exactOptional().describe('answers that failed'),
    permission,
    reserved: z
      .literal(true)
      .exactOptional()
      .describe("AWS answers it only to an organization's management account and delegated administrators"),
    lists: z.array(text).exactOptional().describe('resource types that it lists'),
    because: z
      .object({ operation: permission, permission })
      .exactOptional()
      .describe('what failed, so that it was not asked'),
    detail: z.string().exactOptional().describe('what AWS answered where it failed'),
  })
  .describe('one operation in one account and region: how its calls ended')

export const manifestSchema: z.ZodType<Manifest> = z
  .object({
    schemaVersion: z.int().min(1),
    tool: z.object({ name: text, version: text }),
    time: time.describe('when it was collected, ISO 8601 UTC: the "now" of every rule'),
    partition: text,
    accounts: z.array(z.object({ id: account, alias: z.string().exactOptional() })),
    regions: z.array(text),
    calls: z.array(call),
  })
  .describe('line 1: what was asked, of whom, and how it ended')

export const resourceSchema: z.ZodType<Resource> = z
  .object({
    id: text.describe('its ARN; where AWS has none, the ARN-shaped id that AWS Config would use'),
    type: text.describe("CloudFormation's name: `AWS::EC2::SecurityGroup`"),
    account,
    region,
    name: z.string().exactOptional(),
    tags: z.record(z.string(), z.string()),
    config: z.record(z.string(), json).describe("what the API answered, under the API's own field names"),
    missing: z
      .record(z.string(), missing)
      .exactOptional()
      .describe('fields of config that a failed call would have answered'),
  })
  .describe('a resource, one a line, sorted by account, region, type and id')

export const footerSchema = z
  .object({
    resources: z.int().min(0).describe('how many resource lines there are'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('SHA-256 of all lines before this one, newlines included'),
  })
  .describe('the last line: what proves the file whole')

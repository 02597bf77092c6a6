/** The least IAM policy that reading needs, made from the collectors themselves. */
import { permissionOf, type Service } from './dsl.ts'

export interface PolicyOptions {
  readonly services: readonly Service[]
  /** Only these operations (`kms:GetKeyPolicy`); all without it. */
  readonly only?: ReadonlySet<string>
}

/** Actions, and what they are granted on: everything (`*`), or the ARNs that one of them is kept to. */
export interface Granted {
  readonly actions: readonly string[]
  readonly on: string
}

/** What finding out the enabled Regions needs, besides the collectors. */
const ALWAYS = ['ec2:DescribeRegions']

/** sts:GetCallerIdentity needs no permission: AWS answers it to anyone, even where a policy denies it. */
const FREE = new Set(['sts:GetCallerIdentity'])

/** @returns what is granted on everything first, then the actions that are kept to some ARNs */
export function permissions({ services, only }: PolicyOptions): Granted[] {
  const byArn = new Map([['*', new Set(ALWAYS)]])
  for (const service of services) {
    for (const operation of service.operations) {
      const permission = permissionOf(service, operation)
      if (FREE.has(permission)) continue
      if (only && !only.has(`${service.prefix}:${operation.api}`)) continue
      const on = operation.grantedOn ?? '*'
      byArn.set(on, new Set([...(byArn.get(on) ?? []), permission]))
    }
  }
  return [...byArn]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([on, all]) => ({ on, actions: [...all].sort() }))
}

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly {
    readonly Sid: string
    readonly Effect: 'Allow'
    readonly Action: readonly string[]
    readonly Resource: string
  }[]
}

/** `AwsSecauditRead`, and `AwsSecauditReadRestapis` for what is granted on `…:/restapis` only. */
const sidOf = ({ on }: Granted): string => {
  const [last = ''] = /\w+$/.exec(on) ?? []
  return `AwsSecauditRead${last.charAt(0).toUpperCase()}${last.slice(1)}`
}

export function policyDocument(granted: readonly Granted[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: granted.map((each) => ({
      Sid: sidOf(each),
      Effect: 'Allow',
      Action: each.actions,
      Resource: each.on,
    })),
  }
}

export function asTerraform(granted: readonly Granted[]): string {
  return [
    'data "aws_iam_policy_document" "aws_secaudit" {',
    ...granted.flatMap((each) => [
      '  statement {',
      `    sid    = "${sidOf(each)}"`,
      '    effect = "Allow"',
      '    actions = [',
      ...each.actions.map((action) => `      "${action}",`),
      '    ]',
      `    resources = ["${each.on}"]`,
      '  }',
    ]),
    '}',
    '',
    'resource "aws_iam_policy" "aws_secaudit" {',
    '  name   = "aws-secaudit-read"',
    '  policy = data.aws_iam_policy_document.aws_secaudit.json',
    '}',
    '',
  ].join('\n')
}

export function asCloudFormation(granted: readonly Granted[]): string {
  return [
    "AWSTemplateFormatVersion: '2010-09-09'",
    'Description: What aws-secaudit reads, and nothing else',
    'Resources:',
    '  AwsSecauditRead:',
    '    Type: AWS::IAM::ManagedPolicy',
    '    Properties:',
    '      ManagedPolicyName: aws-secaudit-read',
    '      PolicyDocument:',
    "        Version: '2012-10-17'",
    '        Statement:',
    ...granted.flatMap((each) => [
      `          - Sid: ${sidOf(each)}`,
      '            Effect: Allow',
      '            Action:',
      ...each.actions.map((action) => `              - ${action}`),
      `            Resource: '${each.on}'`,
    ]),
    'Outputs:',
    '  PolicyArn:',
    '    Value: !Ref AwsSecauditRead',
    '',
  ].join('\n')
}

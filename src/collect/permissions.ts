/** The least IAM policy that reading needs, made from the collectors themselves. */
import { permissionOf, type Service } from './dsl.ts'

export interface PolicyOptions {
  readonly services: readonly Service[]
  /** Only these operations (`kms:GetKeyPolicy`); all without it. */
  readonly only?: ReadonlySet<string>
}

/** What finding out the enabled Regions needs, besides the collectors. */
const ALWAYS = ['ec2:DescribeRegions']

/** sts:GetCallerIdentity needs no permission: AWS answers it to anyone, even where a policy denies it. */
const FREE = new Set(['sts:GetCallerIdentity'])

export function permissions({ services, only }: PolicyOptions): string[] {
  const all = new Set(ALWAYS)
  for (const service of services) {
    for (const operation of service.operations) {
      const permission = permissionOf(service, operation)
      if (FREE.has(permission)) continue
      if (!only || only.has(`${service.prefix}:${operation.api}`)) all.add(permission)
    }
  }
  return [...all].sort()
}

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly {
    readonly Sid: string
    readonly Effect: 'Allow'
    readonly Action: readonly string[]
    readonly Resource: '*'
  }[]
}

export function policyDocument(actions: readonly string[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'AwsSecauditRead', Effect: 'Allow', Action: actions, Resource: '*' }],
  }
}

export function asTerraform(actions: readonly string[]): string {
  const list = actions.map((action) => `      "${action}",`).join('\n')
  return [
    'data "aws_iam_policy_document" "aws_secaudit" {',
    '  statement {',
    '    sid    = "AwsSecauditRead"',
    '    effect = "Allow"',
    '    actions = [',
    list,
    '    ]',
    '    resources = ["*"]',
    '  }',
    '}',
    '',
    'resource "aws_iam_policy" "aws_secaudit" {',
    '  name   = "aws-secaudit-read"',
    '  policy = data.aws_iam_policy_document.aws_secaudit.json',
    '}',
    '',
  ].join('\n')
}

export function asCloudFormation(actions: readonly string[]): string {
  const list = actions.map((action) => `              - ${action}`).join('\n')
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
    '          - Sid: AwsSecauditRead',
    '            Effect: Allow',
    '            Action:',
    list,
    "            Resource: '*'",
    'Outputs:',
    '  PolicyArn:',
    '    Value: !Ref AwsSecauditRead',
    '',
  ].join('\n')
}

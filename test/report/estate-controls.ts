/** What the made estate is judged by. */
import type { Pillar, Severity } from '../../src/rules/model.ts'
import type { Json } from '../../src/snapshot/model.ts'

export interface Control {
  readonly id: string
  readonly title: string
  readonly pillar: Pillar
  readonly severity: Severity
  readonly type: string
  readonly arn: string
  readonly risk: string
  readonly fix: string
  readonly cli: string
  readonly terraform?: string
  readonly message: string
  readonly maps: Readonly<Record<string, readonly string[]>>
  readonly evidence: (at: number) => Readonly<Record<string, Json>>
  /** Of ten resources, how many fail and how many cannot be told. */
  readonly fail: number
  readonly unknown?: number
}

const WITNESS = (at: number): Json => ({
  packet: {
    srcIp: '198.51.100.7',
    srcPort: 49152,
    dstIp: `203.0.113.${at % 250}`,
    dstPort: 22,
    protocol: 'tcp',
  },
  hops: [
    {
      resource: 'internet',
      kind: 'internet',
      decision: 'forward',
      detail: 'from 198.51.100.7, an address that nobody owns',
    },
    {
      resource: 'igw-0a1b2c3d4e5f60718',
      kind: 'internet-gateway',
      decision: 'forward',
      detail: `203.0.113.${at % 250} is the public address of 10.0.1.${at % 250}`,
    },
    { resource: 'rtb-08c7d6e5f4a3b2c1d', kind: 'route', decision: 'forward', detail: '10.0.0.0/16 → local' },
    {
      resource: 'acl-0f1e2d3c4b5a69788',
      kind: 'network-acl',
      decision: 'allow',
      detail: 'inbound rule 100 allows all traffic from 0.0.0.0/0',
    },
    {
      resource: `sg-0${(7_000_000 + at).toString(16)}e3f2a`,
      kind: 'security-group',
      decision: 'allow',
      detail: 'tcp 22 from 0.0.0.0/0',
    },
    {
      resource: `eni-0${(9_000_000 + at).toString(16)}c2d1b`,
      kind: 'network-interface',
      decision: 'deliver',
      detail: `10.0.1.${at % 250} port 22`,
    },
    {
      resource: `i-0${(5_000_000 + at).toString(16)}a9b8c7`,
      kind: 'instance',
      decision: 'deliver',
      detail: 'running',
    },
  ],
  reply: [
    {
      resource: 'acl-0f1e2d3c4b5a69788',
      kind: 'network-acl',
      decision: 'allow',
      detail: 'outbound rule 100 allows the answer',
    },
  ],
})

const GRANTS = (at: number): Json => [
  {
    statement: 'AllowPartnerUpload',
    effect: 'Allow',
    principals: ['*'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [`arn:aws:s3:::customer-exports-${at}/*`],
    conditions: { StringLike: { 'aws:Referer': ['https://partner.example/*'] } },
  },
]

export const CONTROLS: readonly Control[] = [
  {
    id: 'ec2-instance-ssh-from-internet',
    title: 'No instance takes SSH from the whole internet',
    pillar: 'infrastructure',
    severity: 'critical',
    type: 'AWS::EC2::Instance',
    arn: 'ec2:{region}:{account}:instance/i-0',
    risk: 'Anyone can try keys and passwords, and whatever flaw the SSH server has is open to everyone the hour it is published.',
    fix: 'Close port 22 to the internet and reach the instance by Session Manager, which needs no open port.',
    cli: 'aws ec2 revoke-security-group-ingress --region {region} --group-id sg-0e3f2a --protocol tcp --port 22 --cidr 0.0.0.0/0',
    terraform:
      'resource "aws_vpc_security_group_ingress_rule" "ssh" {\n  security_group_id = aws_security_group.this.id\n  cidr_ipv4         = var.office_cidr\n  ip_protocol       = "tcp"\n  from_port         = 22\n  to_port           = 22\n}\n',
    message: '{name} takes SSH from any address: tcp 22 reaches it by its public address.',
    maps: { 'CIS-AWS-3.0': ['5.2'], FSBP: ['EC2.13'], 'PCI-DSS-4.0': ['1.3.1'] },
    evidence: (at) => ({
      'facts.network.internet': { verdict: 'reachable', ports: [[22, 22]], witness: WITNESS(at) },
      State: 'running',
    }),
    fail: 3,
  },
  {
    id: 's3-bucket-not-public',
    title: 'No bucket is open to everyone',
    pillar: 'data',
    severity: 'critical',
    type: 'AWS::S3::Bucket',
    arn: 's3:::customer-exports-',
    risk: 'What is in the bucket can be read by anyone who learns its name, and names are guessed by the million every day.',
    fix: 'Turn on all four settings of Block Public Access, then name the partner in the policy instead of everyone.',
    cli: 'aws s3api put-public-access-block --bucket {name} --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
    terraform:
      'resource "aws_s3_bucket_public_access_block" "this" {\n  bucket                  = aws_s3_bucket.this.id\n  block_public_acls       = true\n  block_public_policy     = true\n  ignore_public_acls      = true\n  restrict_public_buckets = true\n}\n',
    message: '{name} may be read and written by anyone: a referer is no proof of who asks.',
    maps: { 'CIS-AWS-3.0': ['2.1.4'], FSBP: ['S3.2', 'S3.3'] },
    evidence: (at) => ({
      'facts.policy.exposure': 'public',
      'facts.policy.grants': GRANTS(at),
      'PublicAccessBlock.RestrictPublicBuckets': false,
    }),
    fail: 1,
  },
  {
    id: 'iam-root-mfa',
    title: 'The root user signs in with MFA',
    pillar: 'iam',
    severity: 'critical',
    type: 'AWS::Account',
    arn: 'iam::{account}:root',
    risk: 'Nothing in the account can be kept from the root user.',
    fix: 'Register a hardware key for the root user.',
    cli: 'aws iam list-virtual-mfa-devices --assignment-status Assigned',
    message: 'The root user of {account} signs in with a password alone.',
    maps: { 'CIS-AWS-3.0': ['1.5'], FSBP: ['IAM.9'] },
    evidence: () => ({ AccountMFAEnabled: 0 }),
    fail: 1,
  },
  {
    id: 'iam-user-key-age',
    title: 'Access keys are younger than 90 days',
    pillar: 'iam',
    severity: 'high',
    type: 'AWS::IAM::User',
    arn: 'iam::{account}:user/ci-deploy-',
    risk: 'A key that leaked years ago still opens the account today.',
    fix: 'Replace the key with a role where the caller can take one; else rotate it.',
    cli: 'aws iam update-access-key --user-name {name} --access-key-id AKIAIOSFODNN7EXAMPLE --status Inactive',
    message: '{name} has an active access key of 412 days.',
    maps: { 'CIS-AWS-3.0': ['1.14'], FSBP: ['IAM.3'] },
    evidence: () => ({
      'AccessKeys[].CreateDate': ['2025-10-08T09:12:44Z'],
      'AccessKeys[].Status': ['Active'],
    }),
    fail: 4,
  },
  {
    id: 'rds-instance-encrypted',
    title: 'Databases are encrypted at rest',
    pillar: 'data',
    severity: 'high',
    type: 'AWS::RDS::DBInstance',
    arn: 'rds:{region}:{account}:db:orders-',
    risk: 'A copied snapshot of an unencrypted database can be read by whoever has it, with no key to ask for.',
    fix: 'Copy a snapshot with encryption and restore from it: encryption cannot be turned on in place.',
    cli: 'aws rds copy-db-snapshot --region {region} --source-db-snapshot-identifier {name} --target-db-snapshot-identifier {name}-encrypted --kms-key-id alias/aws/rds',
    message: '{name} keeps its data unencrypted.',
    maps: { 'CIS-AWS-3.0': ['2.3.1'], FSBP: ['RDS.3'] },
    evidence: () => ({ StorageEncrypted: false, Engine: 'postgres', EngineVersion: '15.4' }),
    fail: 2,
  },
  {
    id: 'cloudtrail-all-regions',
    title: 'A trail records every Region',
    pillar: 'detective',
    severity: 'high',
    type: 'AWS::CloudTrail::Trail',
    arn: 'cloudtrail:{region}:{account}:trail/main-',
    risk: 'What an intruder does in a Region without a trail leaves no record at all.',
    fix: 'Make the trail a multi-Region one.',
    cli: 'aws cloudtrail update-trail --name {name} --is-multi-region-trail',
    message: '{name} records {region} only.',
    maps: { 'CIS-AWS-3.0': ['3.1'], FSBP: ['CloudTrail.1'] },
    evidence: () => ({ IsMultiRegionTrail: false, IncludeGlobalServiceEvents: true }),
    fail: 2,
    unknown: 2,
  },
  {
    id: 'kms-key-rotation',
    title: 'Customer keys rotate',
    pillar: 'data',
    severity: 'medium',
    type: 'AWS::KMS::Key',
    arn: 'kms:{region}:{account}:key/1234abcd-12ab-34cd-56ef-',
    risk: 'Whoever gets hold of key material that never changes can open everything that was ever encrypted with it.',
    fix: "Turn automatic rotation on. The key's id, ARN, aliases and policy stay as they are.",
    cli: 'aws kms enable-key-rotation --region {region} --key-id {name}',
    terraform: 'resource "aws_kms_key" "this" {\n  enable_key_rotation = true\n}\n',
    message: '{name} has not been told to rotate.',
    maps: { 'CIS-AWS-3.0': ['3.6'], FSBP: ['KMS.4'] },
    evidence: () => ({ 'Rotation.KeyRotationEnabled': false, 'KeyMetadata.KeyManager': 'CUSTOMER' }),
    fail: 3,
    unknown: 3,
  },
  {
    id: 'ssm-patch-compliant',
    title: 'Managed instances have their critical patches',
    pillar: 'infrastructure',
    severity: 'medium',
    type: 'AWS::EC2::Instance',
    arn: 'ec2:{region}:{account}:instance/i-0',
    risk: 'A flaw with a published patch is the first that is tried.',
    fix: 'Run the patch baseline in the next maintenance window.',
    cli: 'aws ssm send-command --region {region} --document-name AWS-RunPatchBaseline --parameters Operation=Install --targets Key=InstanceIds,Values={name}',
    message: '{name} lacks 4 critical patches, the oldest for 71 days.',
    maps: { FSBP: ['SSM.2'] },
    evidence: (at) => ({
      'PatchState.MissingCount': 4,
      'PatchState.BaselineId': `pb-0${at}c10f3e5a7`,
      'Patches[].KBId': ['KB5031364', 'KB5032189'],
    }),
    fail: 4,
  },
  {
    id: 'vpc-flow-logs',
    title: 'Each VPC keeps flow logs',
    pillar: 'detective',
    severity: 'medium',
    type: 'AWS::EC2::VPC',
    arn: 'ec2:{region}:{account}:vpc/vpc-0',
    risk: 'Without flow logs nobody can say afterwards who talked to whom.',
    fix: 'Send flow logs of all traffic to a bucket of the logging account.',
    cli: 'aws ec2 create-flow-logs --region {region} --resource-type VPC --resource-ids {name} --traffic-type ALL --log-destination-type s3 --log-destination arn:aws:s3:::flow-logs',
    message: '{name} keeps no flow logs.',
    maps: { 'CIS-AWS-3.0': ['3.7'], FSBP: ['EC2.6'] },
    evidence: () => ({ FlowLogs: [] }),
    fail: 5,
  },
  {
    id: 'ebs-snapshot-age',
    title: 'Backups are younger than a week',
    pillar: 'response',
    severity: 'medium',
    type: 'AWS::EC2::Volume',
    arn: 'ec2:{region}:{account}:volume/vol-0',
    risk: 'What happened since the last backup is lost for good.',
    fix: 'Put the volume under a backup plan.',
    cli: 'aws backup create-backup-selection --region {region} --backup-plan-id daily --backup-selection file://selection.json',
    message: 'The last snapshot of {name} is of 23 days ago.',
    maps: { FSBP: ['EC2.28'] },
    evidence: () => ({ 'Snapshots[0].StartTime': '2026-11-01T03:00:00Z' }),
    fail: 3,
  },
  {
    id: 'tags-owner',
    title: 'Each resource says who owns it',
    pillar: 'response',
    severity: 'low',
    type: 'AWS::EC2::SecurityGroup',
    arn: 'ec2:{region}:{account}:security-group/sg-0',
    risk: 'In an incident nobody knows whom to call.',
    fix: 'Tag it with owner.',
    cli: 'aws ec2 create-tags --region {region} --resources {name} --tags Key=owner,Value=TEAM',
    message: '{name} has no tag owner.',
    maps: {},
    evidence: () => ({ Tags: [] }),
    fail: 6,
  },
  {
    id: 'cloudtrail-insights',
    title: 'Trails look for unusual activity',
    pillar: 'detective',
    severity: 'info',
    type: 'AWS::CloudTrail::Trail',
    arn: 'cloudtrail:{region}:{account}:trail/main-',
    risk: 'A burst of unusual calls goes unnoticed.',
    fix: 'Turn Insights on where its cost is worth it.',
    cli: 'aws cloudtrail put-insight-selectors --trail-name {name} --insight-selectors InsightType=ApiCallRateInsight',
    message: '{name} does not look for unusual activity.',
    maps: {},
    evidence: () => ({ InsightSelectors: [] }),
    fail: 5,
  },
]

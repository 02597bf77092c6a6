/** Every service that is read. A new collector is one file and one line here. */
import { apigateway } from './apigateway.ts'
import { backup } from './backup.ts'
import { codeartifact } from './codeartifact.ts'
import type { Service } from './dsl.ts'
import { dynamodb } from './dynamodb.ts'
import { ec2 } from './ec2.ts'
import { ecr } from './ecr.ts'
import { efs } from './efs.ts'
import { elbv2 } from './elbv2.ts'
import { events } from './events.ts'
import { glacier } from './glacier.ts'
import { iam } from './iam.ts'
import { inspector2 } from './inspector2.ts'
import { kms } from './kms.ts'
import { lambda } from './lambda.ts'
import { logs } from './logs.ts'
import { macie2 } from './macie2.ts'
import { opensearch } from './opensearch.ts'
import { organizations } from './organizations.ts'
import { rds } from './rds.ts'
import { s3 } from './s3.ts'
import { s3control } from './s3control.ts'
import { secretsmanager } from './secretsmanager.ts'
import { sesv2 } from './sesv2.ts'
import { sns } from './sns.ts'
import { sqs } from './sqs.ts'
import { ssm } from './ssm.ts'
import { sts } from './sts.ts'
import { tagging } from './tagging.ts'

export const services: readonly Service[] = [
  sts,
  iam,
  organizations,
  ec2,
  elbv2,
  kms,
  s3,
  s3control,
  ssm,
  inspector2,
  macie2,
  sqs,
  sns,
  lambda,
  ecr,
  secretsmanager,
  efs,
  opensearch,
  backup,
  glacier,
  rds,
  dynamodb,
  apigateway,
  events,
  sesv2,
  codeartifact,
  logs,
  tagging,
]

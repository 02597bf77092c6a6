/** Every service that is read. A new collector is one file and one line here. */
import type { Service } from './dsl.ts'
import { ec2 } from './ec2.ts'
import { elbv2 } from './elbv2.ts'
import { iam } from './iam.ts'
import { inspector2 } from './inspector2.ts'
import { kms } from './kms.ts'
import { macie2 } from './macie2.ts'
import { s3 } from './s3.ts'
import { s3control } from './s3control.ts'
import { ssm } from './ssm.ts'
import { sts } from './sts.ts'
import { tagging } from './tagging.ts'

export const services: readonly Service[] = [
  sts,
  iam,
  ec2,
  elbv2,
  kms,
  s3,
  s3control,
  ssm,
  inspector2,
  macie2,
  tagging,
]

import { service } from './dsl.ts'
import { computeOperations } from './ec2-compute.ts'
import { connectOperations } from './ec2-connect.ts'
import { networkOperations } from './ec2-network.ts'
import { settingOperations } from './ec2-settings.ts'

/** Every operation that the audit reads from EC2 and VPC. EC2 promises no order of the lists in its answers. */
export const ec2 = service('ec2', { unordered: true, load: () => import('@aws-sdk/client-ec2') }, (op) => [
  ...networkOperations(op),
  ...connectOperations(op),
  ...computeOperations(op),
  ...settingOperations(op),
])

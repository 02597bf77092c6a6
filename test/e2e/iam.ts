/**
 * What IAM asks of a caller, as far as the tests need it: which action a request is, and whether a policy allows it.
 * Where the action is not named as the API is: Service Authorization Reference, "Actions, resources, and condition keys
 * for Amazon S3" and "… for Amazon API Gateway Management".
 */
import type { Call } from './operation-of.ts'

const ACTIONS: Readonly<Record<string, string>> = {
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:GetBucketLifecycleConfiguration': 's3:GetLifecycleConfiguration',
  's3:GetBucketReplication': 's3:GetReplicationConfiguration',
  's3:GetObjectLockConfiguration': 's3:GetBucketObjectLockConfiguration',
  's3:GetBucketNotificationConfiguration': 's3:GetBucketNotification',
  's3control:GetPublicAccessBlock': 's3:GetAccountPublicAccessBlock',
  'apigateway:GetRestApis': 'apigateway:GET',
}

export function actionOf({ service, operation, protocol }: Call): string {
  const prefix = service === 'tagging' ? 'tag' : service
  const named = ACTIONS[`${protocol === 's3control' ? 's3control' : prefix}:${operation}`]
  return named ?? `${prefix}:${operation}`
}

export interface Policy {
  readonly Statement: readonly {
    readonly Effect: string
    readonly Action: readonly string[]
    readonly Resource: string
  }[]
}

/** Only API Gateway's action is on the path that is read; the others are granted on everything or not at all. */
function covers(resource: string, { service, region, path }: Call): boolean {
  if (resource === '*') return true
  const pattern = resource.split('*').map((part) => part.replace(/[.?+^$()[\]{}|\\]/g, '\\$&'))
  const [called = ''] = path.split('?')
  return new RegExp(`^${pattern.join('.*')}$`).test(`arn:aws:${service}:${region}::${called}`)
}

export function allows(policy: Policy, call: Call): boolean {
  const action = actionOf(call)
  // AWS answers it to anyone, even where a policy denies it.
  if (action === 'sts:GetCallerIdentity') return true
  return policy.Statement.some(
    (one) => one.Effect === 'Allow' && one.Action.includes(action) && covers(one.Resource, call),
  )
}

import { field, service, str } from './dsl.ts'

const SECRET = 'AWS::SecretsManager::Secret'

/** Every operation that the audit reads from AWS Secrets Manager: never a secret's value. */
export const secretsmanager = service(
  'secretsmanager',
  { sdk: 'secrets-manager', load: () => import('@aws-sdk/client-secrets-manager') },
  (op) => [
    op.list('ListSecrets', {
      resource: SECRET,
      items: 'SecretList',
      input: () => ({ MaxResults: 100 }),
      id: (secret) => str(secret, 'ARN'),
      name: (secret) => secret['Name'],
      never: ['SecretList[].ExternalSecretRotationMetadata'], // what rotating it at a partner's takes
      fields: {
        always: ['ARN', 'Name', 'CreatedDate'],
        // AWS answers no key for the account's own aws/secretsmanager, and no dates of what never happened.
        absent: {
          KmsKeyId: null,
          RotationEnabled: false,
          LastRotatedDate: null,
          LastAccessedDate: null,
          OwningService: null,
        },
      },
    }),
    op.field(SECRET, 'GetResourcePolicy', {
      input: (secret) => ({ SecretId: str(secret.config, 'ARN') }),
      key: field('ARN'),
      otherKeys: (secret) => [str(secret.config, 'Name') ?? ''],
      into: 'ResourcePolicy',
      parse: 'policyDocument',
      gone: ['ResourceNotFoundException'],
    }),
  ],
)

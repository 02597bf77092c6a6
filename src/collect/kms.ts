import { type Answered, field, service, str } from './dsl.ts'

const metadata = (config: Answered): Answered => (config['KeyMetadata'] ?? {}) as Answered
const byCustomer = (config: Answered): boolean => metadata(config)['KeyManager'] === 'CUSTOMER'
const keyId = (target: { config: Answered }) => ({ KeyId: str(target.config, 'KeyId') })
/** The key was deleted between two calls: it is gone, nothing was denied. */
const gone = ['NotFoundException']

/** Every operation that the audit reads from KMS. */
export const kms = service('kms', { load: () => import('@aws-sdk/client-kms') }, (op) => [
  op.list('ListKeys', {
    resource: 'AWS::KMS::Key',
    items: 'Keys',
    input: () => ({ Limit: 1000 }),
    page: { send: 'Marker', read: 'NextMarker' },
    id: (key) => str(key, 'KeyArn'),
    fields: {
      always: [
        'KeyId',
        'KeyArn',
        'KeyMetadata',
        'KeyMetadata.KeyId',
        'KeyMetadata.Arn',
        'KeyMetadata.KeyManager',
        'KeyMetadata.KeyState',
        'KeyMetadata.KeySpec',
        'KeyMetadata.KeyUsage',
        'KeyMetadata.Origin',
        'KeyMetadata.Enabled',
        'KeyMetadata.CreationDate',
      ],
      absent: { 'KeyMetadata.MultiRegion': false, 'Rotation.KeyRotationEnabled': false },
    },
  }),
  op.field('AWS::KMS::Key', 'DescribeKey', { into: 'KeyMetadata', input: keyId, key: field('KeyId'), gone }),
  op.field('AWS::KMS::Key', 'GetKeyPolicy', {
    into: 'Policy',
    parse: 'policyDocument',
    input: (key) => ({ ...keyId(key), PolicyName: 'default' }), // the only name that there is
    key: field('KeyId'),
    gone,
  }),
  op.field('AWS::KMS::Key', 'ListGrants', {
    into: 'Grants',
    needs: 'KeyMetadata',
    when: byCustomer, // grants on AWS's own keys are AWS's
    input: (key) => ({ ...keyId(key), Limit: 100 }),
    page: { send: 'Marker', read: 'NextMarker' },
    key: field('KeyId'),
    gone,
  }),
  op.field('AWS::KMS::Key', 'GetKeyRotationStatus', {
    into: 'Rotation',
    take: '*',
    needs: 'KeyMetadata',
    when: (key) =>
      byCustomer(key) &&
      metadata(key)['KeySpec'] === 'SYMMETRIC_DEFAULT' &&
      metadata(key)['Origin'] === 'AWS_KMS', // AWS refuses to say for others
    input: keyId,
    key: field('KeyId'),
    none: ['UnsupportedOperationException'],
    gone,
  }),
  op.field('AWS::KMS::Key', 'ListResourceTags', {
    into: 'Tags',
    needs: 'KeyMetadata',
    when: byCustomer, // AWS managed keys cannot be tagged
    input: (key) => ({ ...keyId(key), Limit: 50 }),
    page: { send: 'Marker', read: 'NextMarker' },
    key: field('KeyId'),
    gone,
  }),
  op.join('AWS::KMS::Key', 'ListAliases', {
    items: 'Aliases',
    input: () => ({ Limit: 100 }),
    page: { send: 'Marker', read: 'NextMarker' },
    match: (alias) => str(alias, 'TargetKeyId'),
    on: (key) => str(key.config, 'KeyId'),
    into: 'Aliases',
    as: 'list',
  }),
  op.list('DescribeCustomKeyStores', {
    resource: 'AWS::KMS::CustomKeyStore',
    items: 'CustomKeyStores',
    page: { send: 'Marker', read: 'NextMarker' },
    id: (store, place) =>
      `arn:${place.partition}:kms:${place.region}:${place.account}:customkeystore/${str(store, 'CustomKeyStoreId') ?? ''}`,
    name: (store) => store['CustomKeyStoreName'],
    never: ['CustomKeyStores[].TrustAnchorCertificate'],
    fields: { always: ['CustomKeyStoreId', 'CustomKeyStoreName', 'ConnectionState'] },
  }),
])

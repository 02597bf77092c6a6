import { field, type Operation, service, str, type Words } from './dsl.ts'

/** Automated snapshots can't be shared, and others' are not ours. */
const manual = () => ({ SnapshotType: 'manual', MaxRecords: 100 })

/** @param kind as the API names it: of instances `DBSnapshot`, of clusters `DBClusterSnapshot` */
const snapshots = (
  op: Words,
  kind: 'DBSnapshot' | 'DBClusterSnapshot',
  about: { of: string; encrypted: string; gone: readonly string[] },
): readonly Operation[] => [
  op.list(`Describe${kind}s`, {
    resource: `AWS::RDS::${kind}`,
    items: `${kind}s`,
    input: manual,
    page: { send: 'Marker', read: 'Marker' },
    id: (snapshot) => str(snapshot, `${kind}Arn`),
    name: (snapshot) => snapshot[`${kind}Identifier`],
    fields: {
      always: [
        `${kind}Arn`,
        `${kind}Identifier`,
        `${about.of}Identifier`,
        'Engine',
        'Status',
        'SnapshotType',
        'Attributes',
      ],
      absent: { [about.encrypted]: false, KmsKeyId: null },
    },
  }),
  op.field(`AWS::RDS::${kind}`, `Describe${kind}Attributes`, {
    input: (snapshot) => ({ [`${kind}Identifier`]: str(snapshot.config, `${kind}Identifier`) }),
    key: field(`${kind}Identifier`),
    into: 'Attributes',
    take: `${kind}AttributesResult.${kind}Attributes`,
    gone: about.gone,
  }),
]

/** Every operation that the audit reads from Amazon RDS: snapshots, and with whom they are shared. */
export const rds = service('rds', { load: () => import('@aws-sdk/client-rds') }, (op) => [
  ...snapshots(op, 'DBSnapshot', {
    of: 'DBInstance',
    encrypted: 'Encrypted',
    gone: ['DBSnapshotNotFound', 'DBSnapshotNotFoundFault'],
  }),
  ...snapshots(op, 'DBClusterSnapshot', {
    of: 'DBCluster',
    encrypted: 'StorageEncrypted',
    gone: ['DBClusterSnapshotNotFoundFault'],
  }),
])

import { field, service, str } from './dsl.ts'

const SNAPSHOT = 'AWS::RDS::DBSnapshot'
const CLUSTER_SNAPSHOT = 'AWS::RDS::DBClusterSnapshot'

const page = { send: 'Marker', read: 'Marker' }
/** Automated snapshots can't be shared, and others' are not ours. */
const manual = () => ({ SnapshotType: 'manual', MaxRecords: 100 })

/** Every operation that the audit reads from Amazon RDS: snapshots, and with whom they are shared. */
export const rds = service('rds', { load: () => import('@aws-sdk/client-rds') }, (op) => [
  op.list('DescribeDBSnapshots', {
    resource: SNAPSHOT,
    items: 'DBSnapshots',
    input: manual,
    page,
    id: (snapshot) => str(snapshot, 'DBSnapshotArn'),
    name: (snapshot) => snapshot['DBSnapshotIdentifier'],
    fields: {
      always: [
        'DBSnapshotArn',
        'DBSnapshotIdentifier',
        'DBInstanceIdentifier',
        'Engine',
        'Status',
        'SnapshotType',
        'Attributes',
      ],
      absent: { Encrypted: false, KmsKeyId: null },
    },
  }),
  op.field(SNAPSHOT, 'DescribeDBSnapshotAttributes', {
    input: (snapshot) => ({ DBSnapshotIdentifier: str(snapshot.config, 'DBSnapshotIdentifier') }),
    key: field('DBSnapshotIdentifier'),
    into: 'Attributes',
    take: 'DBSnapshotAttributesResult.DBSnapshotAttributes',
    gone: ['DBSnapshotNotFound', 'DBSnapshotNotFoundFault'],
  }),
  op.list('DescribeDBClusterSnapshots', {
    resource: CLUSTER_SNAPSHOT,
    items: 'DBClusterSnapshots',
    input: manual,
    page,
    id: (snapshot) => str(snapshot, 'DBClusterSnapshotArn'),
    name: (snapshot) => snapshot['DBClusterSnapshotIdentifier'],
    fields: {
      always: [
        'DBClusterSnapshotArn',
        'DBClusterSnapshotIdentifier',
        'DBClusterIdentifier',
        'Engine',
        'Status',
        'SnapshotType',
        'Attributes',
      ],
      absent: { StorageEncrypted: false, KmsKeyId: null },
    },
  }),
  op.field(CLUSTER_SNAPSHOT, 'DescribeDBClusterSnapshotAttributes', {
    input: (snapshot) => ({
      DBClusterSnapshotIdentifier: str(snapshot.config, 'DBClusterSnapshotIdentifier'),
    }),
    key: field('DBClusterSnapshotIdentifier'),
    into: 'Attributes',
    take: 'DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes',
    gone: ['DBClusterSnapshotNotFoundFault'],
  }),
])

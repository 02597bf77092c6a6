import { arn, field, service, str } from './dsl.ts'

const FILE_SYSTEM = 'AWS::EFS::FileSystem'

/** Every operation that the audit reads from Amazon EFS. */
export const efs = service(
  'efs',
  { prefix: 'elasticfilesystem', load: () => import('@aws-sdk/client-efs') },
  (op) => [
    op.list('DescribeFileSystems', {
      resource: FILE_SYSTEM,
      items: 'FileSystems',
      page: { send: 'Marker', read: 'NextMarker' },
      id: (system, place) =>
        str(system, 'FileSystemArn') ??
        arn(place, 'elasticfilesystem', `file-system/${str(system, 'FileSystemId') ?? ''}`),
      name: (system) => system['Name'],
      never: ['FileSystems[].SizeInBytes'], // metered by the hour: two snapshots of one state would differ
      fields: {
        always: ['FileSystemId', 'OwnerId', 'CreationTime', 'LifeCycleState', 'NumberOfMountTargets'],
        absent: { Encrypted: false, KmsKeyId: null },
      },
    }),
    op.field(FILE_SYSTEM, 'DescribeFileSystemPolicy', {
      input: (system) => ({ FileSystemId: str(system.config, 'FileSystemId') }),
      key: field('FileSystemId'),
      into: 'Policy',
      parse: 'policyDocument',
      none: ['PolicyNotFound'],
      gone: ['FileSystemNotFound'],
    }),
  ],
)

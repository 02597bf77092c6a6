import { arn, field, service, str, type Target } from './dsl.ts'

const ACCESS_POINT = 'AWS::S3::AccessPoint'

const about = {
  input: (point: Target) => ({ AccountId: point.account, Name: str(point.config, 'Name') }),
  key: field('Name'),
  gone: ['NoSuchAccessPoint'],
}

/** Every operation that the audit reads from S3's control plane: what holds for the account, and access points. */
export const s3control = service(
  's3control',
  { prefix: 's3', sdk: 's3-control', load: () => import('@aws-sdk/client-s3-control') },
  (op) => [
    op.single('GetPublicAccessBlock', {
      scope: 'account',
      resource: 'AWS::S3::AccountPublicAccessBlock',
      permission: 's3:GetAccountPublicAccessBlock',
      input: (place) => ({ AccountId: place.account }),
      take: 'PublicAccessBlockConfiguration',
      id: (_block, place) => arn(place, 's3', `account-public-access-block/${place.account}`),
      none: ['NoSuchPublicAccessBlockConfiguration'],
      otherwise: {
        BlockPublicAcls: false,
        IgnorePublicAcls: false,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      },
      fields: {
        absent: {
          BlockPublicAcls: false,
          IgnorePublicAcls: false,
          BlockPublicPolicy: false,
          RestrictPublicBuckets: false,
        },
      },
    }),
    op.list('ListAccessPoints', {
      resource: ACCESS_POINT,
      items: 'AccessPointList',
      input: (place) => ({ AccountId: place.account, MaxResults: 1000 }),
      id: (point, place) =>
        str(point, 'AccessPointArn') ?? arn(place, 's3', `accesspoint/${str(point, 'Name') ?? ''}`),
      name: (point) => point['Name'],
      fields: {
        always: ['Name', 'NetworkOrigin', 'Bucket', 'AccessPoint'],
        absent: {
          'AccessPoint.PublicAccessBlockConfiguration.BlockPublicAcls': false,
          'AccessPoint.PublicAccessBlockConfiguration.IgnorePublicAcls': false,
          'AccessPoint.PublicAccessBlockConfiguration.BlockPublicPolicy': false,
          'AccessPoint.PublicAccessBlockConfiguration.RestrictPublicBuckets': false,
        },
      },
    }),
    op.field(ACCESS_POINT, 'GetAccessPoint', { ...about, into: 'AccessPoint', take: '*' }),
    op.field(ACCESS_POINT, 'GetAccessPointPolicy', {
      ...about,
      into: 'Policy',
      parse: 'policyDocument',
      none: ['NoSuchAccessPointPolicy'],
    }),
  ],
)

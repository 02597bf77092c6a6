import { arn, type Place, service } from './dsl.ts'

/** The account itself, as IAM names its root. */
export const accountArn = (place: Place): string => arn({ ...place, region: 'global' }, 'iam', 'root')

/** Who the account is. STS answers this to anyone; who asked is left out, so that it makes no difference. */
export const sts = service('sts', { load: () => import('@aws-sdk/client-sts') }, (op) => [
  op.single('GetCallerIdentity', {
    scope: 'account',
    resource: 'AWS::Account',
    id: (_identity, place) => accountArn(place),
    name: (identity) => identity['Account'],
    never: ['Arn', 'UserId'],
    fields: { always: ['Account', 'Regions[].RegionName'] },
  }),
])

import { service } from './dsl.ts'
import { accountArn } from './sts.ts'

/** Every operation that the audit reads from IAM. */
export const iam = service('iam', { load: () => import('@aws-sdk/client-iam') }, (op) => [
  // What the account is called.
  op.join('AWS::Account', 'ListAccountAliases', {
    scope: 'account',
    items: 'AccountAliases',
    page: { send: 'Marker', read: 'Marker' },
    match: (_alias, place) => accountArn(place),
    into: 'Aliases',
    as: 'list',
  }),
])

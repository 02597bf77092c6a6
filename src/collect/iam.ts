import { type Operation, service, str, type Words } from './dsl.ts'
import { accountArn } from './sts.ts'

/**
 * Roles and users from one call: no other tells a role's tags and when it was last used without asking role by role,
 * and a dump of it is what people have at hand. What the principals' own policies say is left out.
 */
const details = {
  scope: 'account',
  input: () => ({ Filter: ['User', 'Role'], MaxItems: 1000 }),
  page: { send: 'Marker', read: 'Marker' },
  never: [
    'RoleDetailList[].InstanceProfileList[].Roles', // the role once more
    'RoleDetailList[].RolePolicyList[].PolicyDocument',
    'UserDetailList[].UserPolicyList[].PolicyDocument',
  ],
} as const

const principals = (op: Words): readonly Operation[] => [
  op.list('GetAccountAuthorizationDetails', {
    ...details,
    resource: 'AWS::IAM::Role',
    items: 'RoleDetailList',
    id: (role) => str(role, 'Arn'),
    name: (role) => role['RoleName'],
    parse: { AssumeRolePolicyDocument: 'policyDocument' },
    fields: {
      always: ['Arn', 'RoleName', 'RoleId', 'Path', 'CreateDate', 'AssumeRolePolicyDocument'],
      absent: { 'RoleLastUsed.LastUsedDate': null, 'RoleLastUsed.Region': null }, // not within the tracking period
    },
  }),
  op.list('GetAccountAuthorizationDetails', {
    ...details,
    resource: 'AWS::IAM::User',
    items: 'UserDetailList',
    id: (user) => str(user, 'Arn'),
    name: (user) => user['UserName'],
    fields: { always: ['Arn', 'UserName', 'UserId', 'Path', 'CreateDate'] },
  }),
]

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
  ...principals(op),
])

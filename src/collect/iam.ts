import { type Operation, service, str, type Words } from './dsl.ts'
import { accountArn } from './sts.ts'

/**
 * Roles, users and managed policies from one call: no other tells a role's tags, when it was last used and what its
 * policies say without asking role by role, and a dump of it is what people have at hand. What users' own policies say is
 * left out.
 */
const details = {
  scope: 'account',
  input: () => ({ Filter: ['User', 'Role', 'LocalManagedPolicy', 'AWSManagedPolicy'], MaxItems: 1000 }),
  page: { send: 'Marker', read: 'Marker' },
  never: [
    'RoleDetailList[].InstanceProfileList[].Roles', // the role once more
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
    parse: { AssumeRolePolicyDocument: 'policyDocument', RolePolicyList: 'policyDocuments' },
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
  op.list('GetAccountAuthorizationDetails', {
    ...details,
    resource: 'AWS::IAM::ManagedPolicy',
    items: 'Policies',
    id: (policy) => str(policy, 'Arn'),
    name: (policy) => policy['PolicyName'],
    parse: { PolicyVersionList: 'defaultVersion' },
    fields: { always: ['Arn', 'PolicyName', 'PolicyVersionList'] },
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

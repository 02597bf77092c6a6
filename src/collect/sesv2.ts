import { arn, field, service, str } from './dsl.ts'

const IDENTITY = 'AWS::SES::EmailIdentity'

/** Every operation that the audit reads from Amazon SES. */
export const sesv2 = service(
  'sesv2',
  { prefix: 'ses', load: () => import('@aws-sdk/client-sesv2') },
  (op) => [
    op.list('ListEmailIdentities', {
      resource: IDENTITY,
      items: 'EmailIdentities',
      input: () => ({ PageSize: 1000 }),
      id: (identity, place) => arn(place, 'ses', `identity/${str(identity, 'IdentityName') ?? ''}`),
      name: (identity) => identity['IdentityName'],
      fields: { always: ['IdentityName', 'IdentityType', 'SendingEnabled', 'Policies'] },
    }),
    op.field(IDENTITY, 'GetEmailIdentityPolicies', {
      input: (identity) => ({ EmailIdentity: str(identity.config, 'IdentityName') }),
      key: field('IdentityName'),
      into: 'Policies',
      gone: ['NotFoundException'],
    }),
  ],
)

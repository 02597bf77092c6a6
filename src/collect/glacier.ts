import { field, service, str, type Target } from './dsl.ts'

const VAULT = 'AWS::Glacier::Vault'

const ofVault = {
  input: (vault: Target) => ({ accountId: vault.account, vaultName: str(vault.config, 'VaultName') }),
  key: field('VaultName'),
  none: ['ResourceNotFoundException'],
}

/** Every operation that the audit reads from Amazon S3 Glacier's vaults. */
export const glacier = service('glacier', { load: () => import('@aws-sdk/client-glacier') }, (op) => [
  op.list('ListVaults', {
    resource: VAULT,
    items: 'VaultList',
    input: (place) => ({ accountId: place.account }),
    page: { send: 'marker', read: 'Marker' },
    none: ['NoLongerSupportedException'], // an account without a vault is no longer let have one
    id: (vault) => str(vault, 'VaultARN'),
    name: (vault) => vault['VaultName'],
    fields: { always: ['VaultARN', 'VaultName', 'CreationDate'] },
  }),
  op.field(VAULT, 'GetVaultAccessPolicy', {
    ...ofVault,
    into: 'AccessPolicy',
    take: 'policy.Policy',
    parse: 'policyDocument',
  }),
  op.field(VAULT, 'GetVaultLock', { ...ofVault, into: 'Lock', take: '*' }),
])

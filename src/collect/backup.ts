import { field, service, str } from './dsl.ts'

const VAULT = 'AWS::Backup::BackupVault'

/** Every operation that the audit reads from AWS Backup. */
export const backup = service('backup', { load: () => import('@aws-sdk/client-backup') }, (op) => [
  op.list('ListBackupVaults', {
    resource: VAULT,
    items: 'BackupVaultList',
    input: () => ({ MaxResults: 1000 }),
    id: (vault) => str(vault, 'BackupVaultArn'),
    name: (vault) => vault['BackupVaultName'],
    fields: {
      always: ['BackupVaultName', 'BackupVaultArn', 'CreationDate', 'NumberOfRecoveryPoints'],
      absent: { Locked: false, LockDate: null, MinRetentionDays: null, MaxRetentionDays: null },
    },
  }),
  op.field(VAULT, 'GetBackupVaultAccessPolicy', {
    input: (vault) => ({ BackupVaultName: str(vault.config, 'BackupVaultName') }),
    key: field('BackupVaultName'),
    into: 'Policy',
    parse: 'policyDocument',
    none: ['ResourceNotFoundException'],
  }),
])

import { describe, expect, it } from 'vitest'
import { backup } from '../../src/collect/backup.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const BackupVaultArn = `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:nightly`
const list = {
  'eu-west-1/backup/list-backup-vaults': {
    BackupVaultList: [{ BackupVaultName: 'nightly', BackupVaultArn, Locked: true, MinRetentionDays: 30 }],
  },
}
const policy = 'eu-west-1/backup/get-backup-vault-access-policy/nightly'

describe('the Backup collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(backup)).toEqual([])
  })

  it('finds vaults with their lock and their access policy', async () => {
    const found = await gather([backup], { ...list, [policy]: { Policy: '{"Statement":[]}' } })
    expect(found.only('AWS::Backup::BackupVault')).toMatchObject({
      id: BackupVaultArn,
      name: 'nightly',
      config: { Policy: { Statement: [] }, Locked: true, MinRetentionDays: 30 },
    })
  })

  it('reads a vault without a policy as one that has none', async () => {
    const found = await gather([backup], {
      ...list,
      [`${policy}.error`]: failed('ResourceNotFoundException'),
    })
    expect(found.only('AWS::Backup::BackupVault').config).not.toHaveProperty('Policy')
    expect(found.only('AWS::Backup::BackupVault')).not.toHaveProperty('missing')
  })
})

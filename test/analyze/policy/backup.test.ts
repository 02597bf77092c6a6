/** A backup vault's policy says less than it seems to. [AWS Backup Developer Guide, "Vault access policies"] */
import { describe, expect, it } from 'vitest'
import { accessOf } from '../../../src/analyze/policy/access.ts'
import { readAccesses } from '../../../src/analyze/policy/accesses.ts'
import type { AccessAnswer } from '../../../src/analyze/policy/answer.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { Json } from '../../../src/snapshot/model.ts'
import { resource, snapshot } from '../../snapshot/build.ts'

const ACCOUNT = '123456789012'
const STRANGER = '999988887777'

function access(Principal: Json, Action: string): AccessAnswer {
  const Statement = [{ Effect: 'Allow', Principal, Action, Resource: '*' }]
  const vault = resource(`arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:nightly`, {
    type: 'AWS::Backup::BackupVault',
    account: ACCOUNT,
    config: { BackupVaultName: 'nightly', Policy: { Version: '2012-10-17', Statement } },
  })
  const accesses = readAccesses(indexSnapshot(snapshot([vault])), {
    trustedAccounts: [],
    now: '2026-01-01T00:00:00Z',
  })
  const input = accesses.input(vault)
  if (!input) throw new Error('a vault has a policy')
  return accessOf(input, accesses.surroundings(ACCOUNT))
}

const ofOwn = ({ classes }: AccessAnswer): string | undefined =>
  classes.find((one) => one.class === 'own-account')?.answer

describe('a backup vault', () => {
  it('takes copies from other accounts', () => {
    expect(access('*', 'backup:CopyIntoBackupVault').public).toBe(true)
    expect(access({ AWS: STRANGER }, 'backup:*').unknownAccounts).toEqual([STRANGER])
  })

  it('takes no other request from them, whatever its policy says', () => {
    expect(access('*', 'backup:DeleteRecoveryPoint').public).toBe(false)
    expect(access({ AWS: STRANGER }, 'backup:StartRestoreJob').unknownAccounts).toEqual([])
  })

  it('takes every request from its own account and from services', () => {
    expect(ofOwn(access({ AWS: ACCOUNT }, 'backup:DeleteRecoveryPoint'))).toBe('yes')
    expect(access({ Service: 'backup.amazonaws.com' }, 'backup:DeleteRecoveryPoint').services).toEqual([
      'backup.amazonaws.com',
    ])
  })

  it('says who can copy at all', () => {
    expect(access('*', 'backup:*').notes).toEqual([
      'AWS Backup takes copies from accounts of the same organization only',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { glacier } from '../../src/collect/glacier.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const VaultARN = `arn:aws:glacier:eu-west-1:${ACCOUNT}:vaults/archive`
const listing = 'eu-west-1/glacier/list-vaults'
const list = { [listing]: { VaultList: [{ VaultARN, VaultName: 'archive' }] } }
const policy = 'eu-west-1/glacier/get-vault-access-policy/archive'
const lock = 'eu-west-1/glacier/get-vault-lock/archive'

describe('the Glacier collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(glacier)).toEqual([])
  })

  it('finds vaults with their access policy and their lock', async () => {
    const Lock = { Policy: '{"Statement":[]}', State: 'Locked' }
    const found = await gather([glacier], {
      ...list,
      [policy]: { policy: { Policy: '{"Statement":[]}' } },
      [lock]: Lock,
    })
    expect(found.only('AWS::Glacier::Vault')).toMatchObject({
      id: VaultARN,
      name: 'archive',
      config: { AccessPolicy: { Statement: [] }, Lock },
    })
  })

  it('reads a vault with neither as one that has none', async () => {
    const found = await gather([glacier], {
      ...list,
      [`${policy}.error`]: failed('ResourceNotFoundException'),
      [`${lock}.error`]: failed('ResourceNotFoundException'),
    })
    expect(Object.keys(found.only('AWS::Glacier::Vault').config)).toEqual(['VaultARN', 'VaultName'])
    expect(found.only('AWS::Glacier::Vault')).not.toHaveProperty('missing')
  })

  it('knows that an account which AWS no longer lets have vaults has none', async () => {
    const found = await gather([glacier], { [`${listing}.error`]: failed('NoLongerSupportedException') })
    expect(found.resources).toEqual([])
    expect(found.calls).toContainEqual(expect.objectContaining({ operation: 'ListVaults', outcome: 'ok' }))
  })
})

import { describe, expect, it } from 'vitest'
import { secretsmanager } from '../../src/collect/secretsmanager.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const ARN = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:db/password-a1B2c3`
const list = {
  'eu-west-1/secretsmanager/list-secrets': {
    SecretList: [
      {
        ARN,
        Name: 'db/password',
        Tags: [{ Key: 'Owner', Value: 'data' }],
        ExternalSecretRotationMetadata: [{ Key: 'clientId', Value: 'hunter2' }],
      },
    ],
  },
}
const policy = 'eu-west-1/secretsmanager/get-resource-policy'

describe('the Secrets Manager collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(secretsmanager)).toEqual([])
  })

  it('can ask for no value, and keeps nothing that a rotation is given', async () => {
    expect(secretsmanager.operations.map((op) => op.api)).toEqual(['ListSecrets', 'GetResourcePolicy'])
    const found = await gather([secretsmanager], list)
    expect(JSON.stringify(found.resources)).not.toContain('hunter2')
  })

  it.each([ARN, 'db/password'])('finds a secret’s policy, asked for by %s', async (id) => {
    const found = await gather([secretsmanager], {
      ...list,
      [`${policy}/${encodeURIComponent(id)}`]: { ARN, ResourcePolicy: '{"Statement":[]}' },
    })
    expect(found.only('AWS::SecretsManager::Secret')).toMatchObject({
      id: ARN,
      name: 'db/password',
      tags: { Owner: 'data' },
      config: { ResourcePolicy: { Statement: [] } },
    })
  })

  it('reads an answer without a policy as a secret that has none', async () => {
    const found = await gather([secretsmanager], {
      ...list,
      [`${policy}/${encodeURIComponent(ARN)}`]: { ARN },
    })
    expect(found.only('AWS::SecretsManager::Secret').config).not.toHaveProperty('ResourcePolicy')
    expect(found.only('AWS::SecretsManager::Secret')).not.toHaveProperty('missing')
  })

  it('forgets a secret that was deleted since the listing', async () => {
    const found = await gather([secretsmanager], {
      ...list,
      [`${policy}/${encodeURIComponent(ARN)}.error`]: failed('ResourceNotFoundException'),
    })
    expect(found.resources).toEqual([])
  })
})

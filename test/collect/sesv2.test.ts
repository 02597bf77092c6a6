import { describe, expect, it } from 'vitest'
import { permissionOf } from '../../src/collect/dsl.ts'
import { sesv2 } from '../../src/collect/sesv2.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const list = {
  'eu-west-1/sesv2/list-email-identities': {
    EmailIdentities: [{ IdentityType: 'DOMAIN', IdentityName: 'example.com', SendingEnabled: true }],
  },
}
const policies = 'eu-west-1/sesv2/get-email-identity-policies/example.com'

describe('the SES collector', () => {
  it('asks only for what the API has, under IAM’s own prefix', async () => {
    expect(await checkService(sesv2)).toEqual([])
    expect(sesv2.operations.map((op) => permissionOf(sesv2, op))).toEqual([
      'ses:ListEmailIdentities',
      'ses:GetEmailIdentityPolicies',
    ])
  })

  it('finds identities with the policies by which others may send as them', async () => {
    const Policies = { partner: '{"Statement":[]}' }
    const found = await gather([sesv2], { ...list, [policies]: { Policies } })
    expect(found.only('AWS::SES::EmailIdentity')).toMatchObject({
      id: `arn:aws:ses:eu-west-1:${ACCOUNT}:identity/example.com`,
      name: 'example.com',
      config: { Policies },
    })
  })

  it('forgets an identity that was deleted since the listing', async () => {
    const found = await gather([sesv2], { ...list, [`${policies}.error`]: failed('NotFoundException') })
    expect(found.resources).toEqual([])
  })
})

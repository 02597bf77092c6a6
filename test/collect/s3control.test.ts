import { describe, expect, it } from 'vitest'
import { permissionOf } from '../../src/collect/dsl.ts'
import { s3control } from '../../src/collect/s3control.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const BLOCK = 'AWS::S3::AccountPublicAccessBlock'

describe('the S3 control collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(s3control)).toEqual([])
  })

  it('names the account block’s permission as IAM does', () => {
    const block = s3control.operations.find((op) => op.api === 'GetPublicAccessBlock')
    expect(block && permissionOf(s3control, block)).toBe('s3:GetAccountPublicAccessBlock')
  })

  it('reads an account that never set a block as one that blocks nothing', async () => {
    const found = await gather([s3control], {
      'global/s3control/get-public-access-block.error': failed('NoSuchPublicAccessBlockConfiguration'),
    })
    expect(found.only(BLOCK)).toMatchObject({
      id: `arn:aws:s3::${ACCOUNT}:account-public-access-block/${ACCOUNT}`,
      region: 'global',
      config: {
        BlockPublicAcls: false,
        IgnorePublicAcls: false,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      },
    })
  })

  it('says nothing of a block that it was not let see', async () => {
    const found = await gather([s3control], {
      'global/s3control/get-public-access-block.error': failed('AccessDenied'),
    })
    expect(found.resources).toEqual([])
    expect(found.calls).toContainEqual(
      expect.objectContaining({ operation: 'GetPublicAccessBlock', outcome: 'denied', lists: [BLOCK] }),
    )
  })

  it('finds access points with what blocks and what opens them', async () => {
    const id = `arn:aws:s3:eu-west-1:${ACCOUNT}:accesspoint/logs`
    const found = await gather([s3control], {
      'eu-west-1/s3control/list-access-points': {
        AccessPointList: [{ Name: 'logs', NetworkOrigin: 'Internet', Bucket: 'b', AccessPointArn: id }],
      },
      'eu-west-1/s3control/get-access-point/logs': {
        Name: 'logs',
        PublicAccessBlockConfiguration: { BlockPublicAcls: true },
      },
      'eu-west-1/s3control/get-access-point-policy/logs.error': failed('NoSuchAccessPointPolicy'),
    })
    const point = found.only('AWS::S3::AccessPoint')
    expect(point.id).toBe(id)
    expect(point.config['AccessPoint']).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true },
    })
    expect(point.config).not.toHaveProperty('Policy')
    expect(point).not.toHaveProperty('missing')
  })
})

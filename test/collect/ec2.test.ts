import { describe, expect, it } from 'vitest'
import { ec2 } from '../../src/collect/ec2.ts'
import { ACCOUNT, failed, gather, pathsOf } from './gather.ts'

const region = 'eu-west-1/ec2'
const vpc = (VpcId: string, OwnerId = ACCOUNT) => ({ VpcId, OwnerId })

describe('the EC2 collector', () => {
  it('asks for stale rules in own VPCs, not in those that others share', async () => {
    const stale = [{ GroupId: 'sg-1', VpcId: 'vpc-1', StaleIpPermissions: [{ IpProtocol: 'tcp' }] }]
    const found = await gather([ec2], {
      [`${region}/describe-vpcs`]: { Vpcs: [vpc('vpc-1'), vpc('vpc-2', '999999999999')] },
      [`${region}/describe-stale-security-groups/vpc-1`]: { StaleSecurityGroupSet: stale },
    })
    expect(pathsOf(found, 'DescribeStaleSecurityGroups')).toEqual([
      `${region}/describe-stale-security-groups/vpc-1`,
    ])
    expect(found.resources.map((one) => one.config['StaleSecurityGroups'])).toEqual([stale, undefined])
  })

  describe('the images of instances', () => {
    const instance = (InstanceId: string, ImageId: string) => ({
      InstanceId,
      ImageId,
      State: { Name: 'running' },
    })
    const instances = [instance('i-1', 'ami-1'), instance('i-2', 'ami-1'), instance('i-3', 'ami-gone')]
    const listing = { [`${region}/describe-instances`]: { Reservations: [{ Instances: instances }] } }
    const answer = `${region}/describe-images.of-instances`

    it('are asked for by one call, each once', async () => {
      const found = await gather([ec2], {
        ...listing,
        [answer]: { Images: [{ ImageId: 'ami-1', State: 'available' }] },
      })
      const asks = found.asks.filter((ask) => ask.operation.variant === 'of-instances')
      expect(asks.map((ask) => ask.input['Filters'])).toEqual([
        [{ Name: 'image-id', Values: ['ami-1', 'ami-gone'] }],
      ])
    })
    it('are told of each instance; one that is gone is absent, not missing', async () => {
      const found = await gather([ec2], {
        ...listing,
        [answer]: { Images: [{ ImageId: 'ami-1', State: 'available' }] },
      })
      const images = found.resources.map(
        (one) => (one.config['Image'] as { ImageId: string } | undefined)?.ImageId,
      )
      expect(images).toEqual(['ami-1', 'ami-1', undefined])
      expect(found.resources.flatMap((one) => Object.keys(one.missing ?? {}))).not.toContain('Image')
    })
    it('are missing where the call was denied', async () => {
      const found = await gather([ec2], { ...listing, [`${answer}.error`]: failed('UnauthorizedOperation') })
      expect(found.resources.map((one) => one.missing?.['Image']?.outcome)).toEqual([
        'denied',
        'denied',
        'denied',
      ])
    })
  })
})

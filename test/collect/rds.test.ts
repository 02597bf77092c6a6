import { describe, expect, it } from 'vitest'
import { rds } from '../../src/collect/rds.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const here = 'eu-west-1/rds'
const arn = (rest: string): string => `arn:aws:rds:eu-west-1:${ACCOUNT}:${rest}`
const instances = {
  [`${here}/describe-db-snapshots`]: {
    DBSnapshots: [
      {
        DBSnapshotIdentifier: 'before-migration',
        DBSnapshotArn: arn('snapshot:before-migration'),
        TagList: [{ Key: 'Owner', Value: 'data' }],
      },
    ],
  },
}
const sharing = (values: readonly string[]) => [{ AttributeName: 'restore', AttributeValues: values }]

describe('the RDS collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(rds)).toEqual([])
  })

  it('asks for manual snapshots alone: automated ones can’t be shared', async () => {
    const found = await gather([rds], instances)
    for (const api of ['DescribeDBSnapshots', 'DescribeDBClusterSnapshots'])
      expect(found.asks.find((ask) => ask.operation.api === api)?.input['SnapshotType']).toBe('manual')
  })

  it('finds with whom a snapshot is shared', async () => {
    const found = await gather([rds], {
      ...instances,
      [`${here}/describe-db-snapshot-attributes/before-migration`]: {
        DBSnapshotAttributesResult: { DBSnapshotAttributes: sharing(['all']) },
      },
    })
    expect(found.only('AWS::RDS::DBSnapshot')).toMatchObject({
      id: arn('snapshot:before-migration'),
      name: 'before-migration',
      tags: { Owner: 'data' },
      config: { Attributes: sharing(['all']) },
    })
  })

  it('finds the same of clusters', async () => {
    const DBClusterSnapshotArn = arn('cluster-snapshot:monthly')
    const found = await gather([rds], {
      [`${here}/describe-db-cluster-snapshots`]: {
        DBClusterSnapshots: [{ DBClusterSnapshotIdentifier: 'monthly', DBClusterSnapshotArn }],
      },
      [`${here}/describe-db-cluster-snapshot-attributes/monthly`]: {
        DBClusterSnapshotAttributesResult: { DBClusterSnapshotAttributes: sharing(['432109876543']) },
      },
    })
    expect(found.only('AWS::RDS::DBClusterSnapshot')).toMatchObject({
      id: DBClusterSnapshotArn,
      config: { Attributes: sharing(['432109876543']) },
    })
  })

  it('forgets a snapshot that was deleted since the listing', async () => {
    const found = await gather([rds], {
      ...instances,
      [`${here}/describe-db-snapshot-attributes/before-migration.error`]: failed('DBSnapshotNotFound'),
    })
    expect(found.resources).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { permissionOf } from '../../src/collect/dsl.ts'
import { efs } from '../../src/collect/efs.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const list = {
  'eu-west-1/efs/describe-file-systems': {
    FileSystems: [{ FileSystemId: 'fs-1', Name: 'home', Encrypted: true, SizeInBytes: { Value: 6144 } }],
  },
}
const policy = 'eu-west-1/efs/describe-file-system-policy/fs-1'

describe('the EFS collector', () => {
  it('asks only for what the API has, under IAM’s own prefix', async () => {
    expect(await checkService(efs)).toEqual([])
    expect(efs.operations.map((op) => permissionOf(efs, op))).toEqual([
      'elasticfilesystem:DescribeFileSystems',
      'elasticfilesystem:DescribeFileSystemPolicy',
    ])
  })

  it('finds file systems with their policies, without the size that AWS meters', async () => {
    const found = await gather([efs], {
      ...list,
      [policy]: { FileSystemId: 'fs-1', Policy: '{"Statement":[]}' },
    })
    const system = found.only('AWS::EFS::FileSystem')
    expect(system).toMatchObject({
      id: `arn:aws:elasticfilesystem:eu-west-1:${ACCOUNT}:file-system/fs-1`,
      name: 'home',
      config: { Encrypted: true, Policy: { Statement: [] } },
    })
    expect(system.config).not.toHaveProperty('SizeInBytes')
  })

  it('knows a file system without a policy from one that is gone', async () => {
    const none = await gather([efs], { ...list, [`${policy}.error`]: failed('PolicyNotFound') })
    expect(none.only('AWS::EFS::FileSystem').config).not.toHaveProperty('Policy')

    const gone = await gather([efs], { ...list, [`${policy}.error`]: failed('FileSystemNotFound') })
    expect(gone.resources).toEqual([])
  })
})

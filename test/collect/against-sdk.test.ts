import { describe, expect, it } from 'vitest'
import { service, str } from '../../src/collect/dsl.ts'
import { kms } from '../../src/collect/kms.ts'
import { checkService } from './against-sdk.ts'

const load = () => import('@aws-sdk/client-kms')
const key = { resource: 'AWS::KMS::Key', id: (item: object) => str({ ...item }, 'KeyArn') }
const page = { send: 'Marker', read: 'NextMarker' }

describe('the check of declarations against the SDK', () => {
  it('finds nothing wrong with the worked example', async () => {
    expect(await checkService(kms)).toEqual([])
  })

  it('finds an operation that AWS does not have', async () => {
    const wrong = service('kms', { load }, (op) => [op.list('ListKeyz', { ...key, items: 'Keys' })])
    expect(await checkService(wrong)).toEqual(['ListKeyz: the client has no such operation'])
  })

  it('finds input, items, fields, secrets and ids that are not in the API', async () => {
    const wrong = service('kms', { load }, (op) => [
      op.list('ListKeys', {
        resource: 'AWS::KMS::Key',
        items: 'Keyz',
        page,
        input: () => ({ Limit: '5', Max: 1 }),
        id: (item) => str(item, 'KeyArn'),
      }),
      op.field('AWS::KMS::Key', 'DescribeKey', { into: 'Metadata', input: () => ({}), key: () => '' }),
      op.list('DescribeCustomKeyStores', {
        resource: 'AWS::KMS::CustomKeyStore',
        items: 'CustomKeyStores',
        id: (item) => str(item, 'CustomKeyStoreArn'),
        never: ['CustomKeyStores.Password'],
        fields: { always: ['Name'], absent: { ConnectionState: false } },
      }),
    ])
    expect(await checkService(wrong)).toEqual([
      'ListKeys: its answer has no such items',
      'ListKeys: the input.Limit is a string, not a number',
      'ListKeys: the input has no Max',
      'ListKeys: the id is no ARN: undefined',
      'DescribeKey: nothing lists AWS::KMS::Key',
      'DescribeKey: its answer has nothing that could become Metadata',
      'DescribeKey: the key is empty',
      'DescribeCustomKeyStores: CustomKeyStores.Password: CustomKeyStores is a list, write CustomKeyStores[]',
      'DescribeCustomKeyStores: Name: there is no Name in AWS::KMS::CustomKeyStore',
      'DescribeCustomKeyStores: ConnectionState: false is of another type',
      'DescribeCustomKeyStores: answers in pages (NextMarker) but declares no page',
      'DescribeCustomKeyStores: the id is no ARN: undefined',
    ])
  })

  it('finds two uses of one API that a folder of raw answers could not tell apart', async () => {
    const wrong = service('kms', { load }, (op) => [
      op.list('ListKeys', { ...key, items: 'Keys', page }),
      op.list('ListKeys', { ...key, items: 'Keys', page }),
    ])
    expect(await checkService(wrong)).toEqual(['ListKeys: declared twice without a variant'])
  })
})

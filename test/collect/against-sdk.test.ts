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

  it('finds nothing wrong with two listings of one answer, unless they ask or keep otherwise', async () => {
    const details = { page: { send: 'Marker', read: 'Marker' }, never: [] as string[] }
    const listings = (users: object) =>
      service('iam', { load: () => import('@aws-sdk/client-iam') }, (op) => [
        op.list('GetAccountAuthorizationDetails', {
          ...details,
          resource: 'AWS::IAM::Role',
          items: 'RoleDetailList',
          id: (role) => str(role, 'Arn'),
        }),
        op.list('GetAccountAuthorizationDetails', {
          ...details,
          resource: 'AWS::IAM::User',
          items: 'UserDetailList',
          id: (user) => str(user, 'Arn'),
          ...users,
        }),
      ])
    expect(await checkService(listings({}))).toEqual([])
    for (const other of [{ input: () => ({ MaxItems: 1 }) }, { never: ['UserDetailList[].Path'] }])
      expect(await checkService(listings(other))).toEqual([
        'GetAccountAuthorizationDetails: declared twice without a variant',
      ])
  })

  it('finds an error that AWS does not have, and one that the CLI prints under another name', async () => {
    const wrong = service('sns', { load: () => import('@aws-sdk/client-sns') }, (op) => [
      op.list('ListTopics', {
        resource: 'AWS::SNS::Topic',
        items: 'Topics',
        id: (topic) => str(topic, 'TopicArn'),
        none: ['NoTopics'],
        gone: ['NotFoundException'],
      }),
    ])
    expect(await checkService(wrong)).toEqual([
      'ListTopics: the API has no error NoTopics',
      'ListTopics: NotFoundException is also called NotFound',
    ])
  })
})

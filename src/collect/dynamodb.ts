import { arn, service, str } from './dsl.ts'

const TABLE = 'AWS::DynamoDB::Table'

/** Every operation that the audit reads from Amazon DynamoDB: never an item. */
export const dynamodb = service('dynamodb', { load: () => import('@aws-sdk/client-dynamodb') }, (op) => [
  op.list('ListTables', {
    resource: TABLE,
    items: 'TableNames',
    input: () => ({ Limit: 100 }),
    page: { send: 'ExclusiveStartTableName', read: 'LastEvaluatedTableName' },
    id: (table, place) => arn(place, 'dynamodb', `table/${str(table, 'Id') ?? ''}`),
    name: (table) => table['Id'],
    fields: { always: ['Id'] },
  }),
  op.field(TABLE, 'GetResourcePolicy', {
    input: (table) => ({ ResourceArn: table.id }),
    key: (table) => table.id,
    otherKeys: (table) => [str(table.config, 'Id') ?? ''],
    into: 'ResourcePolicy',
    take: 'Policy',
    parse: 'policyDocument',
    none: ['PolicyNotFoundException'],
    gone: ['ResourceNotFoundException'],
  }),
])

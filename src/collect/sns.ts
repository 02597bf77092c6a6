import { field, service, str } from './dsl.ts'

const TOPIC = 'AWS::SNS::Topic'

/** Every operation that the audit reads from Amazon SNS. */
export const sns = service('sns', { load: () => import('@aws-sdk/client-sns') }, (op) => [
  op.list('ListTopics', {
    resource: TOPIC,
    items: 'Topics',
    id: (topic) => str(topic, 'TopicArn'),
    name: (topic) => str(topic, 'TopicArn')?.split(':').at(-1),
    fields: { always: ['TopicArn', 'Attributes'] },
  }),
  op.field(TOPIC, 'GetTopicAttributes', {
    input: (topic) => ({ TopicArn: str(topic.config, 'TopicArn') }),
    key: field('TopicArn'),
    into: 'Attributes',
    gone: ['NotFound', 'NotFoundException'],
  }),
])

import { arn, field, service, str } from './dsl.ts'

const QUEUE = 'AWS::SQS::Queue'

/** Queues are listed by their URL, `https://sqs.eu-west-1.amazonaws.com/123456789012/jobs`. */
const nameIn = (url: string | undefined): string => url?.slice(url.lastIndexOf('/') + 1) ?? ''

/** How full a queue is changes by the second: two snapshots of one state would differ. */
const COUNTS = ['', 'NotVisible', 'Delayed'].map((kind) => `Attributes.ApproximateNumberOfMessages${kind}`)

/** Every operation that the audit reads from Amazon SQS; never a message. */
export const sqs = service('sqs', { load: () => import('@aws-sdk/client-sqs') }, (op) => [
  op.list('ListQueues', {
    resource: QUEUE,
    items: 'QueueUrls',
    input: () => ({ MaxResults: 1000 }), // without it, SQS stops at a thousand and says nothing
    id: (queue, place) => arn(place, 'sqs', nameIn(str(queue, 'Id'))),
    name: (queue) => nameIn(str(queue, 'Id')),
    fields: { always: ['Id', 'Attributes'] },
  }),
  op.field(QUEUE, 'GetQueueAttributes', {
    input: (queue) => ({ QueueUrl: str(queue.config, 'Id'), AttributeNames: ['All'] }),
    key: field('Id'),
    into: 'Attributes',
    never: COUNTS,
    gone: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
  }),
])

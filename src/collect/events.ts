import { service, str } from './dsl.ts'

/** Every operation that the audit reads from Amazon EventBridge. */
export const events = service(
  'events',
  { sdk: 'eventbridge', load: () => import('@aws-sdk/client-eventbridge') },
  (op) => [
    op.list('ListEventBuses', {
      resource: 'AWS::Events::EventBus',
      items: 'EventBuses',
      input: () => ({ Limit: 100 }),
      id: (bus) => str(bus, 'Arn'),
      name: (bus) => bus['Name'],
      parse: { Policy: 'policyDocument' },
      fields: { always: ['Name', 'Arn'] },
    }),
  ],
)

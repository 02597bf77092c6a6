import { type Answered, field, type Operation, service, str, type Target, type Words } from './dsl.ts'

const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer'
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener'
const GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup'

const page = { send: 'Marker', read: 'NextMarker' }
/** The secret of an OpenID Connect client; AWS answers none, and none would be kept. */
const secretIn = (actions: string): string => `${actions}[].AuthenticateOidcConfig.ClientSecret`

const of = (member: string, gone: string) => ({
  input: (target: Target) => ({ [member]: str(target.config, member) }),
  key: field(member),
  gone: [gone, `${gone}Exception`], // as the AWS CLI prints it, and as the SDK throws it
})
const ofBalancer = of('LoadBalancerArn', 'LoadBalancerNotFound')
const ofListener = of('ListenerArn', 'ListenerNotFound')
const ofGroup = of('TargetGroupArn', 'TargetGroupNotFound')

/** Tags of up to twenty resources in one call. */
const tags = (op: Words, type: string, variant: string): Operation =>
  op.batch(type, 'DescribeTags', {
    variant,
    size: 20,
    items: 'TagDescriptions',
    input: (targets) => ({ ResourceArns: targets.map((target) => target.id) }),
    match: (description) => str(description, 'ResourceArn'),
    into: 'Tags',
    as: { member: 'Tags' },
  })

/** Every operation that the audit reads from Elastic Load Balancing: Application, Network and Gateway Load Balancers. */
export const elbv2 = service(
  'elbv2',
  {
    prefix: 'elasticloadbalancing',
    sdk: 'elastic-load-balancing-v2',
    load: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  },
  (op) => [
    op.list('DescribeLoadBalancers', {
      resource: BALANCER,
      items: 'LoadBalancers',
      input: () => ({ PageSize: 400 }),
      page,
      id: (balancer) => str(balancer, 'LoadBalancerArn'),
      name: (balancer) => balancer['LoadBalancerName'],
      fields: {
        always: [
          'LoadBalancerArn',
          'LoadBalancerName',
          'DNSName',
          'Type',
          'State.Code',
          'VpcId',
          'IpAddressType',
        ],
        absent: { Scheme: null }, // Gateway Load Balancers have none
      },
    }),
    op.field(BALANCER, 'DescribeLoadBalancerAttributes', { ...ofBalancer, into: 'Attributes' }),
    tags(op, BALANCER, 'load-balancer'),
    op.children(BALANCER, 'DescribeListeners', {
      ...ofBalancer,
      input: (balancer) => ({ ...ofBalancer.input(balancer), PageSize: 400 }),
      page,
      resource: LISTENER,
      items: 'Listeners',
      id: (listener) => str(listener, 'ListenerArn'),
      never: [secretIn('Listeners[].DefaultActions')],
      fields: {
        always: ['ListenerArn', 'LoadBalancerArn'],
        // Gateway Load Balancers' listeners take every port and protocol; only TLS has a policy.
        absent: { Port: null, Protocol: null, SslPolicy: null },
      },
    }),
    op.field(LISTENER, 'DescribeRules', {
      ...ofListener,
      input: (listener) => ({ ...ofListener.input(listener), PageSize: 400 }),
      page,
      when: isApplication, // only an Application Load Balancer has rules
      into: 'Rules',
      never: [secretIn('Rules[].Actions')],
    }),
    tags(op, LISTENER, 'listener'),
    op.list('DescribeTargetGroups', {
      resource: GROUP,
      items: 'TargetGroups',
      input: () => ({ PageSize: 400 }),
      page,
      id: (group) => str(group, 'TargetGroupArn'),
      name: (group) => group['TargetGroupName'],
      fields: {
        always: ['TargetGroupArn', 'TargetGroupName', 'TargetType'],
        absent: { Port: null, Protocol: null, VpcId: null }, // those of Lambda functions
      },
    }),
    op.field(GROUP, 'DescribeTargetHealth', { ...ofGroup, into: 'TargetHealthDescriptions' }),
    op.field(GROUP, 'DescribeTargetGroupAttributes', { ...ofGroup, into: 'Attributes' }),
    tags(op, GROUP, 'target-group'),
  ],
)

function isApplication(listener: Answered): boolean {
  return /:listener\/app\//.test(str(listener, 'ListenerArn') ?? '')
}

/** The facts about access that rules can ask for: what docs/facts.md says of them, as shapes. */
import type { Shape } from '../../snapshot/shapes.ts'
import { ACCESS_TYPES } from './accesses.ts'

type Members = Readonly<Record<string, Shape>>

const strings: Shape = ['list', 'string']
const list = (struct: string): Shape => ['list', ['struct', `access.${struct}`]]

const COMMON: Members = {
  exposure: 'string',
  public: 'bool',
  publicRead: 'bool',
  publicWrite: 'bool',
  everyone: list('Audience'),
  strangers: list('Audience'),
  strangersComplete: 'bool',
  trusted: list('Audience'),
  organization: list('Audience'),
  networks: list('Audience'),
  federated: list('Audience'),
  services: list('Service'),
  servicesComplete: 'bool',
  serviceSources: strings,
  accounts: strings,
  complete: 'bool',
  grants: list('Grant'),
  request: 'string',
  blockedBy: strings,
  notes: strings,
}

const PLAIN: Members = { tlsOnly: 'bool', plainRequest: 'string' }

const BUCKET: Members = {
  policyIsPublic: 'bool',
  blockPublicAcls: 'bool',
  ignorePublicAcls: 'bool',
  blockPublicPolicy: 'bool',
  restrictPublicBuckets: 'bool',
  unblocked: strings,
  ...PLAIN,
}

const KEY: Members = {
  admins: strings,
  users: strings,
  adminAndUser: strings,
  accountAdmin: 'bool',
  accountUse: 'bool',
  grantUsers: strings,
  manageable: 'bool',
  driftsFrom: strings,
  data: strings,
  beyondData: strings,
}

const ENDPOINT: Members = {
  unrestrictedPrincipals: 'bool',
  unrestrictedResources: 'bool',
  grants: list('Grant'),
}

const OWN: Readonly<Record<string, Members>> = {
  'AWS::S3::Bucket': { ...COMMON, ...BUCKET },
  'AWS::EFS::FileSystem': { ...COMMON, ...PLAIN },
  'AWS::KMS::Key': { ...COMMON, ...KEY },
  'AWS::EC2::VPCEndpoint': ENDPOINT,
}

export const SHAPES: Readonly<Record<string, Members>> = Object.fromEntries(
  ACCESS_TYPES.map((type) => [type, OWN[type] ?? COMMON]),
)

const AUDIENCE: Members = {
  who: 'string',
  levels: strings,
  statements: strings,
  requests: list('Request'),
  grants: list('Grant'),
}

export const STRUCTS: Readonly<Record<string, Members>> = {
  'access.Audience': AUDIENCE,
  'access.Service': { ...AUDIENCE, forAnyone: 'bool' },
  'access.Request': { level: 'string', request: 'string' },
  'access.Grant': {
    statement: 'string',
    effect: 'string',
    principals: strings,
    actions: strings,
    resources: strings,
    conditions: 'string',
  },
}

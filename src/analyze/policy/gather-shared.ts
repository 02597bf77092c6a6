/** Sharing lists as the policies that they amount to. */
import type { Json, Resource } from '../../snapshot/model.ts'
import type { Operation, Unread as UnreadFields } from '../unread.ts'
import { actionsOf } from './actions.ts'
import { by, type Sources } from './gather-sources.ts'
import { isUnread, type PolicyInput, type PolicySource } from './input.ts'
import { list, object, text, texts } from './json.ts'

/** With whom a resource is shared. */
interface Shares {
  readonly everybody: boolean
  /** Accounts, or principals' ARNs. */
  readonly principals: readonly string[]
  readonly orgs: readonly string[]
  /** Organization and unit, `o-…/ou-…`. */
  readonly units: readonly string[]
}

const NONE: Shares = { everybody: false, principals: [], orgs: [], units: [] }

function statement(type: string, sid: string, rest: { readonly [key: string]: Json }): Json {
  return { Sid: sid, Effect: 'Allow', Action: actionsOf(type).map((action) => action.name), ...rest }
}

function documentFor(type: string, shares: Shares): Json {
  const units = shares.units.map((unit) => unit.replace('/', '/*/').replace(/$/, '/*'))
  return {
    Version: '2012-10-17',
    Statement: [
      ...(shares.everybody ? [statement(type, 'all', { Principal: '*' })] : []),
      ...(shares.principals.length > 0
        ? [statement(type, 'accounts', { Principal: { AWS: shares.principals } })]
        : []),
      ...(shares.orgs.length > 0
        ? [
            statement(type, 'organizations', {
              Principal: '*',
              Condition: { StringEquals: { 'aws:PrincipalOrgID': shares.orgs } },
            }),
          ]
        : []),
      ...(units.length > 0
        ? [
            statement(type, 'units', {
              Principal: '*',
              Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': units } },
            }),
          ]
        : []),
    ],
  }
}

/** `{Group: 'all'}`, `{UserId}`, `{OrganizationArn}`, `{OrganizationalUnitArn}`. */
function permissions(value: Json | undefined): Shares {
  const items = list(value).map(object)
  const each = (name: string): string[] =>
    items.map((item) => text(item[name])).filter((found) => found !== '')
  return {
    everybody: each('Group').includes('all'),
    principals: each('UserId'),
    orgs: each('OrganizationArn').map((arn) => arn.slice(arn.lastIndexOf('/') + 1)),
    units: each('OrganizationalUnitArn').map((arn) => arn.slice(arn.indexOf('/') + 1)),
  }
}

function named(ids: readonly string[]): Shares {
  const lower = ids.map((id) => id.toLowerCase())
  const everybody = lower.includes('all') || ids.includes('*')
  return { ...NONE, everybody, principals: ids.filter((id) => /^\d{12}$|^arn:/.test(id)) }
}

/** The field that says `all`, the field that names the others, and how it is read. */
interface Shape {
  readonly flag?: readonly [string, Operation]
  readonly list: readonly [string, Operation]
  readonly read: (value: Json | undefined) => Shares
}

const SHAPES: Readonly<Record<string, Shape>> = {
  'AWS::EC2::Snapshot': {
    flag: ['Public', by('ec2:DescribeSnapshots')],
    list: ['CreateVolumePermissions', by('ec2:DescribeSnapshotAttribute')],
    read: permissions,
  },
  'AWS::EC2::Image': {
    flag: ['Public', by('ec2:DescribeImages')],
    list: ['LaunchPermissions', by('ec2:DescribeImageAttribute')],
    read: permissions,
  },
  'AWS::RDS::DBSnapshot': { list: ['Attributes', by('rds:DescribeDBSnapshotAttributes')], read: restorers },
  'AWS::RDS::DBClusterSnapshot': {
    list: ['Attributes', by('rds:DescribeDBClusterSnapshotAttributes')],
    read: restorers,
  },
  'AWS::SSM::Document': {
    list: ['AccountIds', by('ssm:DescribeDocumentPermission')],
    read: (value) => named(texts(value)),
  },
  'AWS::EC2::VPCEndpointService': {
    list: ['AllowedPrincipals', by('ec2:DescribeVpcEndpointServicePermissions')],
    read: (value) => named(list(value).map((one) => text(object(one)['Principal']))),
  },
}

/** `[{AttributeName: 'restore', AttributeValues: ['all', '123456789012']}]`. */
function restorers(value: Json | undefined): Shares {
  const attributes = list(value).map(object)
  return named(
    attributes.flatMap((one) =>
      text(one['AttributeName']) === 'restore' ? texts(one['AttributeValues']) : [],
    ),
  )
}

function sourceOf(resource: Resource, shape: Shape, unread: UnreadFields): PolicySource {
  const [field, operation] = shape.list
  if (shape.flag) {
    const [flag, flagged] = shape.flag
    const missing = unread.field(resource, flag, flagged)
    if (missing) return { name: flag, document: { unread: [missing] } }
    if (resource.config[flag] === true) {
      return { name: flag, document: documentFor(resource.type, { ...NONE, everybody: true }) }
    }
  }
  const missing = unread.field(resource, field, operation)
  if (missing) return { name: field, document: { unread: [missing] } }
  return { name: field, document: documentFor(resource.type, shape.read(resource.config[field])) }
}

const BLOCK = 'AWS::EC2::SnapshotBlockPublicAccess'

/**
 * EBS closes public snapshots that are there already, though their attributes go on to say `all`; accounts that are named
 * stay. For images the setting only keeps new ones from becoming public.
 * [EBS User Guide, "Block public access for Amazon EBS snapshots"; EC2 User Guide, "Block public access to your AMIs"]
 */
function blockOf(resource: Resource, { index }: Sources): PolicyInput['boundaries'] {
  if (resource.type !== 'AWS::EC2::Snapshot') return undefined
  const { everybody, principals } = permissions(resource.config['CreateVolumePermissions'])
  if (resource.config['Public'] !== true && !everybody) return undefined
  const { resources, missing } = index.list(BLOCK, resource.account, resource.region)
  const name = 'SnapshotBlockPublicAccess block-all-sharing'
  const condition = principals.length > 0 ? { StringNotEquals: { 'aws:PrincipalAccount': principals } } : {}
  if (resources.some((one) => text(one.config['State']) === 'block-all-sharing')) return [{ name, condition }]
  return resources.length === 0 && missing.length > 0 ? [{ name, condition, unread: missing }] : undefined
}

export function sharedInput(
  resource: Resource,
  sources: Sources,
): Pick<PolicyInput, 'policies' | 'boundaries'> | undefined {
  const shape = SHAPES[resource.type]
  if (!shape) return undefined
  const boundaries = blockOf(resource, sources)
  const policies = [sourceOf(resource, shape, sources.unread)]
  return boundaries ? { policies, boundaries } : { policies }
}

export const SHARED_TYPES: readonly string[] = Object.keys(SHAPES)

/** Shared with nobody: what is decided of it holds for all of its type and account. */
export const isUnshared = ({ type, policies, boundaries }: PolicyInput): boolean =>
  SHARED_TYPES.includes(type) &&
  boundaries === undefined &&
  policies.every(({ document }) => !isUnread(document) && list(object(document)['Statement']).length === 0)

/**
 * How a collector is written: a list of operations, not a program.
 * From the list alone come the calls, the ledger, the IAM policy, the plan, the importer and the rules' field names.
 */

/** A JSON object as AWS answers it, before anything is known of its shape. */
export type Answered = Readonly<Record<string, unknown>>

export interface Place {
  readonly account: string
  /** `global` for operations that an account has once. */
  readonly region: string
  readonly partition: string
}

/** What is known of a resource when a further call about it is made. */
export interface Target extends Place {
  readonly id: string
  readonly config: Answered
}

export type Input = Readonly<Record<string, unknown>>

/**
 * Turns one answered field into what the snapshot keeps: a policy document, a list of items each with a PolicyDocument, a
 * managed policy's versions of which the default one is kept.
 */
export type Parse = 'policyDocument' | 'policyDocuments' | 'defaultVersion'

interface Common {
  /** The API's own name, `DescribeVpcs`. */
  readonly api: string
  /** The IAM permission, when it is not `prefix:api`. */
  readonly permission?: string
  /** The ARNs that the permission is granted on, where on all it would open more than this call; every resource without it. */
  readonly grantedOn?: string
  /** AWS keeps it to an organization's management account and delegated administrators: elsewhere a denial is no gap. */
  readonly reserved?: true
  /**
   * Members of the answer (dotted, `[]` for a list's items, `*` any, `!a|b` any but these) that hold secrets: removed
   * before anything else sees them.
   */
  readonly never?: readonly string[]
  /** Error codes by which AWS says that there is nothing here: an answer. */
  readonly none?: readonly string[]
  /** Error codes by which AWS says that the resource was deleted meanwhile. */
  readonly gone?: readonly string[]
  /** Input and output names of the page token; `NextToken` or `nextToken` are found without being named. */
  readonly page?: { readonly send: string; readonly read: string }
  /** Distinguishes two uses of one API in the folder of raw answers: `describe-snapshots.public.json`. */
  readonly variant?: string
}

/** The fields of a resource type's `config` that AWS documents to be always there, and what absence of others means. */
export interface Fields {
  readonly always?: readonly string[]
  /** Dotted path, `[]` for a list's items, to the value that absence stands for. */
  readonly absent?: Readonly<Record<string, null | boolean | number | string>>
}

interface Makes {
  readonly resource: string
  /** The ARN. */
  readonly id: (item: Answered, place: Place) => string | undefined
  readonly name?: (item: Answered) => unknown
  /** Where the resource lies, if not where the call was made. */
  readonly region?: (config: Answered) => unknown
  readonly fields?: Fields
  /** Fields of `config` to parse. */
  readonly parse?: Readonly<Record<string, Parse>>
}

/** A listing: each item becomes a resource. */
export interface ListOperation extends Common, Makes {
  readonly kind: 'list'
  readonly scope: 'account' | 'region'
  readonly input?: (place: Place) => Input
  /** Member of the answer that holds the items; dotted where lists are nested (`Reservations.Instances`). */
  readonly items: string
}

/** A setting that an account or region has once: the answer becomes one resource. */
export interface SingleOperation extends Common, Makes {
  readonly kind: 'single'
  readonly scope: 'account' | 'region'
  readonly input?: (place: Place) => Input
  /** Member of the answer that becomes `config`; the whole answer without it. */
  readonly take?: string
  /** What `config` is when AWS says `none` or that the service is not enabled; no resource without it. */
  readonly otherwise?: Answered
}

interface OfEach {
  /** The resource type that this is asked for. */
  readonly of: string
  readonly when?: (config: Answered, target: Target) => boolean
  /** A field of an earlier operation that `when` or `input` reads: where it is missing, so is this. */
  readonly needs?: string
  readonly input: (target: Target) => Input
  /** The raw folder's key: the call's own id parameter. */
  readonly key: (target: Target) => string
  /** Other values that the call takes for the same resource: people may have named their files by these. */
  readonly otherKeys?: (target: Target) => readonly string[]
}

/** One call for each resource of a type: the answer becomes a field of it. */
export interface FieldOperation extends Common, OfEach {
  readonly kind: 'field'
  readonly into: string
  /** Member of the answer that is kept, dotted where nested; the whole answer where it is `*`; the member called like `into` without it. */
  readonly take?: string
  readonly parse?: Parse
}

/** A listing under each resource of a type: each item becomes a resource of its own. */
export interface ChildrenOperation extends Common, OfEach, Omit<Makes, 'id'> {
  readonly kind: 'children'
  readonly items: string
  readonly id: (item: Answered, parent: Target) => string | undefined
}

/** A listing whose items belong to resources that another listing found: fewer calls than asking for each. */
export interface JoinOperation extends Common {
  readonly kind: 'join'
  readonly scope: 'account' | 'region'
  readonly of: string
  readonly input?: (place: Place) => Input
  readonly items: string
  /** The id of the resource, or any value that `on` gives of it. A bare string comes as `{ Id }`. */
  readonly match: (item: Answered, place: Place) => unknown
  /** What `match` is compared with; the id without it. */
  readonly on?: (target: Target) => unknown
  readonly into: string
  /** `list`: the items; `flag`: whether there is one; `first`: the only one. A string: that member of the only one. */
  readonly as: 'list' | 'flag' | 'first' | { readonly member: string }
}

/** One call for up to `size` resources at once, the answers matched back as a join or made into resources. */
export interface BatchOperation extends Common {
  readonly kind: 'batch'
  readonly of: string
  readonly size: number
  readonly when?: (config: Answered) => boolean
  readonly needs?: string
  readonly input: (targets: readonly Target[]) => Input
  readonly items: string
  readonly match: (item: Answered, place: Place) => unknown
  readonly on?: (target: Target) => unknown
  readonly into: string
  readonly as: JoinOperation['as']
}

export type Operation =
  | ListOperation
  | SingleOperation
  | FieldOperation
  | ChildrenOperation
  | JoinOperation
  | BatchOperation

export interface Service {
  /** The AWS CLI's name: `ec2`, `s3api`, `elbv2`. */
  readonly name: string
  /** The prefix of its IAM permissions. */
  readonly prefix: string
  /** The package of the SDK that has its client, without `@aws-sdk/client-`. */
  readonly sdk: string
  /** Loads the client's package, only when a call is made. */
  readonly load: () => Promise<object>
  /** It promises no order of the lists that it answers: they are sorted, so that one state is one text. */
  readonly unordered?: boolean
  readonly operations: readonly Operation[]
}

type Of<K extends Operation['kind']> = Omit<Extract<Operation, { kind: K }>, 'kind' | 'api' | 'scope'>

/** The words in which a collector lists its operations. */
export interface Words {
  list(api: string, rest: Of<'list'> & { scope?: 'account' | 'region' }): Operation
  single(api: string, rest: Of<'single'> & { scope?: 'account' | 'region' }): Operation
  field(of: string, api: string, rest: Omit<Of<'field'>, 'of'>): Operation
  children(of: string, api: string, rest: Omit<Of<'children'>, 'of'>): Operation
  join(of: string, api: string, rest: Omit<Of<'join'>, 'of'> & { scope?: 'account' | 'region' }): Operation
  batch(of: string, api: string, rest: Omit<Of<'batch'>, 'of'>): Operation
}

const words: Words = {
  list: (api, rest) => ({ scope: 'region', ...rest, kind: 'list', api }),
  single: (api, rest) => ({ scope: 'region', ...rest, kind: 'single', api }),
  field: (of, api, rest) => ({ ...rest, kind: 'field', of, api }),
  children: (of, api, rest) => ({ ...rest, kind: 'children', of, api }),
  join: (of, api, rest) => ({ scope: 'region', ...rest, kind: 'join', of, api }),
  batch: (of, api, rest) => ({ ...rest, kind: 'batch', of, api }),
}

export function service(
  name: string,
  about: { prefix?: string; sdk?: string; unordered?: boolean; load: () => Promise<object> },
  list: (op: Words) => readonly Operation[],
): Service {
  return {
    name,
    prefix: about.prefix ?? name,
    sdk: about.sdk ?? name,
    load: about.load,
    ...(about.unordered ? { unordered: true } : {}),
    operations: list(words),
  }
}

export const permissionOf = (of: Service, operation: Operation): string =>
  operation.permission ?? `${of.prefix}:${operation.api}`

/** Listings that take other members of one answer (IAM's roles and its users) are declared apart and asked once. */
export const isSameCall = (a: Operation, b: Operation): boolean => a.api === b.api && a.variant === b.variant

/** `DescribeVpcs` as the AWS CLI spells it: `describe-vpcs`. */
export function cliName(api: string): string {
  return api
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
}

/** The resource type that an operation adds to: the one it makes, or the one it asks about. */
export const typeOf = (operation: Operation): string =>
  'resource' in operation ? operation.resource : operation.of

export const makesResources = (
  operation: Operation,
): operation is ListOperation | SingleOperation | ChildrenOperation => 'resource' in operation

/** `arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1`, in the place's own partition. */
export function arn(place: Place, serviceName: string, rest: string): string {
  const region = place.region === 'global' ? '' : place.region
  return `arn:${place.partition}:${serviceName}:${region}:${place.account}:${rest}`
}

/** The member that a dotted path leads to, or undefined. */
export function memberAt(of: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, name) => (typeof at === 'object' && at !== null ? (at as Answered)[name] : undefined),
      of,
    )
}

/** A member as a string, or undefined. */
export function str(of: Answered, member: string): string | undefined {
  const value = of[member]
  return typeof value === 'string' ? value : undefined
}

/** The resource's own id parameter as AWS calls it. */
export const field = (member: string) => (target: Target) => str(target.config, member) ?? ''

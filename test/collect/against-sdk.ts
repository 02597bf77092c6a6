/** Holds a collector's declarations against the schemas that the SDK's own client ships. */
import {
  type Answered,
  isSameCall,
  makesResources,
  type Operation,
  type Place,
  type Service,
  type Target,
} from '../../src/collect/dsl.ts'
import {
  ANY,
  errorsOf,
  isAny,
  itemsOf,
  member,
  memberAlong,
  type Node,
  operationSchema,
  pathProblem,
  sample,
  valueProblems,
} from './sdk-schema.ts'

const REGION: Place = { account: '123456789012', region: 'eu-west-1', partition: 'aws' }
/** How AWS's services call the token of the next page. */
const TOKENS = [
  'NextToken',
  'nextToken',
  'NextMarker',
  'Marker',
  'NextContinuationToken',
  'ContinuationToken',
]

type Asking = Extract<Operation, { of: string }>
interface Seen {
  readonly operation: Operation
  readonly input: Node
  readonly output: Node
}

/**
 * @param others services whose resources this one's operations add fields to, or that add fields to this one's
 * @returns one sentence for each declaration that AWS's API does not bear out; none when all is well
 */
export async function checkService(service: Service, others: readonly Service[] = []): Promise<string[]> {
  const problems: string[] = []
  const mine: Seen[] = []
  const all: Seen[] = []
  for (const each of [service, ...others]) {
    const sdk = await each.load()
    if (each === service) problems.push(...codeProblems(service, sdk))
    for (const operation of each.operations) {
      const schema = operationSchema(sdk, operation.api)
      const hasCommand = `${operation.api}Command` in sdk
      if (!schema || !hasCommand) {
        if (each === service) problems.push(`${operation.api}: the client has no such operation`)
        continue
      }
      const seen = { operation, ...schema }
      all.push(seen)
      if (each === service) mine.push(seen)
    }
  }
  const types = typesOf(all)
  for (const seen of mine) {
    const found = guarded(() => [
      ...outputProblems(seen, types),
      ...inputProblems(seen, types),
      ...pageProblems(seen),
      ...functionProblems(seen, types),
    ])
    problems.push(...found.map((problem) => `${label(seen.operation)}: ${problem}`))
  }
  return [...problems, ...sameRawName(service.operations)]
}

const placeOf = (operation: Operation): Place =>
  'scope' in operation && operation.scope === 'account' ? { ...REGION, region: 'global' } : REGION

const label = (operation: Operation): string =>
  operation.variant === undefined ? operation.api : `${operation.api} (${operation.variant})`

function guarded(check: () => string[]): string[] {
  try {
    return check()
  } catch (error) {
    return [`threw ${String(error)}`]
  }
}

/** Each resource type's `config`: the item of its listing and the fields that further calls add. */
function typesOf(all: readonly Seen[]): ReadonlyMap<string, Node> {
  const types = new Map<string, Map<string, () => Node>>()
  const membersOf = (type: string): Map<string, () => Node> => {
    const known = types.get(type) ?? new Map<string, () => Node>()
    types.set(type, known)
    return known
  }
  for (const seen of all) {
    const { operation } = seen
    if (makesResources(operation)) {
      const config = configOf(seen)
      if (config?.is !== 'struct') continue
      const members = membersOf(operation.resource)
      for (const [name, make] of config.members) members.set(name, operation.parse?.[name] ? () => ANY : make)
    } else {
      const answered = fieldOf(seen)
      if (answered) membersOf(operation.of).set(operation.into, () => answered)
    }
  }
  return new Map([...types].map(([type, members]) => [type, { is: 'struct', name: type, members }]))
}

function configOf({ operation, output }: Seen): Node | undefined {
  if (!makesResources(operation)) return undefined
  if (operation.kind === 'single')
    return operation.take === undefined ? output : memberAlong(output, operation.take)
  return itemNode(itemsOf(output, operation.items))
}

/** Where AWS lists bare strings they become resources as `{ Id }`. */
function itemNode(item: Node | undefined): Node | undefined {
  if (item?.is !== 'simple') return item
  return { is: 'struct', name: 'Id', members: new Map([['Id', () => item]]) }
}

function fieldOf({ operation, output }: Seen): Node | undefined {
  if (makesResources(operation)) return undefined
  if (operation.kind === 'field') {
    const kept = operation.take === '*' ? output : memberAlong(output, operation.take ?? operation.into)
    return kept && operation.parse ? ANY : kept
  }
  const item = itemsOf(output, operation.items)
  if (!item) return undefined
  if (operation.as === 'list') return { is: 'list', of: () => item }
  if (operation.as === 'flag') return { is: 'simple', kind: 'boolean' }
  return operation.as === 'first' ? item : member(item, operation.as.member)
}

function outputProblems(seen: Seen, types: ReadonlyMap<string, Node>): string[] {
  const { operation, output } = seen
  const problems = (operation.never ?? []).map((path) => pathProblem(output, path))
  if (!makesResources(operation)) {
    if (!types.has(operation.of)) problems.push(`nothing lists ${operation.of}`)
    if (!fieldOf(seen)) problems.push(`its answer has nothing that could become ${operation.into}`)
    return problems.filter((problem) => problem !== undefined)
  }
  const config = configOf(seen)
  if (!config) problems.push('its answer has no such items')
  for (const name of Object.keys(operation.parse ?? {}))
    if (config && !member(config, name)) problems.push(`parses ${name}, which is not there`)
  const type = types.get(operation.resource) ?? ANY
  for (const path of [...(operation.fields?.always ?? []), ...Object.keys(operation.fields?.absent ?? {})])
    problems.push(pathProblem(type, path))
  for (const [path, stands] of Object.entries(operation.fields?.absent ?? {}))
    problems.push(absentProblem(type, path, stands))
  return problems.filter((problem) => problem !== undefined)
}

/** Absence must stand for a value that the field itself could have, or for null. */
function absentProblem(type: Node, path: string, stands: unknown): string | undefined {
  let at: Node | undefined = type
  for (const part of path.split('.')) {
    const next: Node | undefined = at && member(at, part.replace(/\[\]$/, ''))
    at = next?.is === 'list' && part.endsWith('[]') ? next.of() : next
  }
  if (!at || stands === null || isAny(at)) return undefined
  return at.is === 'simple' && at.kind === typeof stands
    ? undefined
    : `${path}: ${String(stands)} is of another type`
}

const targetOf = (types: ReadonlyMap<string, Node>, type: string): Target => ({
  ...REGION,
  id: `arn:aws:service:region:123456789012:${type}`,
  config: sample(types.get(type) ?? ANY) as Answered,
})

function inputProblems({ operation, input }: Seen, types: ReadonlyMap<string, Node>): string[] {
  const sent =
    operation.kind === 'field' || operation.kind === 'children'
      ? operation.input(targetOf(types, operation.of))
      : operation.kind === 'batch'
        ? operation.input([targetOf(types, operation.of)])
        : (operation.input?.(placeOf(operation)) ?? {})
  return valueProblems(input, sent, 'the input')
}

function pageProblems({ operation, input, output }: Seen): string[] {
  const { page } = operation
  if (page) {
    return [
      ...(member(input, page.send) ? [] : [`sends no ${page.send}`]),
      ...(member(output, page.read) ? [] : [`answers no ${page.read}`]),
    ]
  }
  const known = ['NextToken', 'nextToken'].some((name) => member(input, name) && member(output, name))
  const token = TOKENS.find((name) => member(output, name))
  return known || token === undefined ? [] : [`answers in pages (${token}) but declares no page`]
}

/** The declaration's own functions, tried on an answer that has every member. */
function functionProblems(seen: Seen, types: ReadonlyMap<string, Node>): string[] {
  const { operation } = seen
  const problems: string[] = []
  if (makesResources(operation)) {
    const item = sample(configOf(seen) ?? ANY) as Answered
    const place = operation.kind === 'children' ? targetOf(types, operation.of) : placeOf(operation)
    const id = operation.id(item, place as Target)
    if (!id?.startsWith('arn:')) problems.push(`the id is no ARN: ${String(id)}`)
    else if (/undefined|null|[:/]$/.test(id)) problems.push(`the id is not whole: ${id}`)
    if (operation.name && typeof operation.name(item) !== 'string') problems.push('there is no such name')
    if (operation.region && typeof operation.region(item) !== 'string')
      problems.push('there is no such region')
  }
  if (operation.kind === 'join' || operation.kind === 'batch') {
    const item = itemsOf(seen.output, operation.items)
    const key = operation.match(sample(itemNode(item) ?? ANY) as Answered, placeOf(operation))
    if (key === undefined) problems.push('match finds nothing in an item')
  }
  return [...problems, ...askingProblems(operation, types)]
}

function askingProblems(operation: Operation, types: ReadonlyMap<string, Node>): string[] {
  if (!('of' in operation)) return []
  const target = targetOf(types, operation.of)
  const problems: string[] = []
  if ('when' in operation) operation.when?.(target.config, target)
  if ('key' in operation && !operation.key(target)) problems.push('the key is empty')
  if ('on' in operation && operation.on && operation.on(target) === undefined)
    problems.push('on finds nothing in the resource')
  const needs = neededBy(operation)
  if (needs !== undefined && !member(types.get(operation.of) ?? ANY, needs))
    problems.push(`needs ${needs}, which nothing answers`)
  return problems
}

const neededBy = (operation: Asking): string | undefined =>
  'needs' in operation ? operation.needs : undefined

/** Two uses of one API would be one file in a folder of raw answers; listings that take parts of one answer are one call. */
function sameRawName(operations: readonly Operation[]): string[] {
  return operations.flatMap((operation, at) => {
    const first = operations.slice(0, at).find((before) => isSameCall(before, operation))
    if (!first || sharesAnswer(first, operation)) return []
    return [`${label(operation)}: declared twice without a variant`]
  })
}

/** Two listings of other members of one answer: what they ask and what is never kept of it has to be the same. */
function sharesAnswer(a: Operation, b: Operation): boolean {
  if (a.kind !== 'list' || b.kind !== 'list' || a.items === b.items) return false
  const asked = (of: typeof a) => JSON.stringify([of.scope, of.input?.(placeOf(of)), of.never, of.page])
  return asked(a) === asked(b)
}

/** EC2 and S3 document their error codes on pages of their own; the SDK has no shapes of them. */
const UNMODELLED = new Set(['ec2', 's3api', 's3control'])

/** An error is thrown under the name of its shape, and printed by the AWS CLI under its code: both must be known. */
function codeProblems(service: Service, sdk: object): string[] {
  if (UNMODELLED.has(service.name)) return []
  const errors = errorsOf(sdk)
  return service.operations.flatMap((operation) =>
    [operation.none ?? [], operation.gone ?? []].flatMap((codes) =>
      codes.flatMap((code) => {
        const error = errors.find(({ name, code: printed }) => name === code || printed === code)
        if (!error) return [`${label(operation)}: the API has no error ${code}`]
        return [error.name, error.code]
          .filter((name) => !codes.includes(name))
          .map((name) => `${label(operation)}: ${code} is also called ${name}`)
      }),
    ),
  )
}

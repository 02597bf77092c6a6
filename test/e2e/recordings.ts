/** A folder of raw answers, in the layout of `import`, as an AWS that answers over HTTP page by page. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { cliName, type Operation, type Place, type Service } from '../../src/collect/dsl.ts'
import type { Call } from './operation-of.ts'
import { errorBody, type Recorded } from './proxy.ts'
import { wireAnswer } from './wire.ts'

type Answer = Readonly<Record<string, unknown>>

interface Failure {
  readonly Code: string
  readonly Message: string
}

/** The signing names that are not the prefix of the service's permissions. */
const SIGNED_AS: Readonly<Record<string, string>> = { tagging: 'tag' }

export interface RecordingOptions {
  /** Answers a paged listing of more than one item in two pages. */
  readonly halves?: boolean
}

const TOKEN = /^recorded-page-(\d+)$/

export class Recordings {
  private readonly files = new Map<string, string>()
  private readonly services: readonly Service[]
  private readonly schemas: ReadonlyMap<string, unknown>
  private readonly account: string
  private readonly options: RecordingOptions

  private constructor(
    folder: string,
    services: readonly Service[],
    schemas: ReadonlyMap<string, unknown>,
    options: RecordingOptions,
  ) {
    this.services = services
    this.schemas = schemas
    this.options = options
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath ?? entry.path, entry.name)
      if (entry.isFile() && entry.name.endsWith('.json'))
        this.files.set(relative(folder, path).split(sep).join('/'), path)
    }
    this.account =
      [...this.files.keys()].map((path) => path.split('/')[0] ?? '').find((part) => /^\d{12}$/.test(part)) ??
      ''
  }

  static async open(
    folder: string,
    services: readonly Service[],
    options: RecordingOptions = {},
  ): Promise<Recordings> {
    const schemas = new Map<string, unknown>()
    for (const service of services) {
      const sdk = (await service.load()) as Record<string, unknown>
      for (const { api } of service.operations)
        schemas.set(`${service.name}:${api}`, outputOf(sdk[`${api}$`]))
    }
    return new Recordings(folder, services, schemas, options)
  }

  /** @returns the recorded answer of a call, or undefined where none was recorded */
  answer(call: Call): Recorded | undefined {
    const service = this.serviceOf(call)
    if (!service) return undefined
    const said = saidIn(call)
    for (const region of [call.region, 'global']) {
      const found = this.find(service, call, region, said)
      if (found) return found
    }
    return undefined
  }

  private serviceOf(call: Call): Service | undefined {
    const prefix = SIGNED_AS[call.service] ?? call.service
    return this.services.find(
      (each) =>
        each.prefix === prefix &&
        (each.name === 's3control') === (call.protocol === 's3control') &&
        each.operations.some((op) => op.api === call.operation),
    )
  }

  private find(
    service: Service,
    call: Call,
    region: string,
    said: ReadonlySet<string>,
  ): Recorded | undefined {
    const stem = `${this.account}/${region}/${service.name}/${cliName(call.operation)}`
    const uses = meant(
      service.operations.filter((op) => op.api === call.operation),
      said,
      {
        account: this.account,
        region,
        partition: 'aws',
      },
    )
    const keyed = this.keyedStem(stem, said)
    const at = keyed === undefined ? uses.map((op) => variantOf(stem, op)) : [keyed]
    for (const each of at) {
      const failed = this.files.get(`${each}.error.json`)
      if (failed !== undefined && this.pages(each).length === 0) return failureOf(call, read(failed))
    }
    const pages = at.flatMap((each) => this.pages(each)).map(read)
    if (pages.length === 0) return undefined
    const schema = this.schemas.get(`${service.name}:${call.operation}`)
    if (uses.some((op) => op.kind === 'batch')) return wireAnswer(call, schema, joined(pages))
    const token = tokenOf(uses[0], schema)
    const split = this.options.halves && token ? pages.flatMap(halves) : pages
    return wireAnswer(call, schema, page(split, said, token))
  }

  /** The file of the one resource that a call names. */
  private keyedStem(stem: string, said: ReadonlySet<string>): string | undefined {
    for (const path of this.files.keys()) {
      if (!path.startsWith(`${stem}/`)) continue
      const file = path.slice(stem.length + 1).replace(/(\.\d+)?(\.error)?\.json$/, '')
      const key = decodeURIComponent(file)
      if (said.has(key) || key.split('/').every((part) => said.has(part))) return `${stem}/${file}`
    }
    return undefined
  }

  private pages(stem: string): string[] {
    const pages: string[] = []
    const only = this.files.get(`${stem}.json`)
    if (only !== undefined) pages.push(only)
    for (let at = 1; this.files.has(`${stem}.${at}.json`); at++)
      pages.push(this.files.get(`${stem}.${at}.json`) ?? '')
    return pages
  }
}

const read = (path: string): Answer => JSON.parse(readFileSync(path, 'utf8')) as Answer

function outputOf(operation: unknown): unknown {
  const output: unknown = Array.isArray(operation) ? operation[5] : undefined
  return typeof output === 'function' ? output() : output // the SDK's schemas are made when they are needed
}

const variantOf = (stem: string, op: Operation): string =>
  op.variant === undefined ? stem : `${stem}.${op.variant}`

/** Which of several uses of one API a request is: the one of whose fixed input most stands in it; else any of the batches. */
function meant(
  operations: readonly Operation[],
  said: ReadonlySet<string>,
  place: Place,
): readonly Operation[] {
  if (operations.length === 1) return operations
  const batches = operations.filter((op) => op.kind === 'batch')
  const fixed = operations
    .map((op) => ({ op, given: 'scope' in op ? leaves(op.input?.(place)) : [] }))
    .filter(({ op, given }) => op.kind !== 'batch' && given.every((leaf) => said.has(leaf)))
    .sort((a, b) => b.given.length - a.given.length)[0]
  if (fixed && (fixed.given.length > 0 || batches.length === 0)) return [fixed.op]
  return batches
}

function leaves(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves)
  return value === undefined || value === null ? [] : [String(value)]
}

/** Every value that a request carries, wherever its protocol puts it. */
function saidIn(call: Call): ReadonlySet<string> {
  const { pathname, searchParams } = new URL(call.path, 'http://localhost')
  const parts = pathname.split('/').map(decodeURIComponent)
  return new Set([...parts, pathname.slice(1), ...searchParams.values(), ...inBody(call.body)])
}

function inBody(body: string): string[] {
  if (body.startsWith('{')) return leaves(JSON.parse(body))
  return /^\w+=/.test(body) ? [...new URLSearchParams(body).values()] : []
}

function page(pages: readonly Answer[], said: ReadonlySet<string>, token: string | undefined): Answer {
  const asked = [...said].map((value) => TOKEN.exec(value)?.[1]).find((at) => at !== undefined)
  const at = asked === undefined ? 0 : Number(asked)
  const answer = pages[at] ?? {}
  if (token === undefined) return answer
  const { [token]: _, ...rest } = answer
  return at + 1 < pages.length ? { ...rest, [token]: `recorded-page-${at + 1}` } : rest
}

/** The member of an answer by which AWS says that there is another page. */
function tokenOf(op: Operation | undefined, schema: unknown): string | undefined {
  const members = Array.isArray(schema) ? (schema[4] as readonly string[]) : []
  const wanted = op?.page ? [op.page.read] : ['NextToken', 'nextToken']
  return wanted.find((name) => members.includes(name))
}

/** The lists of an answer in two parts; what is no list stands in both. */
function halves(answer: Answer): Answer[] {
  const lists = Object.entries(answer).filter(([, value]) => Array.isArray(value) && value.length > 1)
  if (lists.length === 0) return [answer]
  const part = (take: (list: unknown[]) => unknown[]): Answer => ({
    ...answer,
    ...Object.fromEntries(lists.map(([key, list]) => [key, take(list as unknown[])])),
  })
  return [part((list) => list.slice(0, list.length >> 1)), part((list) => list.slice(list.length >> 1))]
}

/** The answers to several batches as one: who asks takes what belongs to it. */
function joined(pages: readonly Answer[]): Answer {
  const out: Record<string, unknown> = {}
  for (const answer of pages)
    for (const [key, value] of Object.entries(answer)) {
      const before = out[key]
      out[key] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value
    }
  return out
}

function failureOf(call: Call, said: Answer): Recorded {
  const { Code, Message } = said as unknown as Failure
  const status = /NoSuch|NotFound/.test(Code) ? 404 : /Denied|Unauthorized/.test(Code) ? 403 : 400
  return errorBody(call, { kind: 'error', status, code: Code, message: Message })
}

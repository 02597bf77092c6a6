/**
 * From declarations and answers to resources and the ledger. Pure orchestration: where an answer comes from
 * (the live API, a recording, a folder that the AWS CLI filled) is the caller's matter.
 */
import { type Answers, type Ask, type Reply, rawPath } from '../collect/answers.ts'
import {
  type BatchOperation,
  type ChildrenOperation,
  type FieldOperation,
  isSameCall,
  type JoinOperation,
  type ListOperation,
  makesResources,
  memberAt,
  type Operation,
  type Place,
  permissionOf,
  type Service,
  type SingleOperation,
  type Target,
  typeOf,
} from '../collect/dsl.ts'
import { type Clean, createClean } from './clean.ts'
import { Ledger } from './ledger.ts'
import type { CallRecord, Json, JsonObject, Missing, Resource } from './model.ts'
import { parsed, tagsOf } from './normalize.ts'
import type { Shapes } from './shapes.ts'

/** A resource while its answers come in. */
interface Draft {
  readonly id: string
  readonly type: string
  readonly place: Place
  region: string
  config: Record<string, Json>
  readonly missing: Record<string, Missing>
  readonly fields: Map<string, Promise<void>>
  name: string | undefined
  gone: boolean
}

type Maker = ListOperation | SingleOperation | ChildrenOperation
type Joiner = JoinOperation | BatchOperation

export interface AssembleOptions {
  readonly services: readonly Service[]
  readonly places: readonly Place[]
  readonly answers: Answers
  readonly shapes: Shapes
  /** Only these operations (`kms:GetKeyPolicy`); all without it. */
  readonly only?: ReadonlySet<string>
  /** Keeps resources of these regions (and global ones); all without it. */
  readonly regions?: ReadonlySet<string>
}

export interface Assembled {
  readonly resources: Resource[]
  readonly calls: CallRecord[]
}

type Settled =
  | { readonly as: 'ok' | 'none' | 'gone'; readonly answer: JsonObject }
  | { readonly as: 'missing'; readonly answer: JsonObject; readonly missing: Missing }

/** Asks for everything that the services declare in the given places. */
export async function assemble(options: AssembleOptions): Promise<Assembled> {
  const run = new Run(options)
  await Promise.all(
    options.services.flatMap((service) => options.places.map((place) => run.service(service, place))),
  )
  run.finishForeign()
  return run.result()
}

class Run {
  private readonly drafts = new Map<string, Draft>()
  private readonly ledger = new Ledger()
  private readonly clean: Clean
  private readonly options: AssembleOptions
  private readonly foreign: (() => void)[] = []
  private readonly shared = new Map<string, Promise<Reply>>()

  constructor(options: AssembleOptions) {
    this.options = options
    this.clean = createClean(options.shapes)
  }

  async service(service: Service, place: Place): Promise<void> {
    const wanted = service.operations.filter((op) => this.wants(service, op))
    const scopes = scopesOf(service.operations)
    const scope = place.region === 'global' ? 'account' : 'region'
    const here = wanted.filter((op) => scopes.get(op) === scope)
    const work = new ServiceRun(this, service, place, here)
    await work.run()
  }

  private wants(service: Service, op: Operation): boolean {
    return this.options.only === undefined || this.options.only.has(`${service.prefix}:${op.api}`)
  }

  async ask(ask: Ask, lists: boolean): Promise<Settled> {
    const { reply, calls } = await this.replyTo(ask)
    const settled = this.settle(ask, reply)
    const { operation, service } = ask
    this.ledger.add(ask.place, service, operation, {
      calls,
      outcome: settled.as === 'missing' ? settled.missing.outcome : outcomeOf(reply, settled.as),
      ...(settled.as === 'missing' && settled.missing.detail !== undefined
        ? { detail: settled.missing.detail }
        : {}),
      lists: lists ? [typeOf(operation)] : [],
    })
    return settled
  }

  /** Each call is made once, whatever the number of listings that its answer holds. */
  private async replyTo(ask: Ask): Promise<{ reply: Reply; calls: number }> {
    const { operation, service } = ask
    const isShared =
      ask.key === undefined &&
      service.operations.some((other) => other !== operation && isSameCall(other, operation))
    const path = rawPath(ask)
    const known = isShared ? this.shared.get(path) : undefined
    if (known) return { reply: await known, calls: 0 }
    const asked = this.options.answers(ask)
    if (isShared) this.shared.set(path, asked)
    const reply = await asked
    return { reply, calls: reply.calls }
  }

  private settle(ask: Ask, reply: Reply): Settled {
    const { operation, service } = ask
    const pages = reply.pages.map((page) => this.clean(service, operation, page))
    const answer = merge(pages)
    const { failure } = reply
    if (!failure) return { as: 'ok', answer }
    if (operation.gone?.includes(failure.code)) return { as: 'gone', answer }
    if (operation.none?.includes(failure.code)) return { as: 'none', answer }
    const missing: Missing = {
      operation: `${service.prefix}:${operation.api}`,
      outcome: failure.outcome,
      permission: permissionOf(service, operation),
      detail: `${failure.code}: ${failure.message}`,
    }
    return { as: 'missing', answer, missing }
  }

  /** The operation's parent listing failed, so that it could not even be asked. */
  notAsked(service: Service, operation: Operation, place: Place, because: Missing): void {
    this.ledger.add(place, service, operation, {
      calls: 0,
      outcome: because.outcome,
      lists: [typeOf(operation)],
      because: { operation: because.operation, permission: because.permission },
      ...(because.detail === undefined ? {} : { detail: because.detail }),
    })
  }

  asked(service: Service, operation: Operation, place: Place): void {
    const lists = operation.kind === 'children' ? [typeOf(operation)] : []
    this.ledger.add(place, service, operation, { calls: 0, outcome: 'ok', lists })
  }

  draft(operation: Maker, item: JsonObject, id: string, place: Place): Draft {
    const config: Record<string, Json> = { ...item }
    for (const [name, kind] of Object.entries(operation.parse ?? {})) {
      const value = config[name]
      if (value !== undefined) config[name] = parsed(kind, value)
    }
    const known = this.drafts.get(`${operation.resource}|${id}`)
    if (known) {
      Object.assign(known.config, config)
      return known
    }
    const name = operation.name?.(config)
    const draft: Draft = {
      id,
      type: operation.resource,
      place,
      region: place.region,
      config,
      missing: {},
      fields: new Map(),
      name: typeof name === 'string' && name !== '' ? name : undefined,
      gone: false,
    }
    this.locate(draft, operation)
    this.drafts.set(`${draft.type}|${id}`, draft)
    return draft
  }

  locate(draft: Draft, operation: Maker): void {
    const region = operation.region?.(draft.config)
    if (typeof region === 'string' && region !== '') draft.region = region
  }

  ofType(type: string, place: Place): Draft[] {
    return [...this.drafts.values()].filter(
      (draft) =>
        draft.type === type && draft.place.account === place.account && draft.place.region === place.region,
    )
  }

  /** Joins to types of other services wait until all of these have listed theirs. */
  later(attach: () => void): void {
    this.foreign.push(attach)
  }

  finishForeign(): void {
    for (const attach of this.foreign) attach()
  }

  keeps(region: string): boolean {
    return region === 'global' || this.options.regions === undefined || this.options.regions.has(region)
  }

  result(): Assembled {
    const resources: Resource[] = []
    for (const draft of this.drafts.values()) {
      if (!draft.gone && this.keeps(draft.region)) resources.push(resourceOf(draft))
    }
    return { resources: resources.sort(inOrder), calls: this.ledger.records() }
  }
}

/** The operations of one service in one place, each starting as soon as what it hangs on is there. */
class ServiceRun {
  private readonly run_: Run
  private readonly svc: Service
  private readonly place: Place
  private readonly operations: readonly Operation[]
  private readonly listed = new Map<string, Promise<void>>()
  private readonly failed = new Map<string, Missing>()
  private readonly found = new Map<string, Draft[]>()
  private readonly joined = new Map<string, Promise<void>>()
  private readonly makers = new Map<string, Maker>()

  constructor(run: Run, service: Service, place: Place, operations: readonly Operation[]) {
    this.run_ = run
    this.svc = service
    this.place = place
    this.operations = operations
  }

  async run(): Promise<void> {
    const all: Promise<void>[] = []
    for (const op of this.operations) {
      if (!makesResources(op)) continue
      this.makers.set(op.resource, op)
      const before = this.listed.get(op.resource)
      const making = this.make(op)
      this.listed.set(op.resource, before ? Promise.all([before, making]).then(() => {}) : making)
      all.push(making)
    }
    for (const op of this.operations) {
      if (op.kind !== 'join' && op.kind !== 'batch') continue
      const joining = op.kind === 'join' ? this.join(op) : this.batch(op)
      this.joined.set(`${op.of}|${op.into}`, joining)
      all.push(joining)
    }
    const types = new Set(this.operations.flatMap((op) => (op.kind === 'field' ? [op.of] : [])))
    for (const type of types) all.push(this.fields(type))
    await Promise.all(all)
  }

  private async make(op: Maker): Promise<void> {
    if (op.kind === 'children') return this.children(op)
    const settled = await this.run_.ask(
      { place: this.place, service: this.svc, operation: op, input: op.input?.(this.place) ?? {} },
      true,
    )
    if (settled.as === 'missing' && isAbsence(settled.missing.outcome) === false)
      this.failed.set(op.resource, settled.missing)
    if (op.kind === 'single') this.single(op, settled)
    else this.items(op, settled.answer, (item) => op.id(item, this.place))
  }

  private single(op: SingleOperation, settled: Settled): void {
    const off = settled.as === 'none' || (settled.as === 'missing' && isAbsence(settled.missing.outcome))
    const taken = op.take === undefined ? settled.answer : memberAt(settled.answer, op.take)
    const config =
      settled.as === 'ok' && isObject(taken)
        ? taken
        : off && op.otherwise
          ? (op.otherwise as JsonObject)
          : undefined
    if (!config) return
    const id = op.id(config, this.place)
    if (id !== undefined) this.keep(op, this.run_.draft(op, config, id, this.place))
  }

  private items(
    op: Maker & { items: string },
    answer: JsonObject,
    id: (item: JsonObject) => string | undefined,
  ): void {
    for (const item of itemsAt(answer, op.items)) {
      const config = isObject(item) ? item : { Id: item }
      const known = id(config)
      if (known !== undefined && known !== '') this.keep(op, this.run_.draft(op, config, known, this.place))
    }
  }

  private keep(op: Maker, draft: Draft): void {
    const list = this.found.get(op.resource)
    if (list) list.push(draft)
    else this.found.set(op.resource, [draft])
  }

  private async children(op: ChildrenOperation): Promise<void> {
    await this.listed.get(op.of)
    const failed = this.failed.get(op.of)
    if (failed) this.run_.notAsked(this.svc, op, this.place, failed)
    else this.run_.asked(this.svc, op, this.place)
    await Promise.all(
      (this.found.get(op.of) ?? []).map(async (parent) => {
        const target = targetOf(parent)
        if (op.when && !op.when(parent.config, target)) return
        const settled = await this.run_.ask(this.about(op, parent), true)
        if (settled.as === 'gone') return
        this.items(op, settled.answer, (item) => op.id(item, target))
      }),
    )
  }

  private about(op: ChildrenOperation | FieldOperation, draft: Draft): Ask {
    const target = targetOf(draft)
    return {
      place: { account: target.account, region: target.region, partition: target.partition },
      service: this.svc,
      operation: op,
      input: op.input(target),
      key: op.key(target),
      ...(op.otherKeys ? { otherKeys: op.otherKeys(target) } : {}),
    }
  }

  private async fields(type: string): Promise<void> {
    await this.listed.get(type)
    const operations = this.operations.filter(
      (op): op is FieldOperation => op.kind === 'field' && op.of === type,
    )
    await Promise.all((this.found.get(type) ?? []).map((draft) => this.fieldsOf(draft, operations)))
  }

  private async fieldsOf(draft: Draft, operations: readonly FieldOperation[]): Promise<void> {
    const running: Promise<void>[] = []
    for (const op of operations) {
      const before = op.when || op.needs !== undefined ? Promise.all(running) : Promise.resolve()
      const joined = op.needs === undefined ? undefined : this.joined.get(`${op.of}|${op.needs}`)
      running.push(Promise.all([before, joined]).then(() => this.field(draft, op)))
    }
    await Promise.all(running)
  }

  private async field(draft: Draft, op: FieldOperation): Promise<void> {
    const maker = this.makers.get(draft.type)
    if (maker) this.run_.locate(draft, maker)
    if (draft.gone || !this.run_.keeps(draft.region)) return
    const blind = op.needs === undefined ? undefined : draft.missing[op.needs]
    if (blind) {
      draft.missing[op.into] = blind
      return
    }
    const about = this.about(op, draft)
    // That there is nothing to ask about is known: it is no call that was forgotten.
    if (op.when && !op.when(draft.config, targetOf(draft))) return this.run_.asked(this.svc, op, about.place)
    const settled = await this.run_.ask(about, false)
    if (settled.as === 'gone') draft.gone = true
    else if (settled.as === 'missing') draft.missing[op.into] = settled.missing
    else if (settled.as === 'ok') {
      const value =
        op.take === '*' ? settled.answer : (memberAt(settled.answer, op.take ?? op.into) as Json | undefined)
      if (value !== undefined) draft.config[op.into] = op.parse ? parsed(op.parse, value) : value
    }
    if (maker) this.run_.locate(draft, maker)
  }

  private async join(op: JoinOperation): Promise<void> {
    const settled = await this.run_.ask(
      { place: this.place, service: this.svc, operation: op, input: op.input?.(this.place) ?? {} },
      false,
    )
    const attach = (): void => this.attach(op, this.draftsOf(op.of), settled)
    if (!this.makers.has(op.of)) return this.run_.later(attach)
    await this.listed.get(op.of)
    attach()
  }

  private draftsOf(type: string): readonly Draft[] {
    return this.makers.has(type) ? (this.found.get(type) ?? []) : this.run_.ofType(type, this.place)
  }

  private async batch(op: BatchOperation): Promise<void> {
    await this.listed.get(op.of)
    const blind = op.needs
    const drafts = this.draftsOf(op.of).filter((draft) => {
      const missing = blind === undefined ? undefined : draft.missing[blind]
      if (missing) draft.missing[op.into] = missing
      const about = op.when?.(draft.config) ?? true
      if (!about) this.run_.asked(this.svc, op, this.place)
      return !missing && about
    })
    const groups: Draft[][] = []
    for (let at = 0; at < drafts.length; at += op.size) groups.push(drafts.slice(at, at + op.size))
    await Promise.all(
      groups.map(async (group) => {
        const input = op.input(group.map(targetOf))
        const settled = await this.run_.ask(
          { place: this.place, service: this.svc, operation: op, input },
          false,
        )
        this.attach(op, group, settled)
      }),
    )
  }

  private attach(op: Joiner, drafts: readonly Draft[], settled: Settled): void {
    if (settled.as === 'missing') {
      for (const draft of drafts) draft.missing[op.into] = settled.missing
      return
    }
    const by = new Map<unknown, Json[]>()
    for (const item of itemsAt(settled.answer, op.items)) {
      const key = op.match(isObject(item) ? item : { Id: item }, this.place)
      const list = by.get(key)
      if (list) list.push(item)
      else by.set(key, [item])
    }
    for (const draft of drafts) {
      const items = by.get(op.on ? op.on(targetOf(draft)) : draft.id) ?? []
      const value = joinedValue(op.as, items)
      if (value !== undefined) draft.config[op.into] = value
    }
  }
}

function joinedValue(as: Joiner['as'], items: readonly Json[]): Json | undefined {
  if (as === 'list') return items
  if (as === 'flag') return items.length > 0
  const [first] = items
  if (as === 'first') return first
  return isObject(first) ? first[as.member] : undefined
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Outcomes that say "there is nothing here", so that an empty list is a whole list. */
const isAbsence = (outcome: string): boolean =>
  outcome === 'not-enabled' || outcome === 'unsupported' || outcome === 'region-disabled'

function outcomeOf(reply: Reply, as: string): CallRecord['outcome'] {
  return as === 'ok' && reply.failure ? reply.failure.outcome : 'ok'
}

/** Pages of one listing as one answer: lists one after the other, the rest as the first page has it. */
function merge(pages: readonly JsonObject[]): JsonObject {
  const [first, ...rest] = pages
  if (!first || rest.length === 0) return first ?? {}
  const out: Record<string, Json> = { ...first }
  for (const page of rest) {
    for (const [key, value] of Object.entries(page)) {
      const before = out[key]
      if (Array.isArray(before) && Array.isArray(value)) out[key] = before.concat(value)
      else if (before === undefined) out[key] = value
    }
  }
  return out
}

function itemsAt(answer: JsonObject, path: string): Json[] {
  let level: Json[] = [answer]
  for (const part of path.split('.')) {
    level = level.flatMap((value) => {
      const member = isObject(value) ? value[part] : undefined
      return member === undefined || member === null
        ? []
        : Array.isArray(member)
          ? (member as Json[])
          : [member]
    })
  }
  return level
}

const targetOf = (draft: Draft): Target => ({
  account: draft.place.account,
  region: draft.region,
  partition: draft.place.partition,
  id: draft.id,
  config: draft.config,
})

/** An operation about resources is asked where these were listed. */
function scopesOf(operations: readonly Operation[]): Map<Operation, 'account' | 'region'> {
  const ofType = new Map<string, 'account' | 'region'>()
  const scopes = new Map<Operation, 'account' | 'region'>()
  for (const op of operations) {
    const scope = 'scope' in op ? op.scope : (ofType.get(op.of) ?? 'region')
    scopes.set(op, scope)
    if (makesResources(op)) ofType.set(op.resource, scope)
  }
  return scopes
}

function resourceOf(draft: Draft): Resource {
  const tags = tagsOf(draft.config)
  const name = draft.name ?? tags['Name']
  const missing = Object.keys(draft.missing).sort()
  return {
    id: draft.id,
    type: draft.type,
    account: draft.place.account,
    region: draft.region,
    ...(name === undefined || name === '' ? {} : { name }),
    tags,
    config: Object.fromEntries(Object.entries(draft.config).sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(missing.length === 0
      ? {}
      : { missing: Object.fromEntries(missing.map((key) => [key, draft.missing[key] as Missing])) }),
  }
}

const cmp = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The order of a snapshot's lines. */
export function inOrder(a: Resource, b: Resource): number {
  return cmp(a.account, b.account) || cmp(a.region, b.region) || cmp(a.type, b.type) || cmp(a.id, b.id)
}

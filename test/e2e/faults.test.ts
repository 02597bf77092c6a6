/**
 * Every operation × every way to fail, over HTTP by the SDK's own clients: a verdict stays or becomes unknown,
 * and the ledger says which call and which permission. What a fault does not concern is answered from memory.
 */
import pLimit from 'p-limit'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import type { Answers, Ask } from '../../src/collect/answers.ts'
import { type Operation, permissionOf, type Service } from '../../src/collect/dsl.ts'
import { services } from '../../src/collect/index.ts'
import type { CallRecord, Snapshot } from '../../src/snapshot/model.ts'
import { answersIn } from './estate.ts'
import { denied, FAULTS, isLaterPage, OUTCOME } from './faults.ts'
import {
  answersFrom,
  askId,
  type Memory,
  remembering,
  snapshotOf,
  type Verdicts,
  verdictsOf,
  wronged,
} from './in-process.ts'
import type { Call } from './operation-of.ts'
import { type Fault, type ProxyServer, startProxy } from './proxy.ts'

/** Longer than an answer of a recording takes on a busy machine, short enough to wait for often. */
const TIMEOUT_MS = 400
const AT_ONCE = 6

interface Declared {
  readonly service: Service
  readonly api: string
  readonly uses: readonly Operation[]
}

const declared: readonly Declared[] = services.flatMap((service) =>
  [...new Set(service.operations.map((op) => op.api))].map((api) => ({
    service,
    api,
    uses: service.operations.filter((op) => op.api === api),
  })),
)

let proxies: ProxyServer[]
let memory: Memory
let full: Verdicts
let fullSnapshot: Snapshot
let regions: Map<string, string>

beforeAll(async () => {
  const recorded = await answersIn(inject('answers'), { halves: true })
  proxies = await Promise.all(Array.from({ length: AT_ONCE }, () => startProxy({ recorded })))
  const live = answersFrom({ endpoint: proxies[0]?.url ?? '' })
  memory = remembering(live)
  fullSnapshot = await snapshotOf(memory.answers)
  live.close()
  full = await verdictsOf(fullSnapshot)
  regions = new Map(fullSnapshot.resources.map((resource) => [resource.id, resource.region]))
  return async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()))
  }
})

/** Collects again; what `hit` names is asked over HTTP and fails, the rest is remembered. */
async function collectWith(
  hit: (ask: Ask) => boolean,
  fault: (call: Call) => Fault | undefined,
  proxy: ProxyServer,
): Promise<Snapshot> {
  proxy.set({ fault })
  const live = answersFrom({ endpoint: proxy.url, timeoutMs: TIMEOUT_MS })
  const answers: Answers = async (ask) => {
    const known = hit(ask) ? undefined : memory.replies.get(askId(ask))
    return known ?? live(ask)
  }
  try {
    return await snapshotOf(answers)
  } finally {
    live.close()
  }
}

const isOf =
  ({ service, api }: Declared) =>
  (ask: Ask): boolean =>
    ask.service.name === service.name && ask.operation.api === api

/** Verdicts hang on what is missing, not on the words in which AWS refused it: the same snapshot is judged once. */
const judged = new Map<string, Promise<Verdicts>>()
function verdictsOnce(snapshot: Snapshot): Promise<Verdicts> {
  const plain = JSON.stringify([snapshot.resources, snapshot.manifest.calls], (key, value: unknown) =>
    key === 'detail' || (key === 'outcome' && value !== 'ok' && value !== 'not-enabled') ? 'gap' : value,
  )
  const known = judged.get(plain) ?? verdictsOf(snapshot)
  judged.set(plain, known)
  return known
}

function ledgerOf(snapshot: Snapshot, { service, api }: Declared): readonly CallRecord[] {
  return snapshot.manifest.calls.filter(
    (call) => call.service === service.name && call.operation === api && call.calls > 0,
  )
}

/** What is wrong after one operation failed in one way. */
async function problemsOf(one: Declared, name: string, proxy: ProxyServer): Promise<string[]> {
  const { service, uses } = one
  const later = name === 'second page'
  const fault = later ? denied : (FAULTS[name] ?? denied)
  const own = (call: Call): boolean => call.operation === one.api && (!later || isLaterPage(call))
  const snapshot = await collectWith(isOf(one), (call) => (own(call) ? fault(call) : undefined), proxy)
  const verdicts = await verdictsOnce(snapshot)
  const wrong = wronged(full, verdicts, (id) => regions.get(id))
  const at = `${service.prefix}:${one.api}, ${name}`
  const lines = ledgerOf(snapshot, one).filter((call) => call.outcome === OUTCOME[name])
  if (lines.length === 0) wrong.push('the ledger does not tell')
  const permissions = new Set(uses.map((op) => permissionOf(service, op)))
  if (!lines.every((line) => permissions.has(line.permission)))
    wrong.push('the ledger names another permission')
  if (verdicts.exitCode !== 4) wrong.push(`exit code ${verdicts.exitCode}`)
  return wrong.map((problem) => `${at}: ${problem}`)
}

async function matrix(name: string, operations: readonly Declared[]): Promise<string[]> {
  const limit = pLimit(AT_ONCE)
  const free = [...proxies]
  const found = await Promise.all(
    operations.map((one) =>
      limit(async () => {
        const proxy = free.pop()
        if (!proxy) throw new Error('no proxy is free')
        const problems = await problemsOf(one, name, proxy)
        free.push(proxy)
        return problems
      }),
    ),
  )
  return found.flat()
}

const asked = (): readonly Declared[] => declared.filter((one) => [...ledgerOf(fullSnapshot, one)].length > 0)
const paged = (): readonly Declared[] =>
  asked().filter((one) => ledgerOf(fullSnapshot, one).length < sum(ledgerOf(fullSnapshot, one)))
const sum = (lines: readonly CallRecord[]): number => lines.reduce((total, line) => total + line.calls, 0)

describe('the recorded estate', () => {
  it('is seen whole', () => {
    expect(
      fullSnapshot.manifest.calls.filter((call) => !['ok', 'not-enabled'].includes(call.outcome)),
    ).toEqual([])
    expect(full.exitCode).toBe(0)
  })

  it('asks every operation that is declared', () => {
    expect(
      declared.filter((one) => !asked().includes(one)).map((one) => `${one.service.name} ${one.api}`),
    ).toEqual([])
  })
})

describe('when an operation fails', () => {
  it.each(Object.keys(FAULTS))(
    'by %s: no verdict changes but to unknown, and the ledger tells',
    async (name) => {
      expect(await matrix(name, asked())).toEqual([])
    },
    300_000,
  )

  it('on its second page: no verdict changes but to unknown, and the ledger tells', async () => {
    expect(paged().length).toBeGreaterThan(40)
    expect(await matrix('second page', paged())).toEqual([])
  }, 300_000)
})

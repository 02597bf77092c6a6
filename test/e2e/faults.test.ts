/**
 * Every operation × every way to fail, over HTTP by the SDK's own clients: a verdict stays or becomes unknown,
 * and the ledger says which call and which permission. What a fault does not concern is answered from memory.
 */
import pLimit from 'p-limit'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import type { Answers, Ask } from '../../src/collect/answers.ts'
import { cliName, type Operation, permissionOf, type Service } from '../../src/collect/dsl.ts'
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

/** How long a call waits that will never be answered, and any other: on a busy machine answers take their time. */
const [NEVER_MS, PATIENT_MS] = [150, 30_000]
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
  timeoutMs: number,
): Promise<Snapshot> {
  proxy.set({ fault })
  const live = answersFrom({ endpoint: proxy.url, timeoutMs })
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
  const calls = snapshot.manifest.calls.map((call) =>
    // What is reserved to an organization's management account is no gap where it is denied.
    call.reserved ? { ...call, refused: call.outcome === 'denied' } : call,
  )
  const plain = JSON.stringify([snapshot.resources, calls], (key, value: unknown) =>
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
  const later = name === 'second page'
  const fault = later ? denied : (FAULTS[name] ?? denied)
  const own = (call: Call): boolean => call.operation === one.api && (!later || isLaterPage(call))
  const patience = name === 'timeout' ? NEVER_MS : PATIENT_MS
  const snapshot = await collectWith(
    isOf(one),
    (call) => (own(call) ? fault(call) : undefined),
    proxy,
    patience,
  )
  const verdicts = await verdictsOnce(snapshot)
  const wrong = wronged(full, verdicts, (id) => regions.get(id))
  if (!isAnyText(one, name)) wrong.push(...untold(one, OUTCOME[name] ?? 'denied', snapshot, verdicts))
  return wrong.map((problem) => `${one.service.prefix}:${one.api}, ${name}: ${problem}`)
}

/** A bucket's policy is the answer's whole body, any text: that it is none is for the analyses to say. */
const isAnyText = (one: Declared, name: string): boolean =>
  one.api === 'GetBucketPolicy' && name === 'malformed body'

/** What the ledger, the coverage and the exit code fail to say. */
function untold(
  { service, api, uses }: Declared,
  outcome: string,
  snapshot: Snapshot,
  verdicts: Verdicts,
): string[] {
  const problems: string[] = []
  const lines = ledgerOf(snapshot, { service, api, uses }).filter((call) => call.outcome === outcome)
  if (lines.length === 0) return ['the ledger does not tell']
  const permissions = new Set(uses.map((op) => permissionOf(service, op)))
  if (!lines.every((line) => permissions.has(line.permission)))
    problems.push('the ledger names another permission')
  const covered = verdicts.audit.coverage.filter(
    (line) => line.service === service.name && line.operation === api && line.outcome !== 'ok',
  )
  if (covered.length === 0) problems.push('the coverage does not tell')
  // AWS refuses to all but an organization's management account what is reserved to that: nothing is incomplete then.
  const expected = lines.some((line) => line.reserved && outcome === 'denied')
  const isRead = covered.some((line) => line.affects.length > 0)
  if (isRead && !expected && verdicts.exitCode !== 4) problems.push(`exit code ${verdicts.exitCode}`)
  return problems
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
/** The operations of which some call was answered on several pages. */
const paged = (): readonly Declared[] =>
  asked().filter(({ service, api }) =>
    [...memory.replies].some(
      ([id, reply]) => reply.pages.length > 1 && id.includes(`/${service.name}/${cliName(api)}`),
    ),
  )

describe('the recorded estate', () => {
  it('is seen whole', () => {
    expect(
      fullSnapshot.manifest.calls.filter((call) => !['ok', 'not-enabled'].includes(call.outcome)),
    ).toEqual([])
    expect(full.exitCode).toBe(0)
  })

  it('asks every operation that is declared', () => {
    const unasked = declared.filter((one) => !asked().includes(one))
    // S3 tells each bucket's Region in its listing.
    expect(unasked.map((one) => `${one.service.name} ${one.api}`)).toEqual(['s3api GetBucketLocation'])
  })
})

describe('when an operation fails', () => {
  it.each(Object.keys(FAULTS))(
    'by %s: no verdict changes but to unknown, and the ledger tells',
    async (name) => {
      expect(await matrix(name, asked())).toEqual([])
    },
  )

  it('on its second page: no verdict changes but to unknown, and the ledger tells', async () => {
    expect(paged().length).toBeGreaterThan(40)
    expect(await matrix('second page', paged())).toEqual([])
  })
})

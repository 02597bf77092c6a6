/** Collects and judges inside the test's own process, over HTTP, with the parts that the commands are made of. */
import { setMaxListeners } from 'node:events'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Session } from '../../src/aws/session.ts'
import { auditSnapshot, exitCode, type Judging, prepareJudging } from '../../src/cli/shared/auditing.ts'
import { shapes } from '../../src/cli/shared/shapes.ts'
import { type Answers, type Ask, type Reply, rawPath } from '../../src/collect/answers.ts'
import type { Place, Service } from '../../src/collect/dsl.ts'
import { services } from '../../src/collect/index.ts'
import { liveAnswers } from '../../src/collect/live.ts'
import type { Audit } from '../../src/score/audit.ts'
import { assemble } from '../../src/snapshot/assemble.ts'
import type { Snapshot } from '../../src/snapshot/model.ts'
import { ACCOUNT, NOW, REGIONS } from './estate.ts'

export interface LiveSettings {
  readonly endpoint: string
  readonly timeoutMs?: number
}

/** Answers from a server at `endpoint`: one attempt each, so that a fault shows at once. */
export function answersFrom({ endpoint, timeoutMs = 20_000 }: LiveSettings) {
  const { signal } = new AbortController()
  setMaxListeners(0, signal) // each request in flight listens
  const requestHandler = new NodeHttpHandler({ requestTimeout: timeoutMs, throwOnRequestTimeout: true })
  const session: Session = {
    account: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:user/test`,
    partition: 'aws',
    homeRegion: 'eu-west-1',
    identity: {},
    clientConfig: (region) => ({
      region,
      endpoint,
      requestHandler,
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
      maxAttempts: 1,
      retryMode: 'standard',
    }),
  }
  const env = { AWS_ENDPOINT_URL: endpoint }
  const common = { session, concurrency: 32, perService: 16, env }
  return liveAnswers({ ...common, signal })
}

export const PLACES: readonly Place[] = ['global', ...REGIONS].map((region) => ({
  account: ACCOUNT,
  region,
  partition: 'aws',
}))

export const askId = (ask: Ask): string => `${rawPath(ask)}#${JSON.stringify(ask.input)}`

export interface Memory {
  readonly answers: Answers
  /** Every call that was answered, by what was asked. */
  readonly replies: ReadonlyMap<string, Reply>
}

/** Remembers every reply, so that a later run needs to ask only for what a fault concerns. */
export function remembering(answers: Answers): Memory {
  const replies = new Map<string, Reply>()
  return {
    replies,
    answers: async (ask) => {
      const reply = await answers(ask)
      replies.set(askId(ask), reply)
      return reply
    },
  }
}

export async function snapshotOf(answers: Answers, only?: readonly Service[]): Promise<Snapshot> {
  const { resources, calls } = await assemble({ services: only ?? services, places: PLACES, answers, shapes })
  const manifest = {
    schemaVersion: 1,
    tool: { name: 'aws-secaudit', version: 'test' },
    time: NOW,
    partition: 'aws',
    accounts: [{ id: ACCOUNT }],
    regions: REGIONS,
    calls,
  }
  return { manifest, resources }
}

export interface Verdicts {
  /** By rule and resource. */
  readonly kinds: ReadonlyMap<string, string>
  /** The places (`region`) in which a rule says that it could not see some resources at all. */
  readonly blind: ReadonlySet<string>
  readonly audit: Audit
  readonly exitCode: number
}

const FLAGS = { showPassed: true } as const
let judging: Promise<Judging> | undefined

/** The verdict of every built-in rule on every resource. */
export async function verdictsOf(snapshot: Snapshot): Promise<Verdicts> {
  judging ??= prepareJudging(FLAGS)
  const { audit } = auditSnapshot(snapshot, 'test', await judging, FLAGS)
  const kinds = new Map<string, string>()
  const blind = new Set<string>()
  for (const { ruleId, resource, subKey, verdict } of audit.findings) {
    kinds.set(JSON.stringify([ruleId, resource.id, subKey]), verdict)
    if (resource.id.endsWith('/*')) blind.add(`${ruleId} ${resource.region}`)
  }
  return { kinds, blind, audit, exitCode: exitCode(audit, FLAGS) }
}

/**
 * What a fault may do to verdicts: leave them, make them unknown, or take the resource out of sight, which the rule then says.
 * @returns every verdict that changed in another way
 */
export function wronged(
  full: Verdicts,
  faulted: Verdicts,
  regionOf: (id: string) => string | undefined,
): string[] {
  const wrong: string[] = []
  const parts = (key: string): [string, string] => JSON.parse(key) as [string, string]
  const unknown = new Set(
    [...faulted.kinds].flatMap(([key, kind]) => (kind === 'unknown' ? parts(key).slice(0, 2).join(' ') : [])),
  )
  for (const [key, before] of full.kinds) {
    const after = faulted.kinds.get(key)
    if (after === before || after === 'unknown') continue
    const [rule, id] = parts(key)
    const saysSo =
      [regionOf(id), 'global'].some((region) => faulted.blind.has(`${rule} ${region}`)) ||
      unknown.has(`${rule} ${id}`) // which parts of it are at fault can't be told either
    if (after !== undefined || !saysSo) wrong.push(`${key}: ${before} became ${after ?? 'nothing'}`)
  }
  for (const [key, after] of faulted.kinds) {
    if (!full.kinds.has(key) && after !== 'unknown') wrong.push(`${key}: nothing became ${after}`)
  }
  return wrong
}

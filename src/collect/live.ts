/** Answers from AWS itself: bounded, retried, read-only, page by page. */
import pLimit, { type LimitFunction } from 'p-limit'
import { type Client, command, NotReadOnlyError, readOnlyClient } from '../aws/client.ts'
import { failureOf, isExpired, outcomeOf } from '../aws/outcome.ts'
import type { Session } from '../aws/session.ts'
import type { Answers, Ask, Reply } from './answers.ts'
import type { Answered, Operation, Service } from './dsl.ts'

export interface LiveOptions {
  readonly session: Session
  /** Requests in flight at once in the account, and for one service in one region. */
  readonly concurrency: number
  readonly perService: number
  readonly signal: AbortSignal
  readonly env: Readonly<Record<string, string | undefined>>
  readonly observer?: Observer
}

/** Told of each request, for progress and --verbose; never of what was answered. */
export interface Observer {
  sent?(ask: Ask): void
  answered?(ask: Ask, about: { milliseconds: number; attempts: number; failure?: string }): void
  expired?(message: string): void
}

interface Metadata {
  readonly attempts?: number
}

/** One page of a listing sends no more requests than this, whatever tokens it is given. */
const MOST_PAGES = 10_000

export function liveAnswers(options: LiveOptions): Answers & { close(): void } {
  const overall = pLimit(options.concurrency)
  const services = new Map<string, LimitFunction>()
  const clients = new Map<string, Promise<{ sdk: object; client: Client }>>()
  let expired: Reply | undefined

  const clientFor = (service: Service, region: string) => {
    const key = `${service.sdk}|${region}`
    const known = clients.get(key)
    if (known) return known
    const made = service.load().then((sdk) => {
      const allowed = new Set(service.operations.map((op) => op.api))
      return { sdk, client: readOnlyClient(sdk, options.session.clientConfig(region), allowed, options.env) }
    })
    clients.set(key, made)
    return made
  }

  const limitFor = (key: string): LimitFunction => {
    const known = services.get(key)
    if (known) return known
    const made = pLimit(options.perService)
    services.set(key, made)
    return made
  }

  const send = async (ask: Ask, region: string, input: object): Promise<Answered> => {
    const { sdk, client } = await clientFor(ask.service, region)
    const started = Date.now()
    options.observer?.sent?.(ask)
    try {
      const answer = await client.send(command(sdk, ask.operation.api, input), {
        abortSignal: options.signal,
      })
      options.observer?.answered?.(ask, { milliseconds: Date.now() - started, attempts: attempts(answer) })
      return answer
    } catch (error) {
      const { code } = failureOf(error)
      options.observer?.answered?.(ask, {
        milliseconds: Date.now() - started,
        attempts: attempts(error),
        failure: code,
      })
      throw error
    }
  }

  const page = (ask: Ask, region: string, input: object): Promise<Answered> =>
    limitFor(`${ask.service.name}|${region}`)(() =>
      overall(() => {
        if (options.signal.aborted) throw Object.assign(new Error('interrupted'), { name: 'AbortError' })
        return send(ask, region, input)
      }),
    )

  const answers = async (ask: Ask): Promise<Reply> => {
    if (expired) return expired
    const region = ask.place.region === 'global' ? options.session.homeRegion : ask.place.region
    const pages: Answered[] = []
    let calls = 0
    try {
      let token: unknown
      const names = tokenNames(ask.operation)
      do {
        calls++
        const answer: Answered = await page(
          ask,
          region,
          token === undefined ? ask.input : { ...ask.input, ...token },
        )
        pages.push(answer)
        token = nextToken(answer, names)
      } while (token !== undefined && calls < MOST_PAGES)
      return { pages, calls }
    } catch (error) {
      if (error instanceof NotReadOnlyError) throw error
      const failure = failureOf(error)
      const outcome = options.signal.aborted ? 'interrupted' : outcomeOf(failure)
      const reply: Reply = { pages, calls, failure: { ...failure, outcome } }
      if (isExpired(failure) && !expired) {
        expired = { pages: [], calls: 0, failure: { ...failure, outcome: 'error' } }
        options.observer?.expired?.(failure.message)
      }
      return reply
    }
  }

  return Object.assign(answers, {
    close: (): void => {
      for (const made of clients.values())
        void made.then(({ client }) => client.destroy()).catch(() => undefined)
    },
  })
}

function attempts(of: unknown): number {
  const metadata = (of as { $metadata?: Metadata } | null)?.$metadata
  return metadata?.attempts ?? 1
}

/** AWS names page tokens in three ways; a declaration names any other. */
function tokenNames(operation: Operation): readonly { send: string; read: string }[] {
  if (operation.page) return [operation.page]
  return [
    { send: 'NextToken', read: 'NextToken' },
    { send: 'nextToken', read: 'nextToken' },
  ]
}

function nextToken(answer: Answered, names: readonly { send: string; read: string }[]): Answered | undefined {
  for (const { send, read } of names) {
    const value = answer[read]
    if (typeof value === 'string' && value !== '') return { [send]: value }
  }
  return undefined
}

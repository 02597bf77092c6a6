/**
 * Stands between the tool and the emulator: answers from recordings what the emulator lacks, and fails calls on demand
 * in the words of each protocol. The SDK's clients see plain HTTP.
 */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { services } from '../../src/collect/index.ts'
import { type Call, routesOf } from './operation-of.ts'

export interface ErrorFault {
  readonly kind: 'error'
  readonly status: number
  readonly code: string
  readonly message: string
}

export type Fault = ErrorFault | { readonly kind: 'reset' | 'timeout' | 'malformed' }

export interface Recorded {
  readonly status?: number
  readonly type: string
  readonly body: string
}

export interface ProxyOptions {
  /** `http://127.0.0.1:PORT` of the emulator; without it only recordings answer. */
  readonly upstream?: string
  readonly recorded?: (call: Call) => Recorded | undefined
  readonly fault?: (call: Call, nth: number) => Fault | undefined
  readonly delayMs?: number
}

export interface ProxyServer {
  readonly url: string
  readonly calls: Call[]
  /** The most requests that were in work at once. */
  readonly peak: () => number
  set(options: Partial<ProxyOptions>): void
  close(): Promise<void>
}

export async function startProxy(initial: ProxyOptions): Promise<ProxyServer> {
  let options = initial
  const calls: Call[] = []
  const seen = new Map<string, number>()
  const sockets = new Set<Socket>()
  let inWork = 0
  let peak = 0
  const callOf = await routesOf(services)

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await text(incoming)
    const call = callOf({
      method: incoming.method ?? '',
      url: incoming.url ?? '/',
      headers: incoming.headers,
      body,
    })
    calls.push(call)
    const key = `${call.service}:${call.operation}`
    const nth = (seen.get(key) ?? 0) + 1
    seen.set(key, nth)
    if (options.delayMs) await new Promise((done) => setTimeout(done, options.delayMs))
    const fault = options.fault?.(call, nth)
    if (fault) return fail(fault, call, incoming, outgoing)
    const recorded = options.recorded?.(call)
    if (recorded) return send(outgoing, recorded)
    if (options.upstream !== undefined) return forward(options.upstream, incoming, body, outgoing)
    send(
      outgoing,
      errorBody(call, { kind: 'error', status: 500, code: 'InternalFailure', message: 'no answer here' }),
    )
  }

  const server: Server = createServer((incoming, outgoing) => {
    inWork++
    peak = Math.max(peak, inWork)
    outgoing.on('close', () => inWork--)
    answer(incoming, outgoing).catch((error: unknown) => {
      outgoing.statusCode = 502
      outgoing.end(String(error))
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    peak: () => peak,
    set: (changed) => {
      options = { ...options, ...changed }
      calls.length = 0
      seen.clear()
      peak = 0
    },
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => done())
      }),
  }
}

async function text(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function send(outgoing: ServerResponse, recorded: Recorded): void {
  outgoing.writeHead(recorded.status ?? 200, { 'content-type': recorded.type })
  outgoing.end(recorded.body)
}

function fail(fault: Fault, call: Call, incoming: IncomingMessage, outgoing: ServerResponse): void {
  switch (fault.kind) {
    case 'timeout':
      break // never answered: the client gives up
    case 'reset':
      incoming.socket.destroy()
      break
    case 'malformed':
      send(outgoing, { type: errorType(call), body: '{"cut": [1, <' })
      break
    case 'error':
      send(outgoing, errorBody(call, fault))
  }
}

const errorType = (call: Call): string =>
  call.protocol === 'json'
    ? 'application/x-amz-json-1.1'
    : call.protocol === 'rest-json'
      ? 'application/json'
      : 'text/xml'

const xml = (value: string): string => value.replace(/[<>&]/g, (c) => `&#${c.charCodeAt(0)};`)

export function errorBody(call: Call, fault: ErrorFault): Recorded {
  const { status, code, message } = fault
  const error = `<Error><Type>Sender</Type><Code>${xml(code)}</Code><Message>${xml(message)}</Message></Error>`
  const id = '<RequestId>00000000-0000-0000-0000-000000000000</RequestId>'
  const body = {
    ec2: `<Response><Errors>${error}</Errors><RequestID>0</RequestID></Response>`,
    query: `<ErrorResponse>${error}${id}</ErrorResponse>`,
    s3control: `<ErrorResponse>${error}${id}</ErrorResponse>`,
    s3: `<Error><Code>${xml(code)}</Code><Message>${xml(message)}</Message></Error>`,
    json: JSON.stringify({ __type: code, message }),
    'rest-json': JSON.stringify({ code, __type: code, message }),
  }[call.protocol]
  return { status, type: errorType(call), body }
}

function forward(
  upstream: string,
  incoming: IncomingMessage,
  body: string,
  outgoing: ServerResponse,
): Promise<void> {
  return new Promise((done, failed) => {
    const { host: _, ...headers } = incoming.headers
    const sent = request(
      new URL(incoming.url ?? '/', upstream),
      { method: incoming.method, headers: { ...headers, host: new URL(upstream).host } },
      (answered) => {
        const { date: _date, ...said } = answered.headers // the emulator's clock stands still, the SDK would set its own by it
        outgoing.writeHead(answered.statusCode ?? 500, said)
        answered.pipe(outgoing)
        answered.on('end', done)
      },
    )
    sent.on('error', failed)
    sent.end(body)
  })
}

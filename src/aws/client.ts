/** Clients that can only read: each refuses, before anything is sent, a command that no collector declares. */
import type { ClientConfig } from './session.ts'

export interface Client {
  send(command: object, options: { abortSignal: AbortSignal }): Promise<Record<string, unknown>>
  destroy(): void
}

type Env = Readonly<Record<string, string | undefined>>
type Next = (args: unknown) => Promise<unknown>

interface Constructed extends Client {
  readonly middlewareStack: {
    add(
      middleware: (next: Next, context: { commandName?: string }) => Next,
      options: { step: 'initialize'; name: string; priority: 'high' },
    ): void
  }
}

/** A command outside the allow-list was about to be sent: a bug of ours, never the user's doing. */
export class NotReadOnlyError extends Error {
  override readonly name = 'NotReadOnlyError'
}

/**
 * @param sdk the client's package
 * @param allowed API names that collectors declare: `DescribeVpcs`
 */
export function readOnlyClient(
  sdk: object,
  config: ClientConfig,
  allowed: ReadonlySet<string>,
  env: Env,
): Client {
  const exports = sdk as Readonly<Record<string, unknown>>
  const name = Object.keys(exports).find((key) => /^[A-Z]\w*Client$/.test(key))
  const Constructor = name === undefined ? undefined : exports[name]
  if (typeof Constructor !== 'function') throw new TypeError('the package exports no client')
  const Make = Constructor as new (config: object) => Constructed
  const client = new Make({ ...config, ...OWN[name ?? ''], ...forCustomEndpoint(name ?? '', config, env) })
  client.middlewareStack.add(
    (next, context) => (args) => {
      const api = (context.commandName ?? '').replace(/Command$/, '')
      if (!allowed.has(api))
        throw new NotReadOnlyError(`${api} is not among the read operations that are declared`)
      return next(args)
    },
    { step: 'initialize', name: 'aws-secaudit-read-only', priority: 'high' },
  )
  return client
}

/** What single clients need to be told. */
const OWN: Readonly<Record<string, object>> = {
  // Where requests go is the endpoint's matter, never an answer's.
  SQSClient: { useQueueUrlAsEndpoint: false },
}

/** A given endpoint is one host: no bucket or account id can be put before its name. */
function forCustomEndpoint(sdkClient: string, config: ClientConfig, env: Env): object {
  const own = sdkClient === 'S3ControlClient' ? 'AWS_ENDPOINT_URL_S3_CONTROL' : 'AWS_ENDPOINT_URL_S3'
  const url = env[own] ?? env['AWS_ENDPOINT_URL']
  if (url === undefined || url === '' || !/^S3(Control)?Client$/.test(sdkClient)) return {}
  if (sdkClient === 'S3Client') return { forcePathStyle: true }
  const authSchemes = [{ name: 'sigv4', signingName: 's3', signingRegion: config['region'] }]
  return {
    disableHostPrefix: true,
    endpointProvider: () => ({ url: new URL(url), properties: { authSchemes } }),
  }
}

export function command(sdk: object, api: string, input: object): object {
  const Constructor = (sdk as Readonly<Record<string, unknown>>)[`${api}Command`]
  if (typeof Constructor !== 'function') throw new TypeError(`the SDK has no ${api}Command`)
  return new (Constructor as new (input: object) => object)(input)
}

/** Which operation an HTTP request of the SDK means, for every protocol that AWS speaks. */
import type { Service } from '../../src/collect/dsl.ts'

export interface Call {
  /** The prefix of its IAM permissions: `ec2`, `elasticloadbalancing`, `s3`. */
  readonly service: string
  readonly region: string
  readonly operation: string
  readonly protocol: 'ec2' | 'query' | 'json' | 'rest-json' | 's3' | 's3control'
  readonly path: string
  readonly body: string
}

interface Route {
  readonly operation: string
  readonly method: string
  readonly path: RegExp
  readonly query: readonly string[]
}

export interface Incoming {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** The REST operations' routes as the SDK's own schemas state them. */
export async function routesOf(services: readonly Service[]): Promise<(incoming: Incoming) => Call> {
  const routes = new Map<string, Route[]>()
  for (const service of services) {
    const key = service.name === 's3control' ? 's3control' : service.prefix
    const sdk = (await service.load()) as Record<string, unknown>
    const own = service.operations.flatMap((op) => route(op.api, sdk[`${op.api}$`]))
    routes.set(key, [...(routes.get(key) ?? []), ...own])
  }
  return (incoming) => identify(incoming, routes)
}

function route(operation: string, schema: unknown): Route | [] {
  const { http } = (schema as readonly unknown[])[3] as { http?: [string, string, number] }
  if (http === undefined) return [] // of a protocol that has one path for all
  const [method, uri] = http
  const [path = '/', query = ''] = uri.split('?')
  const pattern = path.replace(/\{\w+\+\}/g, '.+').replace(/\{\w+\}/g, '[^/]+')
  const keys = query.split('&').filter((part) => part !== '')
  return { operation, method, path: new RegExp(`^${pattern}/?$`), query: keys }
}

function identify(incoming: Incoming, routes: ReadonlyMap<string, readonly Route[]>): Call {
  const { url, headers, body } = incoming
  const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(String(headers['authorization'] ?? ''))
  const region = scope?.[1] ?? ''
  const signed = scope?.[2] ?? ''
  const common = { region, path: url, body }
  const target = headers['x-amz-target']
  if (typeof target === 'string') {
    return { ...common, service: signed, operation: target.split('.').pop() ?? '', protocol: 'json' }
  }
  const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1]
  if (action !== undefined) {
    return { ...common, service: signed, operation: action, protocol: signed === 'ec2' ? 'ec2' : 'query' }
  }
  const control = url.startsWith('/v20180820/')
  const key = control ? 's3control' : signed
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const protocol = control ? 's3control' : signed === 's3' ? 's3' : 'rest-json'
  const matches = (routes.get(key) ?? []).filter((each) => {
    const inPath = protocol === 's3' || each.path.test(pathname)
    return inPath && each.method === incoming.method && each.query.every((part) => has(searchParams, part))
  })
  const best = matches.sort(
    (a, b) => b.query.length - a.query.length || b.path.source.length - a.path.source.length,
  )[0]
  return { ...common, service: signed, operation: best?.operation ?? 'Unknown', protocol }
}

function has(params: URLSearchParams, part: string): boolean {
  const [name = '', value] = part.split('=')
  return params.has(name) && (value === undefined || params.get(name) === value)
}

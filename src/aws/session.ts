/** Who we are to AWS, and how its clients are set up. Credentials come from the SDK's own chain and are never printed. */
import type { NodeHttpHandlerOptions } from '@smithy/node-http-handler'
import { UserError } from '../user-error.ts'
import { failureOf, isBadCredentials, isExpired } from './outcome.ts'

export interface SessionOptions {
  readonly profile?: string
  readonly region?: string
  readonly roleArn?: string
  readonly externalId?: string
  readonly sessionDurationSeconds?: number
  /** Asked for the code of an MFA device; absent where no terminal is there to ask. */
  readonly mfaCode?: (serial: string) => Promise<string>
  /** Tries of one request, the first included; AWS_MAX_ATTEMPTS or 8 without it. */
  readonly maxAttempts?: number
  /** A request that takes longer fails, and is tried again. */
  readonly timeoutSeconds?: number
  /** Sockets kept open to one host. */
  readonly sockets?: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly readFile: (path: string) => Promise<string>
}

/** The part of a client's configuration that all services share; the SDK's own types differ by service. */
export type ClientConfig = Readonly<Record<string, unknown>>

export interface Session {
  readonly account: string
  /** The caller's ARN, for progress and errors. */
  readonly arn: string
  readonly partition: string
  /** Where global services are asked, and Regions are listed. */
  readonly homeRegion: string
  readonly identity: Readonly<Record<string, unknown>>
  clientConfig(region: string): ClientConfig
}

const FALLBACK_REGION: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
}

/** @throws UserError of kind `aws` when there are no credentials, they are expired or unknown, or AWS can't be reached */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts')
  const region = await homeRegion(options)
  const shared = await sharedConfig(options, region)
  const client = new STSClient({ ...shared, region })
  const identity = await client.send(new GetCallerIdentityCommand({})).catch((error: unknown) => {
    throw unreachable(error, options)
  })
  const { Account, Arn } = identity
  if (Account === undefined || Arn === undefined) {
    throw new UserError('AWS did not say who the caller is', { kind: 'aws', next: 'Check AWS_ENDPOINT_URL.' })
  }
  const { $metadata: _, ...said } = identity
  return {
    account: Account,
    arn: Arn,
    partition: Arn.split(':')[1] ?? 'aws',
    homeRegion: region,
    identity: said,
    clientConfig: (inRegion) => ({ ...shared, region: inRegion }),
  }
}

async function homeRegion(options: SessionOptions): Promise<string> {
  const { env } = options
  const given =
    options.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? (await profileRegion(options))
  return given === undefined || given === '' ? (FALLBACK_REGION['aws'] as string) : given
}

/** The `region` of the profile in the shared configuration file. */
async function profileRegion(options: SessionOptions): Promise<string | undefined> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config')
  const files = await loadSharedConfigFiles().catch(() => undefined)
  const profile = options.profile ?? options.env['AWS_PROFILE'] ?? 'default'
  return files?.configFile[profile]?.['region'] ?? files?.credentialsFile[profile]?.['region']
}

async function sharedConfig(options: SessionOptions, region: string): Promise<ClientConfig> {
  // People must not be told at each scan what Node the SDK will ask for next year.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const { fromNodeProviderChain, fromTemporaryCredentials } = await import('@aws-sdk/credential-providers')
  const handler = await requestHandler(options)
  const profile = options.profile === undefined ? {} : { profile: options.profile }
  const chain = fromNodeProviderChain({
    ...profile,
    logger: SILENT,
    mfaCodeProvider: options.mfaCode ?? noTerminal,
    clientConfig: { region, requestHandler: handler },
  })
  const { roleArn: RoleArn } = options
  const credentials =
    RoleArn === undefined
      ? chain
      : shared(
          fromTemporaryCredentials({
            masterCredentials: chain,
            clientConfig: { region, requestHandler: handler },
            params: { RoleArn, RoleSessionName: 'aws-secaudit', ...sessionParams(options) },
            logger: SILENT,
          }),
        )
  const attempts = options.maxAttempts ?? (options.env['AWS_MAX_ATTEMPTS'] === undefined ? 8 : undefined)
  return {
    credentials,
    requestHandler: handler,
    retryMode: 'adaptive',
    ...(attempts === undefined ? {} : { maxAttempts: attempts }),
    customUserAgent: 'aws-secaudit',
    ...profile,
  }
}

const nothing = (): void => undefined
/** The chain's remarks are written to standard error, in the SDK's own words. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing }

type Credentials = () => Promise<{ readonly expiration?: Date }>

/** One answer for all clients, each of which would assume the role anew; asked again when five minutes of it are left. */
function shared(ask: Credentials): Credentials {
  let held: ReturnType<Credentials> | undefined
  let until = Number.POSITIVE_INFINITY
  return () => {
    if (held && Date.now() < until) return held
    until = Number.POSITIVE_INFINITY
    const asking = ask()
    held = asking
    asking.then(
      ({ expiration }) => {
        if (expiration) until = expiration.getTime() - 5 * 60_000
      },
      () => {
        held = undefined
      },
    )
    return asking
  }
}

function sessionParams({ externalId, sessionDurationSeconds }: SessionOptions): object {
  return {
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
    ...(sessionDurationSeconds === undefined ? {} : { DurationSeconds: sessionDurationSeconds }),
  }
}

const noTerminal = (serial: string): Promise<string> =>
  Promise.reject(
    new UserError(`the profile asks for an MFA code of ${serial}, and there is no terminal to ask at`, {
      kind: 'aws',
      next: 'Run it in a terminal, or give temporary credentials from aws sts get-session-token.',
    }),
  )

async function requestHandler(options: SessionOptions) {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler')
  const { env } = options
  const bundle = env['AWS_CA_BUNDLE']
  const ca = bundle === undefined || bundle === '' ? undefined : await caBundle(bundle, options)
  const agent = { keepAlive: true, maxSockets: options.sockets ?? 64, ...(ca === undefined ? {} : { ca }) }
  const timeout = (options.timeoutSeconds ?? 30) * 1000
  const settings = {
    connectionTimeout: Math.min(timeout, 5000),
    requestTimeout: timeout,
    throwOnRequestTimeout: true,
    ...(await agents(env, agent)),
  }
  return new NodeHttpHandler(settings as NodeHttpHandlerOptions)
}

async function caBundle(path: string, options: SessionOptions): Promise<string> {
  return options.readFile(path).catch((error: unknown) => {
    throw new UserError(`the certificates of AWS_CA_BUNDLE can't be read: ${failureOf(error).message}`, {
      file: path,
      next: 'Correct or unset AWS_CA_BUNDLE.',
    })
  })
}

/** The SDK for JavaScript knows no proxies of its own; HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY are honoured here. */
async function agents(
  env: SessionOptions['env'],
  options: { keepAlive: boolean; maxSockets: number; ca?: string },
) {
  const proxied = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].some((key) => env[key] || env[key.toLowerCase()])
  if (proxied) {
    const { ProxyAgent } = await import('proxy-agent')
    const agent = new ProxyAgent(options)
    return { httpAgent: agent, httpsAgent: agent }
  }
  const { Agent: HttpsAgent } = await import('node:https')
  const { Agent: HttpAgent } = await import('node:http')
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) }
}

function unreachable(error: unknown, options: SessionOptions): UserError {
  if (error instanceof UserError) return error
  const failure = failureOf(error)
  const profile = options.profile ?? options.env['AWS_PROFILE']
  const login = profile === undefined ? 'aws sso login' : `aws sso login --profile ${profile}`
  const said = failure.message.replace(/\s+/g, ' ').replace(/\.$/, '')
  if (isExpired(failure) && /expired|refresh/i.test(`${failure.code} ${said}`)) {
    return new UserError(`the AWS credentials are expired: ${said}`, {
      kind: 'aws',
      next: `Run ${login}, or renew the credentials, and try again.`,
    })
  }
  if (failure.code === 'CredentialsProviderError' || failure.code === 'TokenProviderError') {
    return new UserError(`no AWS credentials found: ${said}`, {
      kind: 'aws',
      next: `Run aws configure, ${login}, or set AWS_PROFILE. Saved snapshots need none: aws-secaudit audit FILE.`,
    })
  }
  if (isBadCredentials(failure)) {
    return new UserError(`AWS does not accept the credentials: ${failure.code}: ${said}`, {
      kind: 'aws',
      next: `Check AWS_ACCESS_KEY_ID or the profile, and that the clock is right.`,
    })
  }
  if (options.roleArn !== undefined && /AccessDenied/.test(failure.code)) {
    return new UserError(`the role ${options.roleArn} can't be assumed: ${said}`, {
      kind: 'aws',
      next: 'Check its trust policy, and --external-id.',
    })
  }
  return new UserError(`AWS can't be reached: ${failure.code}: ${said}`, {
    kind: 'aws',
    next: 'Check the network, HTTPS_PROXY and AWS_ENDPOINT_URL.',
    cause: error,
  })
}

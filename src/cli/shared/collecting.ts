/** From flags to a snapshot, over the live API. */

import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { outcomeOf } from '../../aws/outcome.ts'
import { type FoundRegions, findRegions } from '../../aws/regions.ts'
import { openSession, type Session } from '../../aws/session.ts'
import type { Answers, Reply } from '../../collect/answers.ts'
import type { Place, Service } from '../../collect/dsl.ts'
import { services as allServices } from '../../collect/index.ts'
import { liveAnswers } from '../../collect/live.ts'
import { plan } from '../../collect/plan.ts'
import { didYouMean } from '../../rules/suggest.ts'
import { assemble } from '../../snapshot/assemble.ts'
import { createClean } from '../../snapshot/clean.ts'
import type { Json, Resource, Snapshot } from '../../snapshot/model.ts'
import { SCHEMA_VERSION } from '../../snapshot/write.ts'
import { UserError } from '../../user-error.ts'
import { writeBelow } from './files.ts'
import { createProgress } from './progress.ts'
import { cleaned, type Journal, journaled, readJournal, recorded } from './recording.ts'
import { shapes } from './shapes.ts'
import { warn } from './streams.ts'
import { TOOL } from './version.ts'

export interface CollectFlags {
  readonly profile?: string
  readonly region?: readonly string[]
  readonly excludeRegion?: readonly string[]
  readonly roleArn?: string
  readonly externalId?: string
  readonly sessionDuration?: number
  readonly maxAttempts?: number
  readonly concurrency?: number
  readonly timeout?: number
  readonly service?: readonly string[]
  readonly record?: string
  readonly resume?: string
  readonly now?: string
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly debug?: boolean
  readonly logFormat?: string
}

export interface Collected {
  readonly snapshot: Snapshot
  readonly interrupted: boolean
  /** The credentials ran out on the way. */
  readonly expired: boolean
  readonly journal: Journal
}

/** @returns the AWS CLI's names of what `--service` names, which may say `s3` or `inspector2` or a permission's prefix */
export function serviceNames(given: readonly string[] | undefined): readonly string[] {
  const known = new Map<string, string[]>()
  const add = (word: string, name: string): void => {
    known.set(word, [...new Set([...(known.get(word) ?? []), name])])
  }
  for (const { name, prefix } of allServices) {
    add(name, name)
    add(prefix, name)
  }
  const names = split(given).flatMap((word) => {
    const found = known.get(word)
    if (found) return found
    throw new UserError(`there is no service ${word}${didYouMean(word, known.keys())}`, {
      next: `Choose from ${allServices.map((each) => each.name).join(', ')}.`,
    })
  })
  return [...new Set(names)]
}

/** The services to collect; who the account is, is always asked. */
export function chosenServices(given: readonly string[] | undefined): readonly Service[] {
  const names = serviceNames(given)
  return names.length === 0
    ? allServices
    : allServices.filter(({ name }) => names.includes(name) || name === 'sts')
}

/** @param only the operations that are needed (`kms:GetKeyPolicy`); all that are declared without it */
export async function collectLive(
  flags: CollectFlags,
  only: ReadonlySet<string> | undefined,
  signal: AbortSignal,
): Promise<Collected> {
  // What the chosen rules read says more exactly what to call than the services that they are about.
  const services = only === undefined ? chosenServices(flags.service) : allServices
  const env = process.env
  const session = await openSession(sessionOptions(flags))
  const found = await findRegions(session, {
    include: split(flags.region),
    exclude: split(flags.excludeRegion),
  })
  tellRegions(found, flags)
  const places = placesOf(session, found.regions)
  const progress = createProgress({
    stream: process.stderr,
    show: process.stderr.isTTY === true && !env['CI'] && !flags.quiet && !flags.verbose && !flags.debug,
    verbose: flags.verbose === true,
    debug: flags.debug === true,
    json: flags.logFormat === 'json',
    planned: plan(services, found.regions.length, only).reduce((sum, call) => sum + (call.calls ?? 0), 0),
  })
  let expired = false
  const concurrency = flags.concurrency ?? 32
  const live = liveAnswers({
    session,
    concurrency,
    perService: Math.min(concurrency, 10),
    signal,
    env,
    observer: {
      ...progress,
      expired: (message) => {
        expired = true
        warn(`the credentials ran out (${message.slice(0, 200)}); what was collected is kept`)
      },
    },
  })
  const journal = journaled(
    cleaned(seeded(live, session, found), createClean(shapes)),
    flags.resume === undefined ? new Map() : await readJournal(flags.resume),
  )
  const answers = flags.record === undefined ? journal.answers : recorded(journal.answers, flags.record)
  const time = new Date(flags.now ?? Date.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  try {
    const { resources, calls } = await assemble({
      services,
      places,
      answers,
      shapes,
      ...(only ? { only } : {}),
      regions: new Set(found.regions),
    })
    if (flags.record !== undefined) await writeBelow(flags.record, 'manifest.json', { time })
    const alias = aliasOf(resources)
    const snapshot: Snapshot = {
      manifest: {
        schemaVersion: SCHEMA_VERSION,
        tool: TOOL,
        time,
        partition: session.partition,
        accounts: [{ id: session.account, ...(alias === undefined ? {} : { alias }) }],
        regions: found.regions,
        calls,
      },
      resources,
    }
    return { snapshot, interrupted: signal.aborted, expired, journal }
  } finally {
    progress.done()
    live.close()
  }
}

export const split = (values: readonly string[] | undefined): string[] =>
  (values ?? [])
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')

function sessionOptions(flags: CollectFlags) {
  const region = split(flags.region)[0]
  return {
    env: process.env,
    readFile: (path: string) => readFile(path, 'utf8'),
    ...(flags.profile === undefined ? {} : { profile: flags.profile }),
    ...(region === undefined || process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION']
      ? {}
      : { region }),
    ...(flags.roleArn === undefined ? {} : { roleArn: flags.roleArn }),
    ...(flags.externalId === undefined ? {} : { externalId: flags.externalId }),
    ...(flags.sessionDuration === undefined ? {} : { sessionDurationSeconds: flags.sessionDuration }),
    ...(flags.maxAttempts === undefined ? {} : { maxAttempts: flags.maxAttempts }),
    ...(flags.timeout === undefined ? {} : { timeoutSeconds: flags.timeout }),
    ...(process.stdin.isTTY && process.stderr.isTTY ? { mfaCode } : {}),
    sockets: flags.concurrency ?? 32,
  }
}

async function mfaCode(serial: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await prompt.question(`MFA code for ${serial}: `)).trim()
  } finally {
    prompt.close()
  }
}

function tellRegions(found: FoundRegions, flags: CollectFlags): void {
  if (flags.quiet) return
  if (found.off.length > 0) warn(`not enabled in this account, left out: ${found.off.join(', ')}`)
  if (found.failure) {
    warn(
      `the enabled Regions can't be listed (${found.failure.code}); looking at ${found.regions.join(', ')} only`,
    )
  }
}

const placesOf = (session: Session, regions: readonly string[]): Place[] =>
  ['global', ...regions].map((region) => ({ account: session.account, region, partition: session.partition }))

/** What opening the session already asked is not asked again. */
function seeded(answers: Answers, session: Session, found: FoundRegions): Answers {
  const known = new Map<string, Reply>([
    ['sts:GetCallerIdentity', { pages: [session.identity], calls: 1 }],
    ['ec2:DescribeRegions', regionsReply(found)],
  ])
  return (ask) => {
    const before = known.get(`${ask.service.name}:${ask.operation.api}`)
    return before ? Promise.resolve(before) : answers(ask)
  }
}

function regionsReply({ answer, failure }: FoundRegions): Reply {
  if (!failure) return { pages: [{ ...answer }], calls: 1 }
  return { pages: [], calls: 1, failure: { ...failure, outcome: outcomeOf(failure) } }
}

/** What people call the account. */
function aliasOf(resources: readonly Resource[]): string | undefined {
  const aliases = resources.find((resource) => resource.type === 'AWS::Account')?.config['Aliases']
  const [alias] = Array.isArray(aliases) ? (aliases as readonly Json[]) : []
  return typeof alias === 'string' ? alias : undefined
}

/**
 * A folder of raw answers (what `aws … --output json` printed, or what `collect --record` wrote) as a source of answers.
 * The folder is handed in as names and a reader: this stage touches no disk.
 */
import { outcomeOf } from '../aws/outcome.ts'
import { type Answers, type Ask, type Reply, rawPath } from '../collect/answers.ts'
import { type Answered, cliName, type Place, type Service } from '../collect/dsl.ts'
import { UserError } from '../user-error.ts'

export interface RawFolder {
  /** For errors. */
  readonly name: string
  /** Every file's path below the folder, with `/`. */
  readonly files: readonly string[]
  read(path: string): Promise<string>
}

export interface ImportOptions {
  /** Leaves out a file that can't be read as its operation's answer; what it would have answered is unknown. */
  readonly skipBad?: boolean
  /** Told of each file left out. */
  readonly onSkip?: (path: string, why: string) => void
}

export interface RawSource {
  readonly answers: Answers
  readonly places: readonly Place[]
  readonly time: string | undefined
  /** Files that no declared operation reads: misspelt or of a service that is not audited. */
  readonly unread: readonly string[]
}

const ACCOUNT = /^\d{12}$/
const REGION = /^(global|[a-z]{2}(-[a-z]+)+-\d+)$/

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  return 'aws'
}

/** @throws UserError when the folder holds no account's answers, or its manifest is broken */
export async function openRawFolder(
  folder: RawFolder,
  services: readonly Service[],
  options: ImportOptions = {},
): Promise<RawSource> {
  const files = new Set(folder.files)
  const places = placesOf(folder)
  const time = await manifestTime(folder, files)
  const pages = pagesByStem(folder.files)
  const load = (path: string): Promise<Answered | undefined> => readAnswer(folder, path, options)

  const answers: Answers = async (ask) => {
    for (const stem of stems(ask)) {
      const failed = files.has(`${stem}.error.json`) ? await load(`${stem}.error.json`) : undefined
      const paths = pages.get(stem) ?? []
      if (paths.length === 0 && !failed) continue
      const found: Answered[] = []
      let bad = false
      for (const path of paths) {
        const answer = await load(path)
        if (answer) found.push(answer)
        else bad = true
      }
      if (failed) return { pages: found, calls: paths.length + 1, failure: failureIn(failed) }
      if (bad)
        return {
          pages: found,
          calls: paths.length,
          failure: { code: 'BadFile', message: 'a file could not be read', outcome: 'error' },
        }
      return { pages: found, calls: paths.length }
    }
    return NOT_COLLECTED
  }
  return { answers, places, time, unread: unread(folder.files, services) }
}

const NOT_COLLECTED: Reply = {
  pages: [],
  calls: 0,
  failure: {
    code: 'NotCollected',
    message: 'the folder has no answer of this call',
    outcome: 'not-collected',
  },
}

/** A bucket's own answers may stand under its region or under `global`. */
function* stems(ask: Ask): Generator<string> {
  yield rawPath(ask)
  for (const key of ask.otherKeys ?? []) yield rawPath({ ...ask, key })
  if (ask.place.region !== 'global') yield rawPath({ ...ask, place: { ...ask.place, region: 'global' } })
}

function placesOf(folder: RawFolder): Place[] {
  const found = new Map<string, Place>()
  for (const path of folder.files) {
    const [account = '', region = '', serviceName] = path.split('/')
    if (!ACCOUNT.test(account) || !REGION.test(region) || serviceName === undefined) continue
    found.set(`${account}/${region}`, { account, region, partition: partitionOf(region) })
    found.set(`${account}/global`, { account, region: 'global', partition: partitionOf(region) })
  }
  if (found.size === 0) {
    throw new UserError(`${folder.name} holds no raw answers`, {
      file: folder.name,
      next: 'Lay the files out as ACCOUNT/REGION/SERVICE/OPERATION.json, 123456789012/eu-west-1/ec2/describe-vpcs.json.',
    })
  }
  return [...found.values()].sort((a, b) =>
    `${a.account}/${a.region}` < `${b.account}/${b.region}` ? -1 : 1,
  )
}

async function manifestTime(folder: RawFolder, files: ReadonlySet<string>): Promise<string | undefined> {
  if (!files.has('manifest.json')) return undefined
  const manifest = parse(await folder.read('manifest.json'))
  const time = manifest?.['time']
  if (typeof time === 'string' && !Number.isNaN(Date.parse(time)))
    return new Date(time).toISOString().replace('.000Z', 'Z')
  throw new UserError(`${folder.name}/manifest.json has no time`, {
    file: `${folder.name}/manifest.json`,
    next: 'Write {"time": "2026-11-01T00:00:00Z"}, or remove the file.',
  })
}

/** `describe-instances.json`, or `.1.json`, `.2.json` …, by what stands before the number. */
function pagesByStem(paths: readonly string[]): Map<string, string[]> {
  const pages = new Map<string, { at: number; path: string }[]>()
  for (const path of paths) {
    const match = /^(.*?)(?:\.(\d+))?\.json$/.exec(path)
    if (!match || path.endsWith('.error.json')) continue
    const stem = match[1] ?? ''
    const list = pages.get(stem)
    const page = { at: Number(match[2] ?? 0), path }
    if (list) list.push(page)
    else pages.set(stem, [page])
  }
  return new Map(
    [...pages].map(([stem, list]) => [stem, list.sort((a, b) => a.at - b.at).map((page) => page.path)]),
  )
}

function parse(text: string): Answered | undefined {
  try {
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Answered)
      : undefined
  } catch {
    return undefined
  }
}

async function readAnswer(
  folder: RawFolder,
  path: string,
  options: ImportOptions,
): Promise<Answered | undefined> {
  const answer = parse(await folder.read(path))
  if (answer) return answer
  const why = 'it is not a JSON object as `aws … --output json` prints one'
  if (!options.skipBad) {
    throw new UserError(`${folder.name}/${path} can't be read: ${why}`, {
      file: `${folder.name}/${path}`,
      next: 'Run the command again, or use --skip-bad to leave such files out.',
    })
  }
  options.onSkip?.(path, why)
  return undefined
}

function failureIn(answer: Answered): NonNullable<Reply['failure']> {
  const inner =
    typeof answer['Error'] === 'object' && answer['Error'] !== null ? (answer['Error'] as Answered) : answer
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise)
  const failure = { code: text(inner['Code'], 'Unknown'), message: text(inner['Message'], '') }
  return { ...failure, outcome: outcomeOf(failure) }
}

function unread(paths: readonly string[], services: readonly Service[]): string[] {
  const known = new Set(
    services.flatMap((service) => service.operations.map((op) => `${service.name}/${cliName(op.api)}`)),
  )
  known.add('ec2/describe-regions')
  return paths.filter((path) => {
    const [account = '', , serviceName = '', file = ''] = path.split('/')
    if (!ACCOUNT.test(account)) return false
    return !known.has(`${serviceName}/${file.replace(/\..*$/, '')}`)
  })
}

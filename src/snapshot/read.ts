/** Reads a snapshot whole or refuses it with the line that is wrong; never half. */
import { createHash } from 'node:crypto'
import { UserError } from '../user-error.ts'
import type { CallRecord, Manifest, Resource, Snapshot } from './model.ts'
import { manifestSchema } from './schema.ts'
import { SCHEMA_VERSION } from './write.ts'

export interface ReadSnapshot extends Snapshot {
  /** The footer's digest; of a cut file, the digest of the lines that are there. */
  readonly sha256: string
}

export interface ReadOptions {
  /** For errors. */
  readonly file: string
  /** Takes the whole lines of a file that ends too early; what was cut off counts as not seen. */
  readonly allowCut?: boolean
}

const NEWLINE = 10
const AGAIN = 'Collect it again'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @param bytes the file, decompressed */
export function readSnapshot(bytes: Buffer, options: ReadOptions): ReadSnapshot {
  const { file } = options
  const fail = (message: string, line: number, next = `${AGAIN}.`): never => {
    throw new UserError(`snapshot ${file} ${message}`, { file, line, next })
  }
  if (bytes.length === 0) fail('is empty', 1)
  const starts = lineStarts(bytes)
  const whole = bytes[bytes.length - 1] === NEWLINE
  const lines = starts.length
  const manifest = readManifest(parseLine(bytes, starts, 0), fail)
  const last = lines > 1 ? parseLine(bytes, starts, lines - 1) : undefined
  const footer = isFooter(last) ? last : undefined
  if (!footer || !whole) {
    const seen = whole ? lines : lines - 1
    if (!options.allowCut || seen < 1) {
      const what = whole ? `it ends after line ${lines} without a footer` : `line ${lines} is not complete`
      const next = `${AGAIN}, or use --allow-cut to audit the ${Math.max(seen - 1, 0)} whole resources before the cut.`
      return fail(`is cut: ${what}`, lines, next)
    }
    return cut(bytes, starts, seen, manifest, fail)
  }
  const body = bytes.subarray(0, starts[lines - 1])
  const resources: Resource[] = new Array(lines - 2)
  for (let at = 1; at < lines - 1; at++)
    resources[at - 1] = readResource(parseLine(bytes, starts, at), at + 1, fail)
  if (footer.resources !== resources.length) {
    fail(`has ${resources.length} resources, its footer says ${footer.resources}`, lines)
  }
  const sha256 = createHash('sha256').update(body).digest('hex')
  if (sha256 !== footer.sha256) {
    fail(
      `was changed after it was written: the footer in line ${lines} has another SHA-256 than the lines before it`,
      lines,
    )
  }
  return { manifest, resources, sha256 }
}

type Fail = (message: string, line: number, next?: string) => never

function cut(
  bytes: Buffer,
  starts: readonly number[],
  seen: number,
  manifest: Manifest,
  fail: Fail,
): ReadSnapshot {
  const resources: Resource[] = []
  for (let at = 1; at < seen; at++) resources.push(readResource(parseLine(bytes, starts, at), at + 1, fail))
  const calls = manifest.calls.map(
    (call): CallRecord =>
      call.outcome === 'ok' ? { ...call, outcome: 'interrupted', detail: 'the snapshot is cut' } : call,
  )
  const sha256 = createHash('sha256')
    .update(bytes.subarray(0, starts[seen] ?? bytes.length))
    .digest('hex')
  return { manifest: { ...manifest, calls }, resources, sha256 }
}

function lineStarts(bytes: Buffer): number[] {
  const starts = [0]
  for (
    let at = bytes.indexOf(NEWLINE);
    at !== -1 && at + 1 < bytes.length;
    at = bytes.indexOf(NEWLINE, at + 1)
  ) {
    starts.push(at + 1)
  }
  return starts
}

function parseLine(bytes: Buffer, starts: readonly number[], at: number): unknown {
  const text = bytes.toString('utf8', starts[at], starts[at + 1] ?? bytes.length)
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isFooter(value: unknown): value is { resources: number; sha256: string } {
  return isObject(value) && typeof value['resources'] === 'number' && typeof value['sha256'] === 'string'
}

function readManifest(value: unknown, fail: Fail): Manifest {
  if (!isObject(value) || typeof value['schemaVersion'] !== 'number' || !isObject(value['tool'])) {
    return fail(
      'is not a snapshot of aws-secaudit: line 1 is not its manifest',
      1,
      'Give a file that collect, import or merge wrote.',
    )
  }
  if (value['schemaVersion'] > SCHEMA_VERSION) {
    const version = String((value['tool'] as Record<string, unknown>)['version'] ?? 'a newer version')
    return fail(
      `has schema version ${value['schemaVersion']}, this tool reads up to ${SCHEMA_VERSION}`,
      1,
      `Use aws-secaudit ${version} or newer.`,
    )
  }
  const parsed = manifestSchema.safeParse(value)
  if (parsed.success) return value as unknown as Manifest
  const [issue] = parsed.error.issues
  const where = issue?.path.join('.') ?? ''
  return fail(`has a manifest that is not one: ${where === '' ? '' : `${where}: `}${issue?.message ?? ''}`, 1)
}

function readResource(value: unknown, line: number, fail: Fail): Resource {
  const good =
    isObject(value) &&
    typeof value['id'] === 'string' &&
    typeof value['type'] === 'string' &&
    typeof value['account'] === 'string' &&
    typeof value['region'] === 'string' &&
    isObject(value['tags']) &&
    isObject(value['config'])
  return good ? (value as unknown as Resource) : fail(`is broken: line ${line} is not a resource`, line)
}

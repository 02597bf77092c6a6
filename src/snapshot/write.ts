/** A snapshot as NDJSON: the manifest, a resource a line, the footer with the digest of all lines before it. */
import { createHash } from 'node:crypto'
import type { Snapshot } from './model.ts'

export const SCHEMA_VERSION = 1

const SEPARATORS = /[\u2028\u2029]/g

/** One value as one line: the two line separators that JSON allows raw would break other tools' lines. */
const line = (value: unknown): string =>
  `${JSON.stringify(value).replace(SEPARATORS, (c) => (c === '\u2028' ? '\\u2028' : '\\u2029'))}\n`

/** @returns the lines of the file, one at a time, each with its newline; resources have to be in order already. */
export function* serialize(snapshot: Snapshot): Generator<string> {
  const hash = createHash('sha256')
  const emit = (text: string): string => {
    hash.update(text)
    return text
  }
  yield emit(line(snapshot.manifest))
  for (const resource of snapshot.resources) yield emit(line(resource))
  yield line({ resources: snapshot.resources.length, sha256: hash.digest('hex') })
}

/** The digest that the footer of this snapshot has. */
export function digest(snapshot: Snapshot): string {
  let last = ''
  for (const text of serialize(snapshot)) last = text
  return (JSON.parse(last) as { sha256: string }).sha256
}

/** Files of one JSON object a line, as people and scripts write them. */
import type { Json, JsonObject } from '../../snapshot/model.ts'
import { UserError } from '../../user-error.ts'
import { readText } from './files.ts'

export interface LineKind {
  /** What a line is, and what a file of them is called: `query`, `queries`. */
  readonly one: string
  readonly many: string
  readonly keys: ReadonlySet<string>
  readonly example: string
}

/** The error about a line: `why` goes on from where it stands, `has no "from"`. */
export type Bad = (why: string) => UserError

/** @throws UserError with the file and line of the first that is none; blank lines are passed over */
export async function readLines<T>(
  file: string,
  kind: LineKind,
  read: (said: JsonObject, line: number, bad: Bad) => T,
): Promise<T[]> {
  const text = await readText(file, kind.many)
  return text.split('\n').flatMap((content, at): T[] => {
    if (content.trim() === '') return []
    const line = at + 1
    const bad: Bad = (why) =>
      new UserError(`${kind.one} ${file}:${line} ${why}`, {
        file,
        line,
        next: `A line is like ${kind.example}.`,
      })
    return [read(objectOf(content, kind.keys, bad), line, bad)]
  })
}

function objectOf(content: string, keys: ReadonlySet<string>, bad: Bad): JsonObject {
  let value: Json
  try {
    value = JSON.parse(content) as Json
  } catch {
    throw bad('is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('is no object')
  const said = value as JsonObject
  const unknown = Object.keys(said).find((key) => !keys.has(key))
  if (unknown !== undefined) throw bad(`has an unknown key "${unknown.slice(0, 40)}"`)
  return said
}

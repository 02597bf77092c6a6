/** `access --requests FILE`: concrete requests, one a line. */
import type { AccessRequest } from '../../analyze/policy/answer.ts'
import type { Json, JsonObject } from '../../snapshot/model.ts'
import { type Bad, type LineKind, readLines } from './lines.ts'

/** A request and where it stands, for errors. */
export interface Asked {
  readonly id: string | number
  readonly request: AccessRequest
  readonly file: string
  readonly line: number
}

const REQUEST: LineKind = {
  one: 'request',
  many: 'requests',
  keys: new Set(['id', 'principal', 'action', 'resource', 'context']),
  example:
    '{"id": "r1", "principal": "anonymous", "action": "s3:GetObject", "resource": "arn:aws:s3:::bucket/key", "context": {"aws:SourceIp": "203.0.113.7"}}',
}

/** @throws UserError with the file and line of the first that can't be asked */
export const readRequests = (file: string): Promise<Asked[]> =>
  readLines(file, REQUEST, (said, line, bad) => ({ ...readRequest(said, line, bad), file, line }))

/** `anonymous`, an ARN, an account, a canonical id, or the name of a service or provider. */
const PRINCIPAL =
  /^(anonymous|\*|\d{12}|[0-9a-f]{64}|arn:[^:]+:(iam|sts)::[^:]+:.+|[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/\S*)?)$/i

function readRequest(said: JsonObject, line: number, bad: Bad): Pick<Asked, 'id' | 'request'> {
  const of = (key: string): string => {
    const member = said[key]
    if (member === undefined) throw bad(`has no "${key}"`)
    if (typeof member !== 'string' || member === '') throw bad(`has a "${key}" that is no text`)
    return member
  }
  const id = said['id'] ?? line
  if (typeof id !== 'string' && typeof id !== 'number') throw bad('has an "id" that is no text or number')
  const [principal, action, resource] = [of('principal'), of('action'), of('resource')]
  if (!PRINCIPAL.test(principal)) throw bad('has a "principal" that is no ARN, "anonymous" or service')
  if (!/^[a-z0-9-]+:[a-z0-9]+$/i.test(action)) throw bad('has an "action" that is no service:Action')
  if (!resource.startsWith('arn:')) throw bad('has a "resource" that is no ARN')
  return { id, request: { principal, action, resource, context: contextOf(said['context'], bad) } }
}

function contextOf(value: Json | undefined, bad: Bad): AccessRequest['context'] {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad('has a "context" that is no object')
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, member]) => {
      const texts = (Array.isArray(member) ? member : [member]).map((one: Json) => {
        if (typeof one === 'string') return one
        if (typeof one === 'boolean' || typeof one === 'number') return String(one)
        throw bad(`has a "${key.slice(0, 40)}" in its context that is no text`)
      })
      return [key, Array.isArray(member) ? texts : (texts[0] ?? '')]
    }),
  )
}

/** Answers as AWS puts them on the wire, in the protocol of the call, from the JSON that the AWS CLI prints. */
import { NormalizedSchema } from '@smithy/core/schema'
import type { Call } from './operation-of.ts'

type Json = unknown

export interface Wire {
  readonly type: string
  readonly body: string
}

/** `http` of a member: bits of Smithy's traits as the SDK's clients ship them. */
interface Traits {
  readonly xmlName?: string
  readonly xmlFlattened?: number
  readonly xmlAttribute?: number
  readonly xmlNamespace?: readonly string[]
  readonly httpPayload?: number
  readonly httpHeader?: string
  readonly jsonName?: string
}

const traitsOf = (schema: NormalizedSchema): Traits => schema.getMergedTraits() as Traits

/** A timestamp's format: 5 is ISO 8601, 7 seconds since 1970; 4 is the protocol's own. */
const ISO = 5

/** @param output the schema of the operation's output, from the SDK's client */
export function wireAnswer(call: Call, output: unknown, answer: Json): Wire {
  const schema = NormalizedSchema.of(output as never)
  switch (call.protocol) {
    case 'json':
      return { type: 'application/x-amz-json-1.1', body: JSON.stringify(jsonOf(schema, answer)) }
    case 'rest-json':
      return { type: 'application/json', body: JSON.stringify(restJson(schema, answer)) }
    case 'ec2':
      return xml(
        `<${call.operation}Response><requestId>0</requestId>${inside(schema, answer)}</${call.operation}Response>`,
      )
    case 'query': {
      const result = `<${call.operation}Result>${inside(schema, answer)}</${call.operation}Result>`
      return xml(`<${call.operation}Response>${result}</${call.operation}Response>`)
    }
    case 's3':
    case 's3control':
      return rest(schema, call.operation, answer)
  }
}

/** Of an answer with a payload the body is that member alone. */
function restJson(schema: NormalizedSchema, answer: Json): Json {
  const members = [...schema.structIterator()]
  const [name, member] = members.find(([, one]) => traitsOf(one).httpPayload && one.isStructSchema()) ?? []
  if (name === undefined || !member) return jsonOf(schema, answer)
  return jsonOf(member, isObject(answer) ? answer[name] : undefined) ?? {}
}

const xml = (body: string): Wire => ({
  type: 'text/xml',
  body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
})

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** S3's answers: some are one member's document or text, the others an element with all members. */
function rest(schema: NormalizedSchema, api: string, answer: Json): Wire {
  const members = [...schema.structIterator()]
  const payload = members.find(([, member]) => traitsOf(member).httpPayload)
  if (!payload) {
    const root = traitsOf(schema).xmlName ?? schema.getName() ?? api
    // GetBucketLocation's one member is the whole document.
    if (api === 'GetBucketLocation') {
      const place = isObject(answer) ? answer['LocationConstraint'] : undefined
      return xml(
        `<LocationConstraint>${typeof place === 'string' ? escaped(place) : ''}</LocationConstraint>`,
      )
    }
    return xml(`<${root}>${inside(schema, answer)}</${root}>`)
  }
  const [name, member] = payload
  const value = isObject(answer) ? answer[name] : undefined
  if (!member.isStructSchema())
    return { type: 'application/json', body: typeof value === 'string' ? value : '' }
  const root = traitsOf(member).xmlName ?? member.getName() ?? name
  return xml(`<${root}>${inside(member, value)}</${root}>`)
}

/** The elements of a structure's members. */
function inside(schema: NormalizedSchema, value: Json): string {
  if (!isObject(value)) return ''
  let out = ''
  for (const [name, member] of schema.structIterator()) {
    const given = value[name]
    if (given === undefined || given === null || traitsOf(member).httpHeader || traitsOf(member).xmlAttribute)
      continue
    out += element(traitsOf(member).xmlName ?? name, member, given)
  }
  return out
}

function element(name: string, schema: NormalizedSchema, value: Json): string {
  if (schema.isListSchema()) {
    const items = Array.isArray(value) ? value : []
    const of = schema.getValueSchema()
    if (traitsOf(schema).xmlFlattened) return items.map((item) => element(name, of, item)).join('')
    const each = traitsOf(of).xmlName ?? 'member'
    return `<${name}>${items.map((item) => element(each, of, item)).join('')}</${name}>`
  }
  if (schema.isMapSchema()) {
    const entries = Object.entries(isObject(value) ? value : {})
    const of = schema.getValueSchema()
    const each = entries.map(
      ([key, item]) => `<entry><key>${escaped(key)}</key>${element('value', of, item)}</entry>`,
    )
    return `<${name}>${each.join('')}</${name}>`
  }
  if (schema.isStructSchema())
    return `<${name}${attributes(schema, value)}>${inside(schema, value)}</${name}>`
  return `<${name}>${escaped(String(value))}</${name}>`
}

/** A grantee's type is an attribute, in the namespace of XML Schema's instances. */
function attributes(schema: NormalizedSchema, value: Json): string {
  if (!isObject(value)) return ''
  let out = ''
  for (const [name, member] of schema.structIterator()) {
    const traits = traitsOf(member)
    if (!traits.xmlAttribute || value[name] === undefined) continue
    out += ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${traits.xmlName ?? name}="${escaped(String(value[name]))}"`
  }
  return out
}

const escaped = (text: string): string =>
  text.replace(/[<>&"\u0000-\u001f\u007f-\u009f]/g, (c) => `&#${c.charCodeAt(0)};`)

/** Times as the protocol writes them; everything else as it stands. */
function jsonOf(schema: NormalizedSchema, value: Json): Json {
  if (value === null || value === undefined) return value
  if (schema.isTimestampSchema()) return schema.getSchema() === ISO ? value : Date.parse(String(value)) / 1000
  if (schema.isListSchema())
    return Array.isArray(value) ? value.map((item) => jsonOf(schema.getValueSchema(), item)) : value
  if (!isObject(value)) return value
  if (schema.isMapSchema())
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, jsonOf(schema.getValueSchema(), item)]),
    )
  if (!schema.isStructSchema()) return value
  const out: Record<string, Json> = {}
  for (const [name, member] of schema.structIterator()) {
    if (value[name] !== undefined) out[traitsOf(member).jsonName ?? name] = jsonOf(member, value[name])
  }
  return out
}

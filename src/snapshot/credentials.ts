/**
 * Credentials in text that anybody may write: tags, names, descriptions. Known formats only, so that what is told
 * of is one; a random-looking word is not.
 * Sources: IAM User Guide, "IAM identifiers" (unique ID prefixes); GitHub, "About authentication" (token prefixes);
 * GitLab, Slack, Stripe, Google Cloud, npm, SendGrid and OpenAI on the formats of their tokens; RFC 7468; RFC 7519.
 */
import type { Json, JsonObject } from './model.ts'

const FORMATS: readonly string[] = [
  '\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b',
  '-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----',
  '\\bgh[pousr]_[A-Za-z0-9]{36,}\\b',
  '\\bgithub_pat_[A-Za-z0-9_]{50,}\\b',
  '\\bglpat-[A-Za-z0-9_-]{20,}',
  '\\bxox[abeprs]-[A-Za-z0-9-]{10,}',
  '\\b[rs]k_live_[A-Za-z0-9]{16,}\\b',
  '\\bAIza[A-Za-z0-9_-]{35}\\b',
  '\\bnpm_[A-Za-z0-9]{36}\\b',
  '\\bSG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}\\b',
  '\\bsk-(?:proj-)?[A-Za-z0-9_-]{40,}',
  '\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}',
  // user:password@host, but no placeholder such as <password>, ${password} or ****
  '\\b[a-z][a-z0-9+.-]{1,20}://[^\\s/:@]{1,100}:[^\\s/:@<>{}$*]{3,100}@',
  // aws_secret_access_key = 40 characters of base64
  '(?:aws_?secret|secret_?(?:access_?)?key)["\'\\s:=]{1,5}[A-Za-z0-9/+]{40}\\b',
  // password=…, but no reference to where it is kept, and no sentence: "password: rotated every month"
  '\\b(?:password|passwd|pwd)["\']?\\s?[:=](?!\\s[a-z]+\\s[a-z])\\s?["\']?(?!arn:|ssm:|secretsmanager:|\\{\\{|https?:)[^\\s<>{}$*,;]{4,}',
]

const CREDENTIAL = new RegExp(FORMATS.join('|'), 'i')
const EVERY = new RegExp(FORMATS.join('|'), 'gi')

/** A tag or setting of this name is a password, whatever it looks like. */
const PASSWORD =
  /(?:^|[^A-Za-z])(?:[Pp]ass(?:word|wd)|PASS(?:WORD|WD)|[Pp]wd|PWD)$|[a-z](?:Pass(?:word|wd)|Pwd)$/
/** It says what is done with passwords: `rotate-password`, `RequirePassword`. */
const ABOUT = /^(?:rotate|reset|change|expire|require|enforce)/i
/** What stands there instead of a password: where it is kept, or whether there is one. */
const REFERENCE =
  /^(?:arn:|\/|\{\{|[a-z]+:\/\/|ssm:|secretsmanager:|(?:true|false|yes|no|none|n\/a|\d{1,3})$)/i

export const HIDDEN = '(hidden: it looks like a credential)'

/** The shortest token has 15 characters; what is shorter needs a sign between a name and its value. Most tags are such. */
const isTooShort = (text: string): boolean => text.length < 15 && !/[:=]/.test(text)

export const holdsCredential = (text: string): boolean => !isTooShort(text) && CREDENTIAL.test(text)

/** Whether the name says that the value is a password, and the value does not say otherwise. */
export const isPassword = (name: string, value: string): boolean =>
  value.length >= 4 && PASSWORD.test(name) && !ABOUT.test(name) && !REFERENCE.test(value)

/** The text without the credentials in it. */
export const conceal = (text: string): string => (holdsCredential(text) ? text.replace(EVERY, HIDDEN) : text)

const pair = (value: JsonObject): readonly [string, string] | undefined => {
  const name = value['Key'] ?? value['key'] ?? value['TagKey']
  const held = value['Value'] ?? value['value'] ?? value['TagValue']
  return typeof name === 'string' && typeof held === 'string' ? [name, held] : undefined
}

/** What may be shown of a value: tags as a map or as pairs, texts, and all that is in them. */
export function concealed(value: Json): Json {
  if (typeof value === 'string') return conceal(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Json) => concealed(item))
  const object = value as JsonObject
  const tag = pair(object)
  const hides = tag !== undefined && isPassword(...tag)
  return Object.fromEntries(
    Object.entries(object).map(([key, member]) => {
      const isSecret = typeof member === 'string' && (isPassword(key, member) || (hides && member === tag[1]))
      return [key, isSecret ? HIDDEN : concealed(member)]
    }),
  )
}

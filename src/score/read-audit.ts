/** An audit that was written as JSON, read back: a baseline, or a point of a trend. */
import { UserError } from '../user-error.ts'
import type { Audit } from './audit.ts'
import { AUDIT_SCHEMA_VERSION } from './build-audit.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @returns the audit, or undefined where the text is something else (a snapshot, say) */
export function readAudit(text: string, file: string): Audit | undefined {
  const value = parse(text)
  if (!isObject(value) || !Array.isArray(value['findings'])) return undefined
  const version = value['schemaVersion']
  if (typeof version === 'number' && version > AUDIT_SCHEMA_VERSION) {
    throw new UserError(
      `audit ${file} has schema version ${version}, this tool reads up to ${AUDIT_SCHEMA_VERSION}`,
      {
        file,
        next: 'Use the version of aws-secaudit that wrote it, or a newer one.',
      },
    )
  }
  const snapshot = value['snapshot']
  const whole =
    isObject(snapshot) &&
    typeof snapshot['time'] === 'string' &&
    Array.isArray(snapshot['accounts']) &&
    Array.isArray(snapshot['regions']) &&
    Array.isArray(value['rules']) &&
    isObject(value['score']) &&
    isObject(value['summary']) &&
    value['findings'].every(isFinding)
  if (whole) return value as unknown as Audit
  throw new UserError(`audit ${file} is not whole`, { file, next: 'Write it again with --format json.' })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isFinding(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value['fingerprint'] === 'string' &&
    typeof value['ruleId'] === 'string' &&
    typeof value['verdict'] === 'string' &&
    typeof value['severity'] === 'string' &&
    isObject(value['resource']) &&
    isObject(value['evidence'])
  )
}

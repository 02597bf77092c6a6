/** KMS grants as rules, and who administers and who uses a key. [KMS Developer Guide, "Grants in AWS KMS", "Default key policy"] */
import type { Json, JsonObject } from '../../snapshot/model.ts'
import { madeRule, type Rule } from './rules.ts'

function object(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function constraint(constraints: JsonObject): Json | undefined {
  const wanted = {
    ...object(constraints['EncryptionContextSubset']),
    ...object(constraints['EncryptionContextEquals']),
  }
  const keys = Object.entries(wanted).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  if (keys.length === 0) return undefined
  return {
    StringEquals: Object.fromEntries(keys.map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
  }
}

export interface KeyGrant {
  readonly grantee: string
  readonly operations: readonly string[]
  readonly rule: Rule
}

const USES = new Set(
  'Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateMac VerifyMac Sign Verify DeriveSharedSecret'.split(
    ' ',
  ),
)

export function usesKey(operation: string): boolean {
  return USES.has(operation)
}

/** Each grant allows its grantee its operations within its constraints. */
export function grantRules(grants: readonly Json[]): KeyGrant[] {
  return grants.flatMap((json): KeyGrant[] => {
    const grant = object(json)
    const grantee = text(grant['GranteePrincipal'])
    const list = grant['Operations']
    const operations = Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : []
    if (grantee === '' || operations.length === 0) return []
    const service = grantee.endsWith('.amazonaws.com') || grantee.endsWith('.amazonaws.com.cn')
    const condition = constraint(object(grant['Constraints']))
    const [rule] = madeRule(`Grant ${text(grant['GrantId']).slice(0, 12)}`, 'grant', {
      Effect: 'Allow',
      Principal: service ? { Service: grantee } : { AWS: grantee },
      Action: operations.map((operation) => `kms:${operation}`),
      ...(condition === undefined ? {} : { Condition: condition }),
    })
    return rule ? [{ grantee, operations, rule }] : []
  })
}

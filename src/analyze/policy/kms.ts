/** KMS grants as rules. [KMS Developer Guide, "Grants in AWS KMS", "Grant constraints"] */
import type { Json, JsonObject } from '../../snapshot/model.ts'
import { object, text, texts } from './json.ts'
import { madeRule, type Rule } from './rule.ts'

export interface KeyGrant {
  readonly id: string
  readonly grantee: string
  readonly operations: readonly string[]
  /** ISO 8601, where the answer has it. */
  readonly created: string
  readonly rule: Rule
}

/** The encryption context that the grant asks for: to have it exactly means to have it, too. */
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

const SERVICE = /\.amazonaws\.com(\.cn)?$/

/** Each grant allows its grantee its operations within its constraints. */
export function grantRules(grants: readonly Json[]): KeyGrant[] {
  return grants.flatMap((json): KeyGrant[] => {
    const grant = object(json)
    const grantee = text(grant['GranteePrincipal'])
    const operations = texts(grant['Operations'])
    if (grantee === '' || operations.length === 0) return []
    const id = text(grant['GrantId'])
    const condition = constraint(object(grant['Constraints']))
    const rule = madeRule(`Grant ${id.slice(0, 12)}`, 'grant', {
      Effect: 'Allow',
      Principal: SERVICE.test(grantee) ? { Service: grantee } : { AWS: grantee },
      Action: operations.map((operation) => `kms:${operation}`),
      ...(condition === undefined ? {} : { Condition: condition }),
    })
    return [{ id, grantee, operations, created: text(grant['CreationDate']), rule }]
  })
}

/** A policy as the snapshot has it: parsed, or still the text that AWS answered. */
import type { Json } from '../../snapshot/model.ts'
import { policyDocument } from '../../snapshot/normalize.ts'

/** API Gateway answers its policy with every quote escaped. [API Gateway REST API Reference, "RestApi"] */
const unescaped = (text: string): string => text.replaceAll('\\"', '"')

/** @returns the document; text that is no JSON stays text; undefined where there is none */
export function documentOf(value: Json | undefined): Json | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const parsed = policyDocument(value)
  return typeof parsed === 'string' && parsed.startsWith('{\\"') ? policyDocument(unescaped(parsed)) : parsed
}

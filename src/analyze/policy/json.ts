/** Narrow views of what AWS answered: whatever it is, the reader gets the shape that it asks for. */
import type { Json, JsonObject } from '../../snapshot/model.ts'

export function object(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

export function texts(value: Json | undefined): string[] {
  return list(value).filter((item): item is string => typeof item === 'string')
}

/** Policies write a single text without its list. */
export function oneOrMany(value: Json | undefined): string[] {
  return typeof value === 'string' ? [value] : texts(value)
}

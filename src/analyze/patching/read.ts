/** Narrow looks into what AWS answered: a member of the wrong kind is as good as absent. */
import type { Json, JsonObject } from '../../snapshot/model.ts'

export function objectAt(of: JsonObject, name: string): JsonObject | undefined {
  const value = Object.hasOwn(of, name) ? of[name] : undefined
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined
}

export function listAt(of: JsonObject | undefined, name: string): readonly JsonObject[] {
  const value = of?.[name]
  return Array.isArray(value)
    ? (value as readonly Json[]).filter(
        (each): each is JsonObject => typeof each === 'object' && each !== null && !Array.isArray(each),
      )
    : []
}

export function textsAt(of: JsonObject | undefined, name: string): readonly string[] {
  const value = of?.[name]
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}

export function textAt(of: JsonObject | undefined, name: string): string {
  const value = of?.[name]
  return typeof value === 'string' ? value : ''
}

export function numberAt(of: JsonObject, name: string): number {
  const value = of[name]
  return typeof value === 'number' ? value : 0
}

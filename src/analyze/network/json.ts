/** Narrowing of what AWS answered: a value of another kind than expected counts as absent. */
import type { Json, JsonObject } from '../../snapshot/model.ts'

export function field(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined
}

export function text(value: Json | undefined, name: string): string | undefined {
  const found = field(value, name)
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The text under a name, empty where there is none: for ids and names, of which none is empty. */
export function word(value: Json | undefined, name: string): string {
  return text(value, name) ?? ''
}

export function number(value: Json | undefined, name: string): number | undefined {
  const found = field(value, name)
  return typeof found === 'number' ? found : undefined
}

export function flag(value: Json | undefined, name: string): boolean | undefined {
  const found = field(value, name)
  return typeof found === 'boolean' ? found : undefined
}

/** The list under a name; undefined when there is none. */
export function listOf(value: Json | undefined, name: string): readonly Json[] | undefined {
  const found = field(value, name)
  return Array.isArray(found) ? (found as readonly Json[]) : undefined
}

export function items(value: Json | undefined, name: string): readonly Json[] {
  return listOf(value, name) ?? []
}

export function texts(value: Json | undefined, name: string): string[] {
  return items(value, name).filter((item): item is string => typeof item === 'string')
}

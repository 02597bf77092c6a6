/** Parameters: what a rule lets its user set. */
import type { Json } from '../snapshot/model.ts'
import type { Parameter } from './model.ts'

/** Whether a JSON value is of a parameter's type. */
export function hasType(value: Json, type: Parameter['type']): boolean {
  switch (type) {
    case 'int':
      return Number.isSafeInteger(value)
    case 'double':
      return typeof value === 'number'
    case 'bool':
      return typeof value === 'boolean'
    case 'string':
      return typeof value === 'string'
    case 'list<string>':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
    case 'list<int>':
      return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item))
    case 'map<string, string>':
      return (
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every((item) => typeof item === 'string')
      )
  }
}

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

/** A parameter's value as it is written on a command line: lists by commas, maps as `key:value` pairs. */
export function readParameter(text: string, type: Parameter['type']): Json | undefined {
  const items = (): string[] => (text === '' ? [] : text.split(',').map((item) => item.trim()))
  const number = (of: string): number => (/^-?\d+(\.\d+)?$/.test(of) ? Number(of) : Number.NaN)
  const value = ((): Json | undefined => {
    switch (type) {
      case 'int':
      case 'double':
        return number(text)
      case 'bool':
        return text === 'true' ? true : text === 'false' ? false : undefined
      case 'string':
        return text
      case 'list<string>':
        return items()
      case 'list<int>':
        return items().map(number)
      case 'map<string, string>': {
        const pairs = items().map((item) => /^([^:]*):(.*)$/s.exec(item))
        return pairs.every((pair) => pair !== null)
          ? Object.fromEntries(pairs.map((pair) => [pair[1] ?? '', pair[2] ?? '']))
          : undefined
      }
    }
  })()
  return value !== undefined && hasType(value, type) && !Number.isNaN(value) ? value : undefined
}

/** The resources in a rule's own tests have AWS's fields too: a misspelt one would test nothing. */
import type { Json, JsonObject } from '../snapshot/model.ts'
import { isObject } from './paths.ts'
import { EXPECTATIONS, type RuleFile, type TestResource, type TestSetting } from './schema.ts'
import { factType, isList, isMap, type Shape, type Shapes, structFields, typeShape } from './shapes.ts'
import { didYouMean } from './suggest.ts'
import type { Path } from './yaml-source.ts'

type Report = (path: Path, key: string, message: string) => void

export const isSetting = (subject: TestResource | TestSetting): subject is TestSetting =>
  'resource' in subject

function checkValue(value: Json, shape: Shape, shapes: Shapes, path: Path, report: Report): void {
  if (Array.isArray(value)) {
    const of = isList(shape) ? shape[1] : 'any'
    for (const [at, item] of value.entries()) checkValue(item as Json, of, shapes, [...path, at], report)
    return
  }
  if (!isObject(value)) return
  if (isMap(shape)) {
    for (const [key, member] of Object.entries(value))
      checkValue(member, shape[1], shapes, [...path, key], report)
    return
  }
  const fields = structFields(shapes, shape)
  if (fields) checkFields(value, fields, shapes, path, report)
}

function checkFields(
  value: Readonly<Record<string, Json>>,
  fields: Readonly<Record<string, Shape>>,
  shapes: Shapes,
  path: Path,
  report: Report,
): void {
  for (const [key, member] of Object.entries(value)) {
    const shape = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (shape === undefined)
      report(path, key, `AWS answers no "${key}" here${didYouMean(key, Object.keys(fields))}`)
    else checkValue(member, shape, shapes, [...path, key], report)
  }
}

function checkKeys(keys: readonly string[], fields: object, path: Path, report: Report): void {
  for (const key of keys) {
    if (!Object.hasOwn(fields, key))
      report(path, key, `no field "${key}"${didYouMean(key, Object.keys(fields))}`)
  }
}

export function checkTests(rule: RuleFile, shapes: Shapes, report: Report): void {
  const one = (resource: TestResource, path: Path): void => {
    const fields = typeShape(shapes, resource.type ?? rule.resource)?.fields
    if (fields === undefined) return
    checkFields(resource.config, fields, shapes, [...path, 'config'], report)
    checkKeys(Object.keys(resource.missing ?? {}), fields, [...path, 'missing'], report)
  }
  rule.tests.forEach((test, at) => {
    for (const kind of EXPECTATIONS) {
      const subject = test[kind]
      if (subject === undefined) continue
      const path = ['tests', at, kind]
      if (!isSetting(subject)) one(subject, path)
      else {
        one(subject.resource, [...path, 'resource'])
        for (const [index, other] of subject.others.entries()) one(other, [...path, 'others', index])
        for (const [name, { unseen = {}, ...known }] of Object.entries(subject.facts ?? {})) {
          const fields = [rule.resource, '*'].map((type) => typeShape(shapes, factType(name, type))?.fields)
          const of = fields.find((found) => found !== undefined)
          const at = [...path, 'facts', name]
          if (of === undefined)
            report([...path, 'facts'], name, `facts.${name} says nothing of ${rule.resource}`)
          else {
            checkFields(known as JsonObject, of, shapes, at, report)
            checkKeys(Object.keys(unseen), of, [...at, 'unseen'], report)
          }
        }
      }
    }
  })
}

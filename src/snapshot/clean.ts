/** What of an answer may be kept: normalized, without what its operation declares as secret. */
import type { Answered, Operation, Service } from '../collect/dsl.ts'
import type { JsonObject } from './model.ts'
import { createNormalizer, without } from './normalize.ts'
import type { Shapes } from './shapes.ts'

export type Clean = (service: Service, operation: Operation, answer: Answered) => JsonObject

/** @returns a function that gives the same for its own result, so that recorded answers read back unchanged */
export function createClean(shapes: Shapes): Clean {
  const normalize = createNormalizer(shapes)
  return (service, operation, answer) => {
    const whole = normalize(answer, `${service.name}:${operation.api}`, service.unordered === true)
    return (operation.never ?? []).reduce(without, whole)
  }
}

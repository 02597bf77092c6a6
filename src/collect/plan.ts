/** The calls that will be made, told before any is. */
import { isSameCall, makesResources, type Operation, permissionOf, type Service, typeOf } from './dsl.ts'

export interface PlannedCall {
  readonly service: string
  readonly operation: string
  /** Tells two uses of one operation apart. */
  readonly variant?: string
  readonly permission: string
  /** `account`, `region`, or `each AWS::KMS::Key`. */
  readonly per: string
  /** Requests where it can be known beforehand (pages not counted). */
  readonly calls: number | undefined
}

export function plan(
  services: readonly Service[],
  regions: number,
  only?: ReadonlySet<string>,
): PlannedCall[] {
  return services.flatMap((service) => {
    const scopes = new Map<string, 'account' | 'region'>()
    return service.operations.flatMap((operation, at): PlannedCall[] => {
      const scope = 'scope' in operation ? operation.scope : undefined
      if (makesResources(operation)) scopes.set(operation.resource, scope ?? 'region')
      if (only && !only.has(`${service.prefix}:${operation.api}`)) return []
      if (service.operations.slice(0, at).some((before) => isSameCall(before, operation))) return []
      return [
        {
          service: service.name,
          operation: operation.api,
          ...(operation.variant === undefined ? {} : { variant: operation.variant }),
          permission: permissionOf(service, operation),
          per: perOf(operation, scope),
          calls: scope === undefined ? undefined : scope === 'account' ? 1 : regions,
        },
      ]
    })
  })
}

function perOf(operation: Operation, scope: 'account' | 'region' | undefined): string {
  if (scope !== undefined) return scope
  if (operation.kind === 'batch') return `up to ${operation.size} of ${operation.of}`
  return `each ${'of' in operation ? operation.of : typeOf(operation)}`
}

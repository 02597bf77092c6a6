/** docs/permissions.md: each permission, the operation that needs it, what it is asked for and which rules read the answer. */
import { permissionOf, type Service, typeOf } from '../../src/collect/dsl.ts'
import { permissions, policyDocument } from '../../src/collect/permissions.ts'
import type { RuleDescription } from '../../src/rules/model.ts'

export function permissionsPage(services: readonly Service[], rules: readonly RuleDescription[]): string {
  const readers = (operation: string): number =>
    rules.filter((rule) => rule.operations.includes(operation)).length
  const rows = services.flatMap((service) => {
    const seen = new Map<string, { types: Set<string>; permission: string }>()
    for (const operation of service.operations) {
      const known = seen.get(operation.api) ?? {
        types: new Set(),
        permission: permissionOf(service, operation),
      }
      known.types.add(typeOf(operation))
      seen.set(operation.api, known)
    }
    return [...seen].map(([api, { types, permission }]) => {
      const of = [...types].map((type) => `\`${type}\``).join(' ')
      return `| \`${permission}\` | ${service.name} ${api} | ${of} | ${readers(`${service.prefix}:${api}`)} |`
    })
  })
  const policy = JSON.stringify(policyDocument(permissions({ services })), null, 2)
  return [
    '# Permissions',
    '',
    'What a role needs so that nothing is left unseen, made from the collectors themselves. All of it reads; a client',
    'refuses to send anything else. `aws-secaudit permissions` prints the policy as JSON, `--format terraform` or',
    '`--format cloudformation`; `--services ec2,kms` only what these need. What is not granted is not a pass: the rules',
    'that read it say `unknown`, and the report names the permission.',
    '',
    '## The policy',
    '',
    '```json',
    policy,
    '```',
    '',
    '## What each is for',
    '',
    '| permission | operation | becomes part of | rules that read it |',
    '| --- | --- | --- | ---: |',
    ...rows,
    '',
  ].join('\n')
}

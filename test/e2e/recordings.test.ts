import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cliName } from '../../src/collect/dsl.ts'
import { services } from '../../src/collect/index.ts'
import { operationSchema, valueProblems } from '../collect/sdk-schema.ts'
import { RECORDED } from './estate.ts'

const files = readdirSync(RECORDED, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
  .map((entry) => relative(RECORDED, join(entry.parentPath ?? entry.path, entry.name)))
  .sort()

/** `123456789012/eu-west-1/ssm/get-inventory.1.json`: which service's which operation. */
function declaredFor(file: string) {
  const [, , name = '', called = ''] = file.split('/')
  const cli = called.replace(/\..*$/, '')
  const service = services.find((each) => each.name === name)
  const operation = service?.operations.find((op) => cliName(op.api) === cli)
  return service && operation ? { service, operation } : undefined
}

describe('recorded answers', () => {
  it('are of operations that collectors declare', () => {
    expect(files.filter((file) => !declaredFor(file))).toEqual([])
    expect(files.length).toBeGreaterThan(100)
  })

  it.each(files.filter((file) => !file.endsWith('.error.json')))(
    '%s has the shape that the SDK knows',
    async (file) => {
      const declared = declaredFor(file)
      if (!declared) return expect.unreachable()
      const schema = operationSchema(await declared.service.load(), declared.operation.api)
      const answer: unknown = JSON.parse(readFileSync(join(RECORDED, file), 'utf8'))
      expect(schema && valueProblems(schema.output, answer, declared.operation.api)).toEqual([])
    },
  )
})

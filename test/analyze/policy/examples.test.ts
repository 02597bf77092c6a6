import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RawFolder } from '../../../src/snapshot/import.ts'
import { type Account, answersOf, type Example, folderOf, rawAnswers, shown, wanted } from './answers.ts'
import examples from './examples.json' with { type: 'json' }

const account: Account = examples.account
const cases = examples.cases as unknown as readonly Example[]

describe('access, from raw answers', () => {
  it.each(cases.map((one): [string, Example] => [`${one.id}: ${one.title}`, one]))(
    '%s',
    async (_, example) => {
      const answers = await answersOf(folderOf(account.accountId, rawAnswers(example, account)), account)
      expect(answers).toHaveLength(1)
      expect(shown(answers[0], example.expected)).toEqual(wanted(example.expected))
    },
  )
})

const RAW = join(import.meta.dirname, 'raw')

function folderAt(path: string): RawFolder {
  const walk = (at: string): string[] =>
    readdirSync(at).flatMap((name) => {
      const inner = join(at, name)
      return statSync(inner).isDirectory() ? walk(inner) : [relative(path, inner).replaceAll('\\', '/')]
    })
  return { name: path, files: walk(path), read: async (file) => readFileSync(join(path, file), 'utf8') }
}

describe('folders that the AWS CLI filled', () => {
  it.each(readdirSync(RAW))('%s answers as its example', async (name) => {
    const example = cases.find((one) => name.endsWith(one.id))
    const [answer, ...more] = await answersOf(folderAt(join(RAW, name)), account)
    expect(more).toEqual([])
    expect(example).toBeDefined()
    expect(shown(answer, example?.expected ?? {})).toEqual(wanted(example?.expected ?? {}))
  })
})

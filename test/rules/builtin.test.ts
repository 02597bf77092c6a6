import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyses } from '../../src/analyze/index.ts'
import { loadRules } from '../../src/rules/load.ts'
import type { Shapes } from '../../src/rules/shapes.ts'
import { lacking, testRules } from '../../src/rules/test-rules.ts'

const root = resolve(import.meta.dirname, '../..')
const shapes = JSON.parse(readFileSync(join(root, 'src/generated/shapes.json'), 'utf8')) as Shapes
const files = readdirSync(join(root, 'rules'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
  .map((entry) => join(entry.parentPath, entry.name))
  .sort()
  .map((path) => ({ file: relative(root, path), text: readFileSync(path, 'utf8') }))
const { rules, problems } = loadRules(files, shapes, analyses)

describe('the rules that come with the tool', () => {
  it('load without a problem or a warning', () => {
    expect(problems).toEqual([])
    expect(rules.length).toBe(files.length)
  })

  it('stand in the folder of their pillar, in a file of their name', () => {
    for (const { about } of rules) expect(about.file).toBe(`rules/${about.pillar}/${about.id}.yaml`)
  })

  it('combine rules that are there', () => {
    const ids = new Set(rules.map((rule) => rule.about.id))
    expect(rules.flatMap((rule) => rule.about.combines ?? []).filter((id) => !ids.has(id))).toEqual([])
  })

  it('show a resource that passes, one that fails and one that is unknown', () => {
    expect(
      rules.filter((rule) => lacking(rule).length > 0).map((rule) => [rule.about.id, lacking(rule)]),
    ).toEqual([])
  })

  it('begin each command with a word of its own: what an expression says may be quoted', () => {
    const begins = (cli: (typeof rules)[number]['fix']['cli']): boolean =>
      /^[#a-z]/.test(String(cli?.[0] ?? 'none'))
    expect(rules.filter(({ fix }) => !begins(fix.cli)).map((rule) => rule.about.id)).toEqual([])
  })

  it('know the operations that they read', () => {
    expect(rules.filter((rule) => rule.about.operations.length === 0).map((rule) => rule.about.id)).toEqual(
      [],
    )
  })

  for (const result of testRules(rules)) {
    it(`${result.ruleId}: ${result.test}`, () => {
      expect(result.message).toBe('')
    })
  }
})

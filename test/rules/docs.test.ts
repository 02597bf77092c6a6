/** docs/rules.md says what the language is: here it is held to it. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyses } from '../../src/analyze/index.ts'
import { evaluate } from '../../src/rules/evaluate.ts'
import { functions } from '../../src/rules/functions.ts'
import { loadRules } from '../../src/rules/load.ts'
import { LOOK_UPS } from '../../src/rules/reads.ts'
import { EXPECTATIONS, ruleSchema } from '../../src/rules/schema.ts'
import type { Shapes } from '../../src/rules/shapes.ts'
import { lacking, testRules } from '../../src/rules/test-rules.ts'
import { indexSnapshot } from '../../src/snapshot/index.ts'
import type { JsonObject } from '../../src/snapshot/model.ts'
import { ACCOUNT, GROUP, REGION, snapshot } from './world.ts'

const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(`${root}/docs/rules.md`, 'utf8')
const shapes = JSON.parse(readFileSync(`${root}/src/generated/shapes.json`, 'utf8')) as Shapes

/** The first column of the tables under a heading; code without its backticks, an escaped pipe as itself. */
function firstColumn(heading: string): string[] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => (/^\| (.*?) (?<!\\)\| /.exec(line)?.[1] ?? '').replaceAll('\\|', '|'))
}

const bare = (cells: readonly string[]): string[] =>
  cells.flatMap((cell) => cell.replaceAll('`', '').split(', '))
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map((match) => match[1] ?? '')

/** One rule from the page, with what a test does not care about. */
const ruleOf = (text: string) => loadRules([{ file: 'our-rules/rule.yaml', text }], shapes, analyses)

describe('the page on rules', () => {
  it('lists every function as it is', () => {
    const silent = { now: () => new Date(0), spend: () => undefined }
    const listed = firstColumn('Functions').map((cell) => cell.replaceAll('`', ''))
    expect(listed.sort()).toEqual(
      functions(silent)
        .map(([signature]) => signature)
        .sort(),
    )
  })

  it('lists every look-up', () => {
    expect(bare(firstColumn('Other resources')).sort()).toEqual([...LOOK_UPS].sort())
  })

  it('lists every key of a rule, and of a test', () => {
    expect(bare(firstColumn('The keys of a rule')).sort()).toEqual(Object.keys(ruleSchema.def.shape).sort())
    const ofTests = bare(firstColumn('Tests'))
    for (const key of [
      ...EXPECTATIONS,
      'name',
      'severity',
      'says',
      'keys',
      'others',
      'unlisted',
      'params',
      'now',
      'facts',
    ])
      expect(ofTests).toContain(key)
  })

  it('lists the variables that there are', () => {
    const wrong = firstColumn('What an expression sees').filter((cell) => {
      const name = cell.replaceAll('`', '')
      const each = name === 'item' ? 'each: config.IpPermissions\nkey: item.IpProtocol\n' : ''
      const lines = `id: x\ntitle: x\npillar: data\nseverity: low\nresource: ${GROUP}\nmessage: x\nrisk: x\nfix: { text: x }\n`
      const { problems } = ruleOf(`${lines}${each}pass: "[${name}].size() == 1"`)
      return problems.some((problem) => problem.level === 'error')
    })
    expect(wrong).toEqual([])
  })

  const examples = blocks('yaml').filter((text) => text.startsWith('id:'))
  it('shows several whole rules', () => {
    expect(examples.length).toBeGreaterThan(2)
  })
  for (const text of examples) {
    const { rules, problems } = ruleOf(text)
    it(`shows a rule that loads, and whose tests hold: ${rules[0]?.about.id}`, () => {
      expect(problems).toEqual([])
      expect(
        testRules(rules)
          .map((result) => result.message)
          .filter((message) => message !== ''),
      ).toEqual([])
      expect(rules.map(lacking)).toEqual([[]])
    })
  }

  const config = JSON.parse(blocks('json')[0] ?? '{}') as JsonObject
  const subject = {
    id: `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/sg-1`,
    type: GROUP,
    account: ACCOUNT,
    region: REGION,
    tags: {},
    config,
  }
  for (const cell of firstColumn('CEL in short')) {
    it(`is right that ${cell}`, () => {
      const expression = cell.slice(1, -1)
      const text = `id: x\ntitle: x\npillar: data\nseverity: low\nresource: ${GROUP}\nmessage: x\nrisk: x\nfix: { text: x }\npass: ${JSON.stringify(expression)}`
      const { rules, problems } = ruleOf(text)
      expect(problems.filter((problem) => problem.level === 'error')).toEqual([])
      const { counts } = evaluate(rules, indexSnapshot(snapshot([subject])))
      expect(counts[0]).toMatchObject({ pass: 1 })
    })
  }
})

import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lay, layoutFor } from '../../scripts/new/lay.ts'
import shapes from '../../src/generated/shapes.json' with { type: 'json' }
import { loadRules } from '../../src/rules/load.ts'
import { testRules } from '../../src/rules/test-rules.ts'
import type { Shapes } from '../../src/snapshot/shapes.ts'

const project = resolve(import.meta.dirname, '../..')
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aws-secaudit-new-'))
  for (const file of ['src/collect/index.ts', 'src/report/index.ts'])
    cpSync(join(project, file), join(root, file), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

const text = (file: string): string => readFileSync(join(root, file), 'utf8')

describe('npm run new', () => {
  it('lays a rule that loads, whose own tests pass', () => {
    const [file = ''] = lay(layoutFor(['rule', 'my-rule', 'data', 'AWS::EC2::Volume']), root)
    expect(file).toBe('rules/data/my-rule.yaml')
    const { rules, problems } = loadRules([{ file, text: text(file) }], shapes as unknown as Shapes)
    expect(problems).toEqual([])
    expect(testRules(rules).filter((result) => !result.ok)).toEqual([])
  })

  it('lays a collector and its test, and lists it', () => {
    const files = lay(layoutFor(['collector', 'cloud-hsm']), root)
    expect(files).toEqual([
      'src/collect/cloud-hsm.ts',
      'test/collect/cloud-hsm.test.ts',
      'src/collect/index.ts',
    ])
    expect(text('src/collect/index.ts')).toContain("import { cloudHsm } from './cloud-hsm.ts'")
    expect(text('src/collect/index.ts')).toMatch(/\n {2}cloudHsm,\n\]/)
  })

  it('lays a report and its test, and lists it', () => {
    lay(layoutFor(['report', 'teams']), root)
    expect(text('src/report/index.ts')).toContain("import { teams } from './teams.ts'")
    expect(text('src/report/index.ts')).toMatch(/teams,?\s*\]\n\nexport/)
  })

  it('writes over nothing, and says what to write for arguments that are none', () => {
    lay(layoutFor(['report', 'teams']), root)
    expect(() => lay(layoutFor(['report', 'teams']), root)).toThrow('is there already')
    expect(() => layoutFor(['rule', 'x', 'cloud', 'AWS::S3::Bucket'])).toThrow('a pillar and a resource type')
    expect(() => layoutFor(['rule', 'Not A Name'])).toThrow('lower case')
    expect(() => layoutFor(['thing', 'x'])).toThrow('no thing')
  })
})

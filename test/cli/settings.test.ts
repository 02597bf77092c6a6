import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import schema from '../../docs/schemas/settings.schema.json' with { type: 'json' }
import { commentedSettings } from '../../src/cli/init.ts'
import { createProgram } from '../../src/cli/program.ts'
import { type Resolved, resolveFlags } from '../../src/cli/shared/resolve.ts'
import { SETTINGS, settingsFileSchema, variableOf } from '../../src/cli/shared/settings.ts'
import { UserError } from '../../src/user-error.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aws-secaudit-settings-'))
})

const file = (text: string, name = 'aws-secaudit.yaml'): void => writeFileSync(join(folder, name), text)

/** What a scan with these arguments takes. */
async function scan(
  args: readonly string[] = [],
  env: Record<string, string> = {},
  at = folder,
): Promise<Resolved> {
  const command = createProgram(() => undefined).commands.find((each) => each.name() === 'scan')
  if (!command) throw new Error('there is no scan')
  command.parseOptions([...args])
  return resolveFlags(command, { env, folder: at })
}

async function refusal(args: readonly string[] = [], env: Record<string, string> = {}): Promise<UserError> {
  const error = await scan(args, env).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof UserError) return error
  throw new Error(`it was taken: ${String(error)}`)
}

describe('a setting', () => {
  it('comes from the flag, then the environment, then the file, then the default', async () => {
    file('failOn: low\n')
    const env = { AWS_SECAUDIT_FAIL_ON: 'medium' }
    const of = async (...given: Parameters<typeof scan>) => {
      const { flags, origins } = await scan(...given)
      return [flags['failOn'], origins.get('failOn')]
    }
    expect(await of(['--fail-on', 'high'], env)).toEqual(['high', '--fail-on'])
    expect(await of([], env)).toEqual(['medium', 'AWS_SECAUDIT_FAIL_ON'])
    expect(await of()).toEqual(['low', 'aws-secaudit.yaml:1'])
    file('{}\n')
    expect(await of()).toEqual([undefined, 'default'])
  })

  it('that is a list is split by commas in the environment, as on the command line', async () => {
    const { flags } = await scan(['--pillar', 'data,iam'], { AWS_SECAUDIT_REGION: 'eu-west-1,eu-west-2' })
    expect(flags).toMatchObject({ region: ['eu-west-1,eu-west-2'], pillar: ['data,iam'] })
  })

  it('that is empty in the environment is not set there', async () => {
    file('failOn: low\n')
    expect((await scan([], { AWS_SECAUDIT_FAIL_ON: '' })).flags['failOn']).toBe('low')
  })

  it('has a variable of its own', () => {
    const names = SETTINGS.map(variableOf)
    expect(new Set(names).size).toBe(names.length)
    expect(names.every((name) => /^AWS_SECAUDIT_[A-Z_]+$/.test(name))).toBe(true)
  })
})

describe('the file', () => {
  it('is found in a folder above, and means paths from its own folder', async () => {
    file('rules: [./ours]\nwaivers: [accepted.yaml]\n')
    const below = join(folder, 'a/b')
    mkdirSync(below, { recursive: true })
    expect((await scan([], {}, below)).flags).toMatchObject({
      rules: ['../../ours'],
      waivers: ['../../accepted.yaml'],
    })
  })

  it('may be another one', async () => {
    file('failOn: low\n', 'other.yaml')
    expect((await scan(['--config', join(folder, 'other.yaml')])).flags['failOn']).toBe('low')
    expect((await scan([], { AWS_SECAUDIT_CONFIG: join(folder, 'other.yaml') })).flags['failOn']).toBe('low')
    expect((await refusal(['--config', join(folder, 'none.yaml')])).message).toMatch(
      /none\.yaml can't be read: it does not exist/,
    )
  })

  it('has profiles, whose settings come over the others', async () => {
    file('failOn: low\nregions: [eu-west-1]\nprofiles:\n  ci:\n    failOn: high\n')
    const { flags, origins } = await scan(['--use', 'ci'])
    expect(flags).toMatchObject({ failOn: 'high', region: ['eu-west-1'] })
    expect(origins.get('failOn')).toBe('aws-secaudit.yaml:5 (profile ci)')
    expect((await scan([], { AWS_SECAUDIT_USE: 'ci' })).flags['failOn']).toBe('high')
    expect((await refusal(['--use', 'cj'])).message).toMatch(/no profile cj; did you mean "ci"\?/)
  })

  it.each([
    [
      'an unknown key',
      'failon: high\n',
      /^aws-secaudit\.yaml:1:1: there is no setting "failon"; did you mean "failOn"\?/,
    ],
    [
      'an unknown key of a profile',
      'profiles:\n  ci: { regionz: [] }\n',
      /yaml:2:9: there is no setting "regionz"/,
    ],
    ['a key that stands twice', 'failOn: high\nfailOn: low\n', /yaml:2:1: Map keys must be unique/],
    ['a value of another type', 'concurrency: many\n', /yaml:1:14: concurrency: /],
    ['a number that is too large', 'concurrency: 5000\n', /yaml:1:14: concurrency: /],
    ['what is no YAML', 'a: [\n', /yaml:\d+:\d+: /],
    ['what is no map', '- a\n', /yaml:1:1: /],
  ])('is refused with line and column for %s', async (_name, text, message) => {
    file(text)
    const error = await refusal()
    expect(error.message).toMatch(message)
    expect(error.where.line).toBeGreaterThan(0)
  })

  it('is described by the published JSON Schema as it is checked', () => {
    const validate = new Ajv2020({ strict: false }).compile(schema)
    const both = (text: string): [boolean, boolean] => {
      const value: unknown = parse(text)
      return [validate(value), settingsFileSchema.safeParse(value).success]
    }
    for (const text of [
      '{}',
      'failOn: high',
      'regions: [a]\nparams: { r: { days: 3 } }',
      'profiles: { ci: { failOn: low } }',
    ])
      expect(both(text), text).toEqual([true, true])
    for (const text of [
      'failon: high',
      'regions: a',
      'concurrency: 0',
      'profiles: { ci: { x: 1 } }',
      'color: blue',
    ])
      expect(both(text), text).toEqual([false, false])
  })
})

describe('init', () => {
  it('writes a file that sets nothing, and every line of which can be uncommented', () => {
    const text = commentedSettings()
    expect(parse(text)).toBeNull()
    const settings = text.replace(/^#(?! )|^#(?= {2})/gm, '')
    const parsed = settingsFileSchema.safeParse(parse(settings))
    expect(parsed.error?.issues ?? []).toEqual([])
    for (const { key } of SETTINGS) expect(Object.keys(parse(settings) as object), key).toContain(key)
  })
})

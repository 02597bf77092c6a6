import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { SETTINGS, variableOf } from '../../src/cli/shared/settings.ts'
import { BIN, build, clean, project, runIn, workFolder } from './built.ts'

const ONLY = '--rule\nec2-ebs-volume-encrypted'
let folder: string

beforeAll(build)
beforeEach(() => {
  folder = workFolder()
})

const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
const audit = (over: Readonly<Record<string, string>> = {}) =>
  runIn(
    folder,
    join(project, 'ci/audit.sh'),
    [],
    clean({
      AWS_SECAUDIT_BIN: BIN,
      AWS_SECAUDIT_COMMAND: 'audit',
      AWS_SECAUDIT_FILES: 'prod.ndjson',
      AWS_SECAUDIT_ARGS: ONLY,
      AWS_SECAUDIT_OUT: 'out',
      ...over,
    }),
  )
const verdict = () => runIn(folder, join(project, 'ci/verdict.sh'), [], clean({ AWS_SECAUDIT_OUT: 'out' }))

describe('the script that pipelines share', () => {
  it('writes every report, the summary and the exit code, and leaves the verdict to the step after the uploads', () => {
    const ended = audit({ AWS_SECAUDIT_FAIL_ON: 'medium', AWS_SECAUDIT_SUMMARY: 'summary.md' })
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stdout).toContain('ec2-ebs-volume-encrypted')
    for (const ending of ['sarif', 'json', 'html', 'xml', 'md'])
      expect(existsSync(join(folder, `out/aws-secaudit.${ending}`)), ending).toBe(true)
    expect(read('summary.md')).toBe(read('out/aws-secaudit.md'))
    expect(read('out/exit-code').trim()).toBe('1')
    expect(verdict()).toMatchObject({ code: 1 })
  })

  it('adds to a summary that is there', () => {
    writeFileSync(join(folder, 'summary.md'), 'before\n')
    audit({ AWS_SECAUDIT_SUMMARY: 'summary.md' })
    expect(read('summary.md')).toMatch(/^before\n./)
  })

  it('passes where nothing is at or above the gate', () => {
    audit({ AWS_SECAUDIT_FAIL_ON: 'critical' })
    expect(verdict()).toMatchObject({ code: 0 })
  })

  it('takes arguments with spaces and quotes as they are', () => {
    const odd = join(folder, `a 'b' "c"`)
    writeFileSync(odd, read('prod.ndjson'))
    expect(audit({ AWS_SECAUDIT_FILES: `a 'b' "c"` })).toMatchObject({ code: 0 })
  })

  it('ends at once, as the tool does, where there is nothing to upload', () => {
    expect(audit({ AWS_SECAUDIT_FILES: 'nothing.ndjson' })).toMatchObject({ code: 2 })
    expect(audit({ AWS_SECAUDIT_FILES: '' })).toMatchObject({ code: 2 })
    expect(audit({ AWS_SECAUDIT_ARGS: '--no-such-flag' })).toMatchObject({ code: 2 })
  })

  it('has no variable that the tool would take for a setting', () => {
    const own = [...readFileSync(join(project, 'ci/audit.sh'), 'utf8').matchAll(/AWS_SECAUDIT_[A-Z]+/g)].map(
      ([name]) => name,
    )
    const settings = new Set(SETTINGS.map(variableOf))
    expect(own.filter((name) => settings.has(name) && name !== 'AWS_SECAUDIT_FAIL')).toEqual([])
  })
})

interface Step {
  readonly run?: string
  readonly uses?: string
  readonly env?: Readonly<Record<string, string>>
}

describe('the GitHub action', () => {
  const action = parse(readFileSync(join(project, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { description: string; default: string }>
    runs: { steps: Step[] }
  }
  const [first, upload, last] = action.runs.steps

  it('gives the script only what it or the tool reads, and every input is used', () => {
    const text = readFileSync(join(project, 'action.yml'), 'utf8')
    for (const name of Object.keys(action.inputs)) expect(text, name).toContain(`inputs.${name}`)
    const known = readFileSync(join(project, 'ci/audit.sh'), 'utf8')
    const settings = SETTINGS.map(variableOf)
    for (const name of Object.keys(first?.env ?? {}))
      expect(
        [...settings, name].includes(name) && (known.includes(name) || settings.includes(name)),
        name,
      ).toBe(true)
  })

  it('runs: audits, says where the reports are, uploads, and fails by policy', () => {
    const env = clean({
      AWS_SECAUDIT_BIN: BIN,
      AWS_SECAUDIT_COMMAND: 'audit',
      AWS_SECAUDIT_FILES: 'prod.ndjson',
      AWS_SECAUDIT_ARGS: ONLY,
      AWS_SECAUDIT_FAIL_ON: 'low',
      AWS_SECAUDIT_OUT: join(folder, 'reports'),
      GITHUB_ACTION_PATH: project,
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      GITHUB_OUTPUT: join(folder, 'output'),
    })
    expect(runIn(folder, 'bash', ['-eo', 'pipefail', '-c', first?.run ?? ''], env)).toMatchObject({ code: 0 })
    expect(read('output')).toBe(`exit-code=1\nreports=${join(folder, 'reports')}\n`)
    expect(read('summary.md')).toContain('ec2-ebs-volume-encrypted')
    expect(upload?.uses).toMatch(/^github\/codeql-action\/upload-sarif@/)
    expect(runIn(folder, 'bash', ['-eo', 'pipefail', '-c', last?.run ?? ''], env)).toMatchObject({ code: 1 })
  })
})

describe('the GitLab template', () => {
  it('runs its script on the packed tool', () => {
    const template = parse(readFileSync(join(project, 'ci/gitlab.yml'), 'utf8')) as {
      '.aws-secaudit': { script: string[]; variables: Record<string, string>; artifacts: { paths: string[] } }
    }
    const { script, variables, artifacts } = template['.aws-secaudit']
    // What the registry would give is packed here instead.
    const [fetch = '', ...rest] = script
    expect(fetch).toContain('npm pack')
    const packed = runIn(
      project,
      'npm',
      ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder],
      { ...process.env },
    )
    expect(packed.code).toBe(0)
    const env = clean({
      ...variables,
      AWS_SECAUDIT_COMMAND: 'audit',
      AWS_SECAUDIT_FILES: 'prod.ndjson',
      AWS_SECAUDIT_ARGS: ONLY,
      AWS_SECAUDIT_FAIL_ON: 'medium',
    })
    const lines = [fetch.replace(/^npm pack [^&]*&& /, ''), ...rest]
    expect(runIn(folder, 'bash', ['-eo', 'pipefail', '-c', lines.join('\n')], env)).toMatchObject({ code: 1 })
    for (const path of artifacts.paths) expect(existsSync(join(folder, path)), path).toBe(true)
  })
})

describe('the container file', () => {
  it('ends as a user without rights, with nothing but the tool', () => {
    const text = readFileSync(join(project, 'Containerfile'), 'utf8')
    const [, final = ''] = text.split(/\nFROM (?!.* AS )/)
    expect(final).toMatch(/^USER node$/m)
    expect(
      [...final.matchAll(/^COPY --from=build (.*)$/gm)].map(([, what]) =>
        what?.split(' ').slice(0, -1).join(' '),
      ),
    ).toEqual(['/build/package.json /build/LICENSE', '/build/bin', '/build/dist', '/build/rules'])
    expect(final).not.toMatch(/^RUN/m)
  })
})

import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Audit } from '../../src/score/audit.ts'
import { BIN, build, clean, type Ended, runIn, snapshotIn, workFolder } from './built.ts'

const RULE = 'ec2-ebs-volume-encrypted'
let folder: string

beforeAll(build)
beforeEach(() => {
  folder = workFolder()
})

const tool = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Ended =>
  runIn(folder, process.execPath, [BIN, ...args], clean({ COLUMNS: '100', ...env }))
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
const json = <T>(ended: Ended): T => {
  expect(ended.stderr).toBe('')
  return JSON.parse(ended.stdout) as T
}
const audit = (...args: readonly string[]): Audit =>
  json<Audit>(tool(['audit', 'prod.ndjson', '--rule', RULE, '--format', 'json', ...args]))

describe('waivers', () => {
  const add = (fingerprint: string, ...more: readonly string[]) =>
    tool([
      'waivers',
      'add',
      fingerprint,
      '--snapshot',
      'prod.ndjson',
      '--reason',
      'scratch: # no data',
      '--owner',
      'data',
      '--expires',
      '2026-12-31',
      ...more,
    ])

  it('are added by the start of a fingerprint, and hide that finding from then on', () => {
    const [finding] = audit().findings
    expect(add(finding?.fingerprint.slice(0, 10) ?? '')).toMatchObject({ code: 0 })
    expect(parse(read('aws-secaudit.waivers.yaml'))).toEqual({
      waivers: [
        {
          rule: RULE,
          resource: finding?.resource.id,
          reason: 'scratch: # no data',
          owner: 'data',
          expires: '2026-12-31',
        },
      ],
    })
    const after = audit()
    expect(after.findings.map((one) => [one.verdict, one.waiver?.owner])).toEqual([['waived', 'data']])
    expect(after.score.overall).not.toEqual(after.score.ignoringWaivers.overall)
    expect(tool(['audit', 'prod.ndjson', '--rule', RULE, '--fail-on', 'info'])).toMatchObject({ code: 0 })
  })

  it('are not added for a date that is none or too far off, nor for a fingerprint of nothing', () => {
    const [finding] = audit().findings
    const print = finding?.fingerprint ?? ''
    for (const date of ['2026-02-30', '2030-01-01', 'soon']) {
      const ended = add(print, '--expires', date)
      expect(ended.code, date).toBe(2)
      expect(ended.stderr.split('\n')).toHaveLength(2)
    }
    expect(add('0000000000').stderr).toMatch(/is of no finding in prod\.ndjson/)
    expect(add(print.slice(0, 3)).stderr).toMatch(/shorter than 8/)
  })

  it('are checked: what is unused, overlapping, broad, running out', () => {
    const entry = (over: string): string =>
      `  - rule: ${RULE}\n    resource: 'arn:aws:ec2:*:volume/*'\n    reason: x\n    owner: y\n    expires: 2026-11-10\n${over}`
    writeFileSync(
      join(folder, 'aws-secaudit.waivers.yaml'),
      `waivers:\n${entry('')}${entry('')}  - rule: '*'\n    resource: arn:aws:s3:::x\n    reason: x\n    owner: y\n    expires: 2026-01-01\n`,
    )
    const { remarks } = json<{ remarks: { kind: string; line: number }[] }>(
      tool(['waivers', 'check', 'prod.ndjson', '--format', 'json']),
    )
    expect(remarks.map(({ kind, line }) => `${line} ${kind}`).sort()).toEqual(
      [
        '12 expired',
        '12 over-broad',
        '12 unused',
        '2 expires-soon',
        '7 expires-soon',
        '7 overlapping',
      ].sort(),
    )
    expect(tool(['waivers', 'check', 'prod.ndjson', '--fail-on', 'unused'])).toMatchObject({ code: 1 })
    expect(tool(['waivers', 'check', 'prod.ndjson', '--fail-on', 'lapsed'])).toMatchObject({ code: 0 })
    expect(tool(['waivers', 'check', '--fail-on', 'what'])).toMatchObject({ code: 2 })
  })

  it('of a broken file waive nothing: exit 2, with line and column', () => {
    writeFileSync(join(folder, 'aws-secaudit.waivers.yaml'), 'waivers:\n  - rule: x\n    untill: 1\n')
    const ended = tool(['audit', 'prod.ndjson'])
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(/^error: aws-secaudit\.waivers\.yaml:\d+:\d+: /)
  })
})

describe('baselines and differences', () => {
  const later = (): void => snapshotIn(folder, 'later.ndjson', ['vol-2', 'vol-3'])
  const GATE = ['--rule', RULE, '--fail-on', 'new:medium']

  it('mark what is new, and gate on it alone', () => {
    snapshotIn(folder, 'prod.ndjson', ['vol-1', 'vol-2'])
    later()
    expect(tool(['audit', 'later.ndjson', ...GATE, '--baseline', 'prod.ndjson'])).toMatchObject({ code: 1 })
    expect(tool(['audit', 'later.ndjson', ...GATE, '--baseline', 'later.ndjson'])).toMatchObject({ code: 0 })
    const ended = tool([
      'audit',
      'later.ndjson',
      '--rule',
      RULE,
      '--baseline',
      'prod.ndjson',
      '--format',
      'json',
    ])
    const { findings, comparison } = json<Audit>(ended)
    expect(findings.map((one) => [one.resource.id.split('/')[1], one.baseline])).toEqual([
      ['vol-2', 'unchanged'],
      ['vol-3', 'new'],
    ])
    expect(comparison?.fixed.map((one) => one.resource.id.split('/')[1])).toEqual(['vol-1'])
  })

  it('take an audit that was written as JSON for a baseline, too', () => {
    writeFileSync(join(folder, 'before.json'), JSON.stringify(audit()))
    later()
    expect(tool(['audit', 'later.ndjson', ...GATE, '--baseline', 'before.json'])).toMatchObject({ code: 1 })
    expect(tool(['audit', 'prod.ndjson', ...GATE, '--baseline', 'before.json'])).toMatchObject({ code: 0 })
  })

  it('need something to compare with', () => {
    expect(tool(['audit', 'prod.ndjson', ...GATE]).stderr).toMatch(/needs an earlier audit/)
    expect(tool(['audit', 'prod.ndjson', ...GATE, '--baseline', 'none.json'])).toMatchObject({ code: 2 })
  })

  it('are told by diff, as words and as JSON', () => {
    snapshotIn(folder, 'prod.ndjson', ['vol-1', 'vol-2'])
    later()
    const told = json<Record<string, { resource: { id: string } }[]>>(
      tool(['diff', 'prod.ndjson', 'later.ndjson', '--rule', RULE, '--format', 'json']),
    )
    const ids = (key: string) => told[key]?.map((one) => one.resource.id.split('/')[1])
    expect([ids('new'), ids('fixed'), ids('changed'), ids('notRescanned'), ids('ruleChanged')]).toEqual([
      ['vol-3'],
      ['vol-1'],
      [],
      [],
      [],
    ])
    expect(tool(['diff', 'prod.ndjson', 'later.ndjson', '--rule', RULE]).stdout).toMatch(
      /\+ medium .*vol-3[\s\S]*- medium .*vol-1[\s\S]*1 new, 1 fixed, 0 changed, 1 unchanged/,
    )
    expect(
      tool(['diff', 'prod.ndjson', 'later.ndjson', '--rule', RULE, '--fail-on', 'new:low']),
    ).toMatchObject({ code: 1 })
  })

  it('of resources are told field by field', () => {
    later()
    snapshotIn(folder, 'prod.ndjson', ['vol-2'], { Size: 9 })
    const { stdout } = tool(['diff', 'prod.ndjson', 'later.ndjson', '--resources'])
    expect(stdout).toMatch(/\+ AWS::EC2::Volume .*vol-3/)
    expect(stdout).toMatch(/config\.Size\n\s+9 → 8/)
  })
})

describe('trend', () => {
  it('is a point an audit, oldest first, in words, JSON and a picture', () => {
    snapshotIn(folder, 'later.ndjson', ['vol-1', 'vol-2'], {}, '2026-11-08T00:00:00Z')
    const files = ['later.ndjson', 'prod.ndjson']
    const { points } = json<{ points: { time: string; bySeverity: { medium: number } }[] }>(
      tool(['trend', ...files, '--format', 'json']),
    )
    expect(points.map((point) => point.time)).toEqual(['2026-11-01T00:00:00Z', '2026-11-08T00:00:00Z'])
    expect(tool(['trend', ...files]).stdout).toMatch(/2026-11-01.*\n2026-11-08/)
    expect(tool(['trend', ...files, '--format', 'html', '-o', 'trend.html'])).toMatchObject({ code: 0 })
    expect(read('trend.html')).toMatch(/<polyline class="low" points="[\d., ]+"/)
  })
})

describe('explain', () => {
  it('takes a verdict apart, by fingerprint or by rule and resource', () => {
    const [finding] = audit().findings
    const byPrint = json<object>(
      tool(['explain', finding?.fingerprint ?? '', '--snapshot', 'prod.ndjson', '--format', 'json']),
    )
    const byName = json<object>(
      tool(['explain', RULE, 'vol-1', '--snapshot', 'prod.ndjson', '--format', 'json']),
    )
    expect(byPrint).toEqual(byName)
    expect(tool(['explain', RULE, 'vol-1', '--snapshot', 'prod.ndjson']).stdout).toMatch(
      /✗ .*config\.Encrypted[\s\S]*To pass/,
    )
    expect(tool(['explain', RULE, 'vol-9', '--snapshot', 'prod.ndjson']).stderr).toMatch(
      /no AWS::EC2::Volume is called vol-9/,
    )
    expect(tool(['explain', 'ec2-ebs-volum-encrypted', 'x', '--snapshot', 'prod.ndjson']).stderr).toMatch(
      /did you mean "ec2-ebs-volume-encrypted"/,
    )
  })
})

describe('settings', () => {
  it('are written by init and shown with where they came from', () => {
    expect(json<object>({ ...tool(['init']), stderr: '' })).toHaveProperty('Statement')
    expect(tool(['init'])).toMatchObject({ code: 2 })
    writeFileSync(join(folder, 'aws-secaudit.yaml'), 'failOn: high\n')
    const { settings } = json<{ settings: { setting: string; value: unknown; origin: string }[] }>(
      tool(['config', 'show', '--format', 'json']),
    )
    expect(settings.find((one) => one.setting === 'failOn')).toMatchObject({
      value: 'high',
      origin: 'aws-secaudit.yaml:1',
    })
  })

  it('give rules their parameters, checked against the rules', () => {
    writeFileSync(join(folder, 'aws-secaudit.yaml'), 'params:\n  ssm-patch-never-scanned: { dayz: 3 }\n')
    expect(tool(['audit', 'prod.ndjson']).stderr).toMatch(
      /^error: aws-secaudit\.yaml:2:36: params: ssm-patch-never-scanned has no parameter dayz; did you mean "days"\?/,
    )
    expect(tool(['audit', 'prod.ndjson', '--config', '/dev/null', '--param', 'days=often'])).toMatchObject({
      code: 2,
    })
  })
})

describe('completion', () => {
  it('in bash knows commands, flags and their choices', () => {
    const script = tool(['completion', 'bash']).stdout
    const asked = (...words: readonly string[]): string => {
      const probe = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); compopt() { :; }; _aws_secaudit; echo "\${COMPREPLY[*]}"`
      return runIn(folder, 'bash', ['-c', probe]).stdout.trim()
    }
    expect(asked('aws-secaudit', 'au')).toBe('audit')
    expect(asked('aws-secaudit', 'rules', '')).toContain('list show test')
    expect(asked('aws-secaudit', 'audit', '--fail')).toBe('--fail-on')
    expect(asked('aws-secaudit', 'permissions', '--format', 't')).toBe('terraform')
  })

  it('knows every command in every shell', () => {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
      const { stdout } = tool(['completion', shell])
      for (const word of ['scan', 'collect', 'audit', 'reach', 'waivers', 'explain', 'fail-on'])
        expect(stdout, `${shell} ${word}`).toContain(word)
    }
    expect(tool(['completion', 'tcsh'])).toMatchObject({ code: 2 })
  })
})

describe('a file that only its owner may read', () => {
  it('is what a snapshot is written as', () => {
    expect(tool(['merge', 'prod.ndjson', '-o', 'merged.ndjson'])).toMatchObject({ code: 0 })
    const { stdout } = runIn(folder, 'stat', ['-c', '%a', 'merged.ndjson'])
    expect(stdout.trim()).toBe('600')
    chmodSync(join(folder, 'merged.ndjson'), 0o644)
  })
})

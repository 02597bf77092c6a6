/** The built command as people use it who have trouble: credentials, interruptions, full disks, closed pipes, broken files. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { NOW, replayed } from './estate.ts'
import type { Call } from './operation-of.ts'
import { type Fault, type ProxyOptions, type ProxyServer, startProxy } from './proxy.ts'
import { type Ended, inFolder, KEY_ID, SECRET, TOKEN, type ToolOptions, tool } from './tool.ts'

let proxy: ProxyServer
let estate: ProxyOptions
let snapshot: string[]

beforeAll(async () => {
  estate = await replayed(inject('answers'), inject('emulator'))
  proxy = await startProxy(estate)
  snapshot = readFileSync(`${inject('answers')}.ndjson`, 'utf8')
    .split('\n')
    .map((line) => `${line}\n`)
    .slice(0, -1)
})
beforeEach(() => proxy.set({ ...estate, fault: () => undefined, delayMs: 0 }))
afterAll(() => proxy.close())

const aws = (args: readonly string[], options: ToolOptions = {}): Promise<Ended> =>
  tool(args, { endpoint: proxy.url, ...options })

const SCAN = ['scan', '--now', NOW, '--region', 'eu-west-1', '--service', 'ec2']
const COLLECT = ['collect', '--now', NOW, '--region', 'eu-west-1', '--service', 'ec2', '-o']

const expired: Fault = {
  kind: 'error',
  status: 403,
  code: 'ExpiredToken',
  message: 'The security token included in the request is expired',
}

/** One line that says what happened and what to do, and nothing of the code that says it. */
function isOneMessage({ stderr, stdout }: Ended): void {
  expect(stderr).toMatch(/^error: .+\n$/)
  expect(stderr).not.toMatch(/\n\s+at |node_modules|chunks\//)
  expect(stdout).toBe('')
}

describe('credentials', () => {
  it('that are not there: what to run, exit 3', async () => {
    const env = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_SESSION_TOKEN: undefined,
    }
    const ended = await aws(SCAN, { env })
    isOneMessage(ended)
    expect(ended.code).toBe(3)
    expect(ended.stderr).toMatch(/aws (sso login|configure)/)
  })

  it('that ran out: what to run, exit 3', async () => {
    proxy.set({ fault: () => expired })
    const ended = await aws(SCAN)
    isOneMessage(ended)
    expect(ended.code).toBe(3)
    expect(ended.stderr).toMatch(/expired/)
  })

  it('of a profile that does not exist: its name, exit 3', async () => {
    const ended = await aws([...SCAN, '--profile', 'no-such-profile'])
    isOneMessage(ended)
    expect(ended.code).toBe(3)
    expect(ended.stderr).toContain('no-such-profile')
  })

  it('that run out half-way: what was collected is kept, and the rest is unknown', async () => {
    await inFolder(async (folder) => {
      proxy.set({
        fault: (call, nth) => (call.operation === 'DescribeSubnets' || nth > 40 ? expired : undefined),
      })
      const file = join(folder, 'half.ndjson')
      const ended = await aws([...COLLECT, file])
      expect(ended.code).toBe(4)
      expect(ended.stderr).toMatch(/expired/i)
      expect(readFileSync(file, 'utf8')).toContain('"AWS::EC2::VPC"')
    })
  })

  it('of another role: it is assumed with what was said, and every other call is its', async () => {
    const assumed: Call[] = []
    proxy.set({
      recorded: (call) => {
        if (call.operation !== 'AssumeRole') return estate.recorded?.(call)
        assumed.push(call)
        return { type: 'text/xml', body: ROLE }
      },
    })
    const role = 'arn:aws:iam::123456789012:role/auditor'
    const how = ['--role-arn', role, '--external-id', 'between-us', '--session-duration', '1800']
    const ended = await aws([...SCAN, '-q', '--format', 'json', ...how])
    expect([0, 4]).toContain(ended.code)
    expect(assumed).toHaveLength(1)
    const said = new URLSearchParams(assumed[0]?.body)
    expect(said.get('RoleArn')).toBe(role)
    expect(said.get('ExternalId')).toBe('between-us')
    expect(said.get('DurationSeconds')).toBe('1800')
  })

  it('of a role that may not be assumed: exit 3', async () => {
    const denied: Fault = {
      kind: 'error',
      status: 403,
      code: 'AccessDenied',
      message: 'not authorized to assume',
    }
    proxy.set({ fault: (call) => (call.operation === 'AssumeRole' ? denied : undefined) })
    const ended = await aws([...SCAN, '--role-arn', 'arn:aws:iam::123456789012:role/auditor'])
    isOneMessage(ended)
    expect(ended.code).toBe(3)
    expect(ended.stderr).toContain('role/auditor')
  })

  it('that ask for MFA where nobody can be asked: says so, exit 3', async () => {
    await inFolder(async (folder) => {
      const config = join(folder, 'config')
      const serial = 'arn:aws:iam::123456789012:mfa/me'
      const profile = `role_arn = arn:aws:iam::123456789012:role/auditor\nsource_profile = base\nmfa_serial = ${serial}\n`
      const base = `aws_access_key_id = ${KEY_ID}\naws_secret_access_key = ${SECRET}\n`
      writeFileSync(config, `[profile audit]\n${profile}[profile base]\n${base}`)
      const env = { AWS_CONFIG_FILE: config, AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }
      const ended = await aws([...SCAN, '--profile', 'audit'], { env })
      isOneMessage(ended)
      expect(ended.code).toBe(3)
      expect(ended.stderr).toMatch(/MFA/)
      expect(ended.stderr).toMatch(/terminal/)
    })
  })

  it('are never told, written or logged', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'all.ndjson')
      const ended = await aws([...COLLECT, file, '--debug', '--record', join(folder, 'raw')])
      expect(ended.code).toBe(0)
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) =>
        each.isFile(),
      )
      const kept = files.map((each) => readFileSync(join(each.parentPath ?? each.path, each.name), 'utf8'))
      for (const secret of [SECRET, TOKEN, KEY_ID])
        expect([ended.stdout, ended.stderr, ...kept].filter((text) => text.includes(secret))).toEqual([])
    })
  })
})

const ROLE = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAASSUMEDASSUMED12</AccessKeyId>
<SecretAccessKey>c2Vzc2lvbg</SecretAccessKey><SessionToken>dG9rZW4</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>`

describe('a network', () => {
  it('that is not there: exit 3', async () => {
    const ended = await aws([...SCAN, '--max-attempts', '1'], { endpoint: 'http://127.0.0.1:9' })
    isOneMessage(ended)
    expect(ended.code).toBe(3)
  })

  it('behind a proxy: every call goes there', async () => {
    const env = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url }
    const ended = await aws([...SCAN, '-q', '--format', 'json'], { endpoint: 'http://aws.test', env })
    expect([0, 4]).toContain(ended.code)
    expect(proxy.calls.some((call) => call.operation === 'DescribeVpcs')).toBe(true)
  })
})

describe('an interrupted collection', () => {
  const interrupted = (folder: string, file: string): Promise<Ended> => {
    proxy.set({ delayMs: 150 })
    return aws([...COLLECT, file, '--concurrency', '2'], {
      cwd: folder,
      during: (running) => {
        const waiting = setInterval(() => {
          if (proxy.calls.length < 12) return
          clearInterval(waiting)
          running.kill('SIGINT')
        }, 20)
      },
    })
  }

  it('keeps what was collected, says how to go on, and goes on with the rest', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'prod.ndjson')
      const ended = await interrupted(folder, file)
      expect(ended.code).toBe(130)
      expect(ended.stderr).toMatch(/--resume/)
      const before = proxy.calls.length
      proxy.set({ delayMs: 0 })
      const resume = /--resume (\S+)/.exec(ended.stderr)?.[1] ?? ''
      const resumed = await aws([...COLLECT, file, '--resume', resume], { cwd: folder })
      expect(resumed.code).toBe(0)
      const after = proxy.calls.length
      proxy.set({})
      const whole = join(folder, 'whole.ndjson')
      expect((await aws([...COLLECT, whole], { cwd: folder })).code).toBe(0)
      expect(after).toBeLessThan(proxy.calls.length)
      expect(before).toBeGreaterThan(0)
      const lines = (of: string): string[] => readFileSync(of, 'utf8').trimEnd().split('\n').slice(1, -1)
      expect(lines(file)).toEqual(lines(whole))
    })
  })
})

describe('an output', () => {
  it('that is closed early ends quietly', async () => {
    const ended = await tool(['rules', 'list', '--format', 'json'], {
      during: (running) => running.stdout?.once('data', () => running.stdout?.destroy()),
    })
    expect(ended.stderr).toBe('')
    expect(ended.code).toBe(0)
  })

  it.runIf(existsSync('/dev/full'))('that is full: one message, exit 2', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'all.ndjson')
      writeFileSync(file, snapshot.join(''))
      const ended = await tool(['audit', file, '-q', '--format', 'json', '--output', '/dev/full'])
      isOneMessage(ended)
      expect(ended.code).toBe(2)
      expect(ended.stderr).toContain('/dev/full')
    })
  })

  it.runIf(existsSync('/dev/full'))('that is full, by redirection: one message, exit 2', async () => {
    const stdout = openSync('/dev/full', 'w')
    const ended = await tool(['rules', 'list', '--format', 'json'], { stdout })
    closeSync(stdout)
    isOneMessage(ended)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain("standard output can't be written: the disk is full")
  })

  it('into a folder that is not there: one message, exit 2', async () => {
    const ended = await aws([...COLLECT, '/no/such/folder/prod.ndjson'])
    isOneMessage(ended)
    expect(ended.code).toBe(2)
    expect(proxy.calls).toEqual([])
  })

  it('has colours only where they are asked for when it is no terminal', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'all.ndjson')
      writeFileSync(file, snapshot.join(''))
      const audit = (args: readonly string[], env = {}): Promise<Ended> =>
        tool(['audit', file, ...args], { env })
      const coloured = '\u001b['
      expect((await audit([])).stdout).not.toContain(coloured)
      expect((await audit(['--color', 'always'])).stdout).toContain(coloured)
      expect((await audit([], { FORCE_COLOR: '1' })).stdout).toContain(coloured)
      expect((await audit([], { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain(coloured)
      expect((await audit(['--color', 'never'], { FORCE_COLOR: '1' })).stdout).not.toContain(coloured)
    })
  })
})

describe('a snapshot', () => {
  const changed = (what: (line: string, at: number) => string): string => snapshot.map(what).join('')
  const whole = (): string => snapshot.join('')
  const oneByte = (text: string): string => {
    const at = text.indexOf('"CidrBlock":"10.') + '"CidrBlock":"1'.length
    return `${text.slice(0, at)}1${text.slice(at + 1)}`
  }
  it.each<[string, () => string | Buffer, RegExp]>([
    ['empty', () => '', /empty/],
    ['cut in a line', () => whole().slice(0, -900), /line \d+/],
    ['cut after a line', () => snapshot.slice(0, -3).join(''), /line \d+/],
    [
      'with a line changed',
      () => changed((line, at) => (at === 5 ? line.replace('"region"', '"reg"') : line)),
      /line 6/,
    ],
    ['with one byte changed', () => oneByte(whole()), /line \d+/],
    [
      'of a newer version',
      () => changed((line) => line.replace('"schemaVersion":1', '"schemaVersion":99')),
      /newer|99/,
    ],
    [
      'that is a picture',
      () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 0xff]),
      /line 1|not a snapshot/,
    ],
    ['whose compression is cut', () => gzipSync(whole()).subarray(0, 2_000), /cut|compress|gzip/],
    ['that is other JSON', () => '{"Vpcs": []}\n', /line 1|not a snapshot/],
  ])('%s is refused: where, exit 2', async (_name, make, says) => {
    await inFolder(async (folder) => {
      const file = join(folder, 'prod.ndjson')
      writeFileSync(file, make())
      const ended = await tool(['audit', file])
      isOneMessage(ended)
      expect(ended.code).toBe(2)
      expect(ended.stderr).toContain('prod.ndjson')
      expect(ended.stderr).toMatch(says)
    })
  })

  it('that is cut can be audited as far as it goes, when that is said', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'prod.ndjson')
      writeFileSync(file, snapshot.slice(0, -3).join(''))
      const ended = await tool(['audit', file, '-q', '--allow-cut', '--format', 'json'])
      expect([0, 4]).toContain(ended.code)
      expect(JSON.parse(ended.stdout)).toHaveProperty('findings')
    })
  })

  it('may come from standard input', async () => {
    const ended = await tool(['audit', '-', '-q', '--format', 'json'], { stdin: snapshot.join('') })
    expect(ended.stderr).toBe('')
    expect(JSON.parse(ended.stdout)).toHaveProperty('findings')
  })
})

describe('wrong usage', () => {
  it.each([
    [['scna'], /scan/],
    [['audit', '--formt', 'json', 'x.ndjson'], /--format/],
    [['audit', 'x.ndjson', '--format', 'jsn'], /json/],
    [['audit', 'x.ndjson', '--severity', 'hihg'], /high/],
    [['audit', 'x.ndjson', '--fail-on', 'new:high'], /baseline/],
    [['audit', 'x.ndjson', '--now', 'yesterday'], /ISO 8601/],
    [['audit', 'no-such.ndjson'], /no-such\.ndjson/],
    [['audit'], /file/i],
    [['scan', '--region', 'eu-wst-1'], /eu-wst-1/],
    [['scan', '--concurrency', '0'], /concurrency/],
    [['scan', '--rule', 'no-such-rule'], /no-such-rule/],
    [['rules', 'show', 'ec2-instance-imdsv3'], /ec2-instance-imdsv2/],
    [['explain', 'nothing'], /./],
  ])('%j is told in a line, exit 2', async (args, says) => {
    const ended = await aws(args)
    isOneMessage(ended)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(says)
  })
})

describe('what a run says meanwhile', () => {
  it('is nothing where standard error is no terminal, each call with --verbose, JSON where asked for', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'a.ndjson')
      const quiet = await aws([...COLLECT, file])
      expect(quiet.stderr.split('\n').length).toBeLessThan(6)
      const verbose = await aws([...COLLECT, file, '--verbose'])
      expect(verbose.stderr).toContain('DescribeVpcs')
      const json = await aws([...COLLECT, file, '--verbose', '--log-format', 'json', '-q'])
      const lines = json.stderr.trimEnd().split('\n')
      expect(lines.map((line) => JSON.parse(line) as unknown).length).toBeGreaterThan(10)
    })
  })
})

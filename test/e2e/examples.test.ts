/** Each example that a command's help prints does what it says, on a real estate. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { DEMO } from './demo.ts'
import { replayed } from './estate.ts'
import { type ProxyServer, startProxy } from './proxy.ts'
import { KEY_ID, SECRET, tool } from './tool.ts'

const BIN = fileURLToPath(new URL('../../bin/aws-secaudit.js', import.meta.url))
const REFERENCE = fileURLToPath(new URL('../../docs/cli.md', import.meta.url))

/** `  aws-secaudit scan --profile prod      judge an account, now`: the words before the remark. */
const EXAMPLES = [
  ...new Set(
    readFileSync(REFERENCE, 'utf8')
      .split('\n')
      .filter((line) => /^ {2}(source <\()?aws-secaudit /.test(line))
      .map((line) => line.trim().split(/ {3,}/)[0] ?? ''),
  ),
]

let proxy: ProxyServer
let folder: string
/** Puts the snapshots there that the examples name, and that some of them write. */
let fresh: () => void
/** What stands in the examples for something of the reader's own. */
let own: readonly (readonly [string, string])[]

interface Finding {
  readonly fingerprint: string
  readonly verdict: string
  readonly resource: { readonly id: string; readonly type: string }
}

beforeAll(async () => {
  proxy = await startProxy(await replayed(inject('answers'), inject('emulator')))
  folder = mkdtempSync(join(tmpdir(), 'aws-secaudit-examples-'))
  mkdirSync(join(folder, 'bin'))
  symlinkSync(BIN, join(folder, 'bin/aws-secaudit'))
  const snapshot = gunzipSync(readFileSync(DEMO))
  fresh = () => {
    for (const name of ['prod', 'last-week', 'today']) writeFileSync(join(folder, `${name}.ndjson`), snapshot)
  }
  fresh()
  cpSync(inject('answers'), join(folder, 'answers'), { recursive: true })
  writeFileSync(join(folder, 'config'), '[profile prod]\nregion = eu-west-1\n')
  writeFileSync(
    join(folder, 'credentials'),
    `[prod]\naws_access_key_id = ${KEY_ID}\naws_secret_access_key = ${SECRET}\n`,
  )
  const request = {
    id: 'one',
    principal: 'anonymous',
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::shop-invoices/a',
  }
  writeFileSync(join(folder, 'requests.ndjson'), `${JSON.stringify(request)}\n`)
  mkdirSync(join(folder, 'my-rules'))
  cpSync(fileURLToPath(new URL('../../rules/data', import.meta.url)), join(folder, 'my-rules'), {
    recursive: true,
  })
  const audit = await tool(['audit', 'prod.ndjson', '-q', '--format', 'json'], { cwd: folder })
  writeFileSync(join(folder, '2026-10.json'), audit.stdout)
  const { findings } = JSON.parse(audit.stdout) as { findings: Finding[] }
  const failing = findings.find(({ verdict }) => verdict === 'fail')?.fingerprint ?? ''
  own = [
    ['3f6c0a1b', failing.slice(0, 12)],
    ['alias-or-id', 'shop-data'],
    ['i-0abc', 'exports-web'],
    ['db-ABCD', 'shop-db'],
    ['my-bucket', 'shop-invoices'],
    ['~/.config/fish/completions/', ''],
    ['stage.ndjson', 'today.ndjson'],
  ]
  return async () => {
    await proxy.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

function run(example: string): Promise<{ code: number | string; stderr: string }> {
  fresh()
  const command = own.reduce((text, [theirs, ours]) => text.replaceAll(theirs, ours), example)
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    HOME: folder,
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_PROFILE: 'prod',
    AWS_ENDPOINT_URL: proxy.url,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  return new Promise((done) => {
    execFile('bash', ['-c', command], { cwd: folder, env, maxBuffer: 1 << 28 }, (error, _stdout, stderr) => {
      done({ code: error?.code ?? 0, stderr })
    })
  })
}

describe('an example in the help', () => {
  it('there is for every command that is not told by its name alone', () => {
    expect(EXAMPLES.length).toBeGreaterThan(20)
  })

  it.each(EXAMPLES)('%s', async (example) => {
    const { code, stderr } = await run(example)
    expect(stderr).not.toMatch(/error:/)
    // Findings, or that something was not seen, are answers too.
    expect([0, 1, 4]).toContain(code)
  })
})

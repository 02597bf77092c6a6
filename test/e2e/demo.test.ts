/** What `npm run demo` shows is what the tool says of a real estate, and is still so. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DEMO, recordDemo } from './demo.ts'
import { inFolder, tool } from './tool.ts'

interface Audit {
  readonly findings: readonly {
    readonly ruleId: string
    readonly verdict: string
    readonly message: string
    readonly resource: { readonly name: string }
  }[]
}

/** A snapshot's lines but for its seal, and for an address in the emulator's memory that it makes an ARN of. */
const linesOf = (file: string): string[] =>
  gunzipSync(readFileSync(file))
    .toString('utf8')
    .replace(/(listener-rule\/[\w/-]+)\/\d+"/g, '$1"')
    .trimEnd()
    .split('\n')
    .slice(0, -1)

describe('the demo', () => {
  it('is what the tool collects of the estate that is seeded for it', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'demo.ndjson.gz')
      await recordDemo(file)
      expect(linesOf(file)).toEqual(linesOf(DEMO))
    })
  })

  it('ends well, with what could not be seen and the next commands to try', async () => {
    const { code, stdout, stderr } = await tool(['audit', DEMO, '--allow-incomplete'])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('kms:ListGrants denied')
    expect(stdout).toContain('s3:GetBucketPolicy denied')
    expect(stdout).toMatch(/Next\s+aws-secaudit explain/)
  })

  it('shows first the one machine that strangers can take and that reads customers’ data', async () => {
    const { stdout } = await tool(['audit', DEMO, '--allow-incomplete', '--format', 'json', '--show-passed'])
    const { findings } = JSON.parse(stdout) as Audit
    const chain = 'path-internet-to-exploitable-to-data'
    expect(findings[0]).toMatchObject({ ruleId: chain, verdict: 'fail', resource: { name: 'exports-web' } })
    expect(findings[0]?.message).toMatch(
      /reads shop-customer-exports by its role\. 203\.0\.113\.7:\d+ → igw-/,
    )
    // Each of the others misses one link: nobody reaches it, its NACL closes it, its role reads no such data.
    const others = findings.filter(
      ({ ruleId, resource }) => ruleId === chain && resource.name !== 'exports-web',
    )
    expect(others.map(({ resource }) => resource.name).sort()).toEqual([
      'blog',
      'exports-web-guarded',
      'exports-web-staging',
    ])
    expect(others.filter(({ verdict }) => verdict === 'fail')).toEqual([])
    const screen = (await tool(['audit', DEMO, '--allow-incomplete'])).stdout
      .split('\n')
      .slice(0, 24)
      .join('\n')
    expect(screen).toContain('exports-web')
    expect(screen).not.toMatch(/blog|guarded|staging/)
  })

  it('cries about nothing that something closes', async () => {
    const { stdout } = await tool(['audit', DEMO, '--allow-incomplete', '--format', 'json'])
    const { findings } = JSON.parse(stdout) as Audit
    const about = (name: string): string[] =>
      findings
        .filter(({ verdict, resource }) => verdict === 'fail' && resource.name === name)
        .map(({ ruleId }) => ruleId)
    // Everybody, but of the own organization only; open on nothing; behind a NACL.
    expect(about('shop-build-artifacts')).toEqual([])
    expect(about('old-remote-desktop').filter((rule) => /exposed/.test(rule))).toEqual([])
    expect(about('exports-web-guarded').filter((rule) => /exposed/.test(rule))).toEqual([])
  })

  it('tells by its exit code that something was not seen, unless that is allowed', async () => {
    expect((await tool(['audit', DEMO])).code).toBe(4)
  })
})

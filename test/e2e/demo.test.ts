/** What `npm run demo` shows is what the tool says of a real estate, and is still so. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DEMO, recordDemo } from './demo.ts'
import { inFolder, tool } from './tool.ts'

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
    expect(stdout).toMatch(/Next\s+aws-secaudit audit/)
  })

  it('tells by its exit code that something was not seen, unless that is allowed', async () => {
    expect((await tool(['audit', DEMO])).code).toBe(4)
  })
})

/** The seeded estate against itself, seen less well: nothing is called fixed that was not looked at. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { answersIn, NOW, replayed } from './estate.ts'
import { type Fault, type ProxyOptions, type ProxyServer, startProxy } from './proxy.ts'
import { inFolder, tool } from './tool.ts'

interface Audit {
  readonly findings: readonly { readonly fingerprint: string; readonly baseline?: string }[]
  readonly comparison?: { readonly fixed: readonly unknown[]; readonly notRescanned: readonly unknown[] }
}

let proxy: ProxyServer
let estate: ProxyOptions
let first: string
let audit: Audit

const scan = async (...args: string[]): Promise<string> => {
  const all = ['scan', '-q', '--now', NOW, '--format', 'json', '--allow-incomplete', ...args]
  return (await tool(all, { endpoint: proxy.url })).stdout
}

/** Scans again with the first audit as the baseline. */
const again = (...args: string[]): Promise<Audit> =>
  inFolder(async (folder) => {
    const baseline = join(folder, 'baseline.json')
    writeFileSync(baseline, first)
    return JSON.parse(await scan('--baseline', baseline, ...args)) as Audit
  })

beforeAll(async () => {
  estate = await replayed(inject('answers'), inject('emulator'))
  proxy = await startProxy(estate)
  first = await scan()
  audit = JSON.parse(first) as Audit
})
beforeEach(() => proxy.set({ ...estate, fault: () => undefined }))
afterAll(() => proxy.close())

const denied: Fault = { kind: 'error', status: 403, code: 'AccessDenied', message: 'not authorized' }

describe('fingerprints', () => {
  it('are each another’s over the estate', () => {
    expect(audit.findings.length).toBeGreaterThan(100)
    expect(new Set(audit.findings.map((finding) => finding.fingerprint)).size).toBe(audit.findings.length)
  })
})

describe('the same estate', () => {
  it('has nothing new and nothing fixed when its answers come in other pages', async () => {
    const recorded = await answersIn(inject('answers'), { halves: true })
    proxy.set({ ...estate, recorded: (call) => (call.service === 'sts' ? undefined : recorded(call)) })
    const { findings, comparison } = await again()
    expect(comparison?.fixed).toEqual([])
    expect(findings.filter((finding) => finding.baseline !== 'unchanged')).toEqual([])
  })

  it.each([
    ['with a listing denied', [], 'DescribeVolumes'],
    ['with another listing denied', [], 'DescribeSecurityGroups'],
    ['with an answer about each bucket denied', [], 'GetBucketPolicy'],
    ['with one Region left out', ['--exclude-region', 'us-east-1'], undefined],
    ['with one pillar only', ['--pillar', 'data'], undefined],
    ['with one service only', ['--service', 'kms'], undefined],
  ] as const)('has nothing fixed %s', async (_name, args, operation) => {
    proxy.set({ fault: (call) => (call.operation === operation ? denied : undefined) })
    const { comparison } = await again(...args)
    expect(comparison?.fixed).toEqual([])
    expect(comparison?.notRescanned.length).toBeGreaterThan(0)
  })
})

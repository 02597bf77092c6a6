/** The built command scans the seeded estate over HTTP: every planted fault is found, and nobody else is blamed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { estateRecordings, NOW, PARTNER } from './estate.ts'
import { label, type Named, ONE_SIDED, planted } from './planted.ts'
import { type ProxyServer, startProxy } from './proxy.ts'
import { type Ended, inFolder, tool } from './tool.ts'

interface Audit {
  readonly findings: readonly {
    readonly ruleId: string
    readonly verdict: string
    readonly resource: Named
    readonly subKey?: string
  }[]
  readonly coverage: readonly {
    readonly service: string
    readonly operation: string
    readonly outcome: string
  }[]
  readonly summary: { readonly byRule: readonly { readonly ruleId: string; readonly unknown: number }[] }
}

let proxy: ProxyServer
let scanned: Ended
let audit: Audit

beforeAll(async () => {
  proxy = await startProxy({ upstream: inject('emulator'), recorded: await estateRecordings() })
  scanned = await scan('--format', 'json', '--show-passed')
  audit = JSON.parse(scanned.stdout) as Audit
  return () => proxy.close()
})

const scan = (...args: string[]): Promise<Ended> =>
  tool(['scan', '-q', '--now', NOW, '--trusted-account', PARTNER, ...args], { endpoint: proxy.url })

const collect = (file: string, ...args: string[]): Promise<Ended> =>
  tool(['collect', '-q', '-o', file, ...args], { endpoint: proxy.url })

/** The names of what a rule gave a verdict. */
const judged = (rule: string, verdict: string): string[] =>
  audit.findings
    .filter((finding) => finding.ruleId === rule && finding.verdict === verdict)
    .map((finding) => label(finding.resource, finding.subKey))
    .sort()

/** The same without their parts. */
const wholes = (rule: string, verdict: string): string[] =>
  judged(rule, verdict).map((name) => name.replace(/#.*/, ''))

const rules = (): string[] => audit.summary.byRule.map((each) => each.ruleId).sort()

describe('a scan of the estate', () => {
  it('ends well: every call was answered', () => {
    expect(scanned.stderr).toBe('')
    expect(scanned.code).toBe(0)
  })

  it('leaves nothing unknown', () => {
    const unknown = audit.findings.filter((finding) => finding.verdict === 'unknown')
    expect(unknown.map((finding) => `${finding.ruleId} ${label(finding.resource)}`)).toEqual([])
  })

  it('finds every planted fault and blames nothing else', () => {
    const found = Object.fromEntries(rules().map((rule) => [rule, judged(rule, 'fail')]))
    const wanted = Object.fromEntries(rules().map((rule) => [rule, [...(planted[rule]?.fail ?? [])].sort()]))
    expect(found).toEqual(wanted)
  })

  it('finds no planted good one at fault, and judges each', () => {
    const wrong = rules().flatMap((rule) => {
      const passed = new Set(wholes(rule, 'pass'))
      const blamed = new Set(wholes(rule, 'fail'))
      const isWrong = (name: string): boolean =>
        name.includes('#') ? !judged(rule, 'pass').includes(name) : !passed.has(name) || blamed.has(name)
      return (planted[rule]?.pass ?? []).filter(isWrong).map((name) => `${rule}: ${name}`)
    })
    expect(wrong).toEqual([])
  })

  it('has as many findings as were planted', () => {
    const fails = audit.findings.filter((finding) => finding.verdict === 'fail').length
    expect(fails).toBe(rules().reduce((sum, rule) => sum + (planted[rule]?.fail.length ?? 0), 0))
  })

  it('meets a good and a bad resource for each rule', () => {
    const lacking = rules().filter((rule) => {
      const both = (planted[rule]?.fail.length ?? 0) > 0 && (planted[rule]?.pass.length ?? 0) > 0
      return !both && ONE_SIDED[rule] === undefined
    })
    expect(lacking).toEqual([])
  })

  it('excuses no rule that needs no excuse', () => {
    const idle = Object.keys(ONE_SIDED).filter((rule) => {
      const { fail = [], pass = [] } = planted[rule] ?? {}
      return fail.length > 0 && pass.length > 0
    })
    expect(idle).toEqual([])
  })
})

describe('a scan and a saved snapshot', () => {
  it('give the same report, byte for byte', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'saved.ndjson')
      const direct = await scan('--format', 'json', '--save', file)
      const later = await tool(['audit', file, '-q', '--trusted-account', PARTNER, '--format', 'json'])
      expect(later.code).toBe(direct.code)
      expect(later.stdout).toBe(direct.stdout)
    })
  })
})

describe('a scan and a collection of everything', () => {
  it('give the same findings', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'all.ndjson')
      expect((await collect(file, '--now', NOW)).code).toBe(0)
      const json = ['--format', 'json']
      const direct = await scan(...json)
      const later = await tool(['audit', file, '-q', '--trusted-account', PARTNER, ...json])
      const [here, there] = [direct, later].map((ended) => (JSON.parse(ended.stdout) as Audit).findings)
      // Where in its file a resource stands is no matter of the finding.
      const said = (of: typeof here) => of?.map((finding) => ({ ...finding, line: 0 }))
      expect(said(there)).toEqual(said(here))
    })
  })
})

describe('a collection', () => {
  const lines = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n')

  it('gives the same resources and calls again from the answers that it recorded', async () => {
    await inFolder(async (folder) => {
      const [first, again] = [join(folder, 'first.ndjson'), join(folder, 'again.ndjson')]
      expect((await collect(first, '--now', NOW, '--record', join(folder, 'raw'))).code).toBe(0)
      expect((await tool(['import', join(folder, 'raw'), '-q', '-o', again])).code).toBe(0)
      expect(lines(again).slice(1, -1)).toEqual(lines(first).slice(1, -1))
    })
  })

  it('differs from another of the same state only in its time', async () => {
    await inFolder(async (folder) => {
      const [one, two] = [join(folder, 'one.ndjson'), join(folder, 'two.ndjson')]
      expect((await collect(one, '--now', '2026-11-01T06:00:00Z')).code).toBe(0)
      expect((await collect(two, '--now', '2026-11-02T07:30:00Z')).code).toBe(0)
      const [manifest = '', ...resources] = lines(one)
      const [manifestOfTwo = '', ...resourcesOfTwo] = lines(two)
      expect(resourcesOfTwo.slice(0, -1)).toEqual(resources.slice(0, -1))
      expect(manifestOfTwo.replace('2026-11-02T07:30:00Z', '2026-11-01T06:00:00Z')).toBe(manifest)
    })
  })

  it('keeps no secret that an answer carried', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'all.ndjson')
      await collect(file, '--record', join(folder, 'raw'))
      const kept = readFileSync(file, 'utf8')
      expect(kept).not.toContain('never-in-a-snapshot')
      expect(kept).not.toContain('c2VjcmV0LXVzZXItZGF0YQ==')
      expect(kept).not.toContain('BEGIN CERTIFICATE')
    })
  })
})

import { describe, expect, it } from 'vitest'
import { reports } from '../../src/report/index.ts'
import type { Verdict } from '../../src/rules/model.ts'
import type { Audit, Finding } from '../../src/score/audit.ts'
import { readBy, render } from './reading.ts'
import { auditOf, rule, sampleAudit, verdict } from './sample.ts'

/** A finding as any reader can tell it. */
type Told = readonly [id: string, verdict: string]

const short = (id: string): string => id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1)
const told = (finding: Finding): Told => [short(finding.resource.id), finding.verdict]

type Objects = readonly Readonly<Record<string, unknown>>[]

/** Reads a report back, by the format's own rules, to the findings in their order. */
const READERS: Readonly<Record<string, (text: string) => Told[]>> = {
  json: (text) => (JSON.parse(text) as Audit).findings.map(told),
  sarif(text) {
    const [{ results }] = (
      JSON.parse(text) as {
        runs: [
          {
            results: {
              locations: [{ logicalLocations: [{ fullyQualifiedName: string }] }]
              kind: string
              suppressions: unknown[]
            }[]
          },
        ]
      }
    ).runs
    return results.map(({ locations, kind, suppressions }) => [
      short(locations[0].logicalLocations[0].fullyQualifiedName),
      suppressions.length > 0 ? 'waived' : kind === 'review' ? 'unknown' : kind,
    ])
  },
  csv(text) {
    const [head = [], ...rows] = readBy('csv', text) as string[][]
    return rows.map((row) => [
      short(row[head.indexOf('resource_id')] ?? ''),
      row[head.indexOf('verdict')] ?? '',
    ])
  },
  junit(text) {
    const verdicts = { failure: 'fail', error: 'unknown', skipped: 'waived', passed: 'pass' } as Record<
      string,
      string
    >
    const { suites } = readBy('junit', text) as { suites: { cases: { name: string; outcome: string }[] }[] }
    return suites.flatMap(({ cases }) =>
      cases.map(({ name, outcome }): Told => [short(name), verdicts[outcome] ?? '']),
    )
  },
  ocsf: (text) => ocsfEvents(JSON.parse(text) as Objects),
  'ocsf-ndjson': (text) =>
    ocsfEvents(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ),
  asff: (text) =>
    (
      JSON.parse(text) as {
        Resources: [{ Id: string }]
        Compliance: { Status: string }
        Workflow: { Status: string }
      }[]
    ).map(({ Resources, Compliance, Workflow }) => {
      const verdicts = { FAILED: 'fail', NOT_AVAILABLE: 'unknown', PASSED: 'pass' } as Record<string, string>
      return [
        short(Resources[0].Id),
        Workflow.Status === 'SUPPRESSED' ? 'waived' : (verdicts[Compliance.Status] ?? ''),
      ]
    }),
  markdown(text) {
    const { rows } = readBy('markdown', text) as { rows: string[][] }
    const verdicts = { fails: 'fail', passes: 'pass' } as Record<string, string>
    return rows.flatMap(([first = '', id = '']): Told[] => {
      const [word = ''] = /^(fails|unknown|waived|passes)/.exec(first) ?? []
      return word === '' ? [] : [[id.split(' ')[0] ?? '', verdicts[word] ?? word]]
    })
  },
  html: (text) =>
    (
      JSON.parse(/id="data">(.*?)<\/script>/s.exec(text)?.[1] ?? '') as {
        findings: { id: string; verdict: string }[]
      }
    ).findings.map(({ id, verdict: kind }) => [short(id), kind]),
}

function ocsfEvents(events: Objects): Told[] {
  return (
    events as readonly {
      resources: [{ uid: string }]
      compliance: { status_id: number }
      status_id: number
    }[]
  ).map(({ resources, compliance, status_id }) => [
    short(resources[0].uid),
    status_id === 3 ? 'waived' : (['pass', 'unknown', 'fail'][compliance.status_id - 1] ?? ''),
  ])
}

/** A suite or a fold of each rule: rules where their first finding stands, findings of a rule in the audit's order. */
const GROUPED: ReadonlySet<string> = new Set(['junit', 'markdown'])

function expected(audit: Audit, format: string): Told[] {
  if (!GROUPED.has(format)) return audit.findings.map(told)
  const rules = [...new Set(audit.findings.map((finding) => finding.ruleId))]
  return rules.flatMap((id) => audit.findings.filter((finding) => finding.ruleId === id).map(told))
}

describe('all formats', () => {
  const formats = [...reports.keys()].filter((name) => name !== 'table')

  it('are read here', () => {
    expect(Object.keys(READERS).sort()).toEqual([...formats].sort())
  })

  describe.each(formats)('%s', (format) => {
    it.each([
      ['open, unknown and waived', sampleAudit()],
      ['passed, too', sampleAudit({ showPassed: true })],
      ['none', auditOf([rule('open')], [])],
    ])('carries the same findings in the same order, unknown and waived marked as such: %s', (_, audit) => {
      const text = render(format, audit)
      const read = text === '' ? [] : READERS[format]?.(text)
      expect(read).toEqual(expected(audit, format))
    })
  })

  it('say when the audit is incomplete, and only then', () => {
    const open = verdict(rule('open'), 'fail', 'sg-1')
    const unseen = verdict(rule('open'), 'unknown', 'sg-2')
    const says = (verdicts: readonly Verdict[]): Record<string, boolean> => {
      const audit = auditOf([rule('open')], verdicts)
      const signs: Record<string, RegExp> = {
        table: /Not seen {2}1 operation/,
        json: /"incomplete": true/,
        sarif: /"incomplete":true/,
        csv: /,true\r\n$/,
        junit: /name="incomplete" value="true"/,
        ocsf: /"audit_incomplete":true/,
        'ocsf-ndjson': /"audit_incomplete":true/,
        asff: /audit-incomplete":"true"/,
        markdown: /\*\*Incomplete\*\*/,
        html: /<b>Incomplete\.<\/b>/,
      }
      return Object.fromEntries(
        [...reports.keys()].map((name) => [name, signs[name]?.test(render(name, audit)) ?? false]),
      )
    }
    const all = [...reports.keys()]
    expect(all.filter((name) => !says([open, unseen])[name])).toEqual([])
    expect(all.filter((name) => says([open])[name])).toEqual([])
  })
})

describe('the table', () => {
  const audit = sampleAudit({ showPassed: true })
  const text = render('table', audit, { all: true, width: 160 })

  it('lists the same findings with --all, by their verdict', () => {
    const marks = { fail: '✗', unknown: '?', waived: ' ', pass: '✓' } as const
    for (const { resource, verdict: kind } of audit.findings) {
      const id = short(resource.id)
      if (kind === 'waived' || kind === 'unknown') continue
      expect(text).toMatch(new RegExp(`^ {2}${marks[kind]} .*\\b${id}\\b`, 'm'))
    }
    const section = (title: string): string =>
      new RegExp(`^── ${title} .*\\n([^─]*)`, 'm').exec(text)?.[1] ?? ''
    expect(section('Unknown').match(/^ {2}\? /gm)).toHaveLength(audit.summary.byVerdict.unknown)
    expect(section('Waived').match(/^ {4}until/gm)).toHaveLength(audit.summary.byVerdict.waived)
  })

  it('counts as the audit does', () => {
    const { fail, unknown, waived, pass } = audit.summary.byVerdict
    expect(text).toMatch(new RegExp(`Overall .* ${fail} +${unknown} +${waived} +${pass}$`, 'm'))
  })
})

import { describe, expect, it } from 'vitest'
import type { Audit } from '../../src/score/audit.ts'
import { readBy, render } from './reading.ts'
import { auditOf, call, HOSTILE, largeAudit, rule, sampleAudit, verdict } from './sample.ts'

interface Read {
  readonly elements: readonly (readonly [string, Readonly<Record<string, string | null>>])[]
  readonly rows: readonly (readonly string[])[]
  readonly summaries: readonly string[]
  readonly html: string
}

const read = (audit: Audit): Read => readBy('markdown', render('markdown', audit)) as Read

describe('the Markdown report', () => {
  const audit = sampleAudit()
  const { elements, rows, summaries, html } = read(audit)

  it('has a row for each finding, the rules worst first', () => {
    const ids = rows
      .filter((row) => /^(fails|unknown|waived)/.test(row[0] ?? ''))
      .map((row) => row[1]?.split(' ')[0])
    const byRule = [...new Set(audit.findings.map((one) => one.ruleId))].flatMap((id) =>
      audit.findings.filter((one) => one.ruleId === id),
    )
    expect(ids).toEqual(byRule.map((one) => one.resource.id.split('/')[1]))
  })

  it('folds each rule under what it counts', () => {
    expect(summaries.filter((summary) => /\d+ fail, \d+ unknown, \d+ waived/.test(summary))).toHaveLength(10)
    expect(summaries[0]).toBe('Not seen: 2 operations')
  })

  it('starts with the score, what is incomplete and the counts', () => {
    const [first = '', ...rest] = render('markdown', audit).split('\n\n')
    expect(first).toMatch(/^## Security posture: \d+–\d+ of 100$/)
    expect(rest[1]).toContain('**Incomplete**')
    expect(rest[2]).toContain('10 critical')
    expect(rows.find((row) => row[0] === 'Overall')?.slice(2)).toEqual(['50', '50', '50', '50'])
  })

  it('is not called incomplete where all was seen', () => {
    const whole = auditOf([rule('open')], [verdict(rule('open'), 'fail', 'sg-1')], { calls: [call()] })
    expect(render('markdown', whole)).not.toContain('Incomplete')
  })

  it("makes nothing of the account's values but text", () => {
    const allowed = new Set([
      'h2',
      'p',
      'code',
      'blockquote',
      'strong',
      'b',
      'table',
      'thead',
      'tbody',
      'tr',
      'th',
      'td',
      'details',
      'summary',
      'ul',
      'li',
    ])
    expect(new Set(elements.map(([tag]) => tag).filter((tag) => !allowed.has(tag)))).toEqual(new Set())
    expect(
      elements.flatMap(([, attributes]) => Object.keys(attributes)).filter((name) => name !== 'align'),
    ).toEqual([])
  })

  it('shows those values as they are, though no pipe parts a cell', () => {
    const cells = rows.map((row) => row[1] ?? '')
    for (const value of [
      'a|b|c',
      '<script>alert(1)</script><img src=x onerror=alert(1)>',
      '部署用セキュリティグループ',
    ])
      expect(cells.some((cell) => cell.endsWith(` ${value}`))).toBe(true)
    expect(
      cells.some((cell) => cell.endsWith('`code` **bold** [link](https://evil.example) @everyone #1 {0}')),
    ).toBe(true)
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([4, 5, 6]))
  })

  it('lets nobody be mentioned, and no issue or mail address be linked', () => {
    // GitHub looks for them in what is rendered, in each run of text on its own.
    expect(html).not.toMatch(/[@#]\w/)
    const mail = verdict(rule('open'), 'fail', 'sg-1', { name: 'me@evil.example www.evil.example' })
    expect(read(auditOf([rule('open')], [mail])).elements.map(([tag]) => tag)).not.toContain('a')
  })

  it('says why a verdict is unknown, who waived what, and what is new', () => {
    const of = (start: string) => rows.filter((row) => row[0]?.startsWith(start))
    expect(of('unknown').every((row) => row[3]?.includes('kms:GetKeyPolicy denied'))).toBe(true)
    expect(of('waived').every((row) => row[3]?.includes('Waived: Accepted'))).toBe(true)
    expect(of('fails (new)').length).toBeGreaterThan(0)
  })

  it("stays under GitHub's limit of 1 MiB and counts what did not fit", () => {
    const long = largeAudit(10_000, (at) => ({ name: HOSTILE[at % HOSTILE.length] ?? '' }))
    const text = render('markdown', long)
    expect(Buffer.byteLength(text)).toBeLessThan(1_048_576)
    const shown = (readBy('markdown', text) as Read).rows.filter((row) =>
      /^(fails|unknown)/.test(row[0] ?? ''),
    ).length
    expect(text).toContain(`**${10_000 - shown} more findings** did not fit here`)
    expect(shown).toBeGreaterThan(1_000)
  })

  it('stays under it however much could not be seen', () => {
    const calls = Array.from({ length: 3_000 }, (_, at) =>
      call({ operation: `Describe${'X'.repeat(500)}${at}`, permission: `ec2:${at}`, outcome: 'denied' }),
    )
    expect(Buffer.byteLength(render('markdown', sampleAudit({ calls })))).toBeLessThan(1_048_576)
  })
})

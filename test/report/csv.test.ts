import { describe, expect, it } from 'vitest'
import type { Audit } from '../../src/score/audit.ts'
import { readBy, render } from './reading.ts'
import { auditOf, HOSTILE, rule, sampleAudit, verdict } from './sample.ts'

/** Rows by column, as Python's own reader takes them. */
function rowsOf(text: string): Record<string, string>[] {
  const [head = [], ...rows] = readBy('csv', text) as string[][]
  expect(rows.every((row) => row.length === head.length)).toBe(true)
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])))
}

const rows = (audit: Audit): Record<string, string>[] => rowsOf(render('csv', audit))

describe('the CSV report', () => {
  const audit = sampleAudit()
  const table = rows(audit)

  it('has a row for each finding, in order', () => {
    expect(table.map((row) => row['fingerprint'])).toEqual(audit.findings.map((one) => one.fingerprint))
    expect(table.map((row) => row['verdict'])).toEqual(audit.findings.map((one) => one.verdict))
    expect(table.map((row) => row['baseline'])).toEqual(audit.findings.map((one) => one.baseline))
  })

  it('ends each line with CR LF', () => {
    const text = render('csv', auditOf([rule('open')], [verdict(rule('open'), 'fail', 'sg-1')]))
    expect(text.split('\r\n')).toHaveLength(3)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })

  it('starts with a byte order mark only where that is asked for', () => {
    expect(render('csv', audit).startsWith('severity,')).toBe(true)
    expect(render('csv', audit, { bom: true }).startsWith('\ufeffseverity,')).toBe(true)
  })

  it('has no cell that a spreadsheet would compute', () => {
    const cells = table.flatMap((row) => Object.values(row))
    expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([])
    for (const value of ['=cmd()|calc!A0', '+1', '-1', '@SUM(A1)'])
      expect(table.some((row) => row['resource_name'] === `'${value}`)).toBe(true)
  })

  it('keeps values as they are otherwise: lines, commas, quotes, letters of any script', () => {
    for (const value of ['two\nlines\r\nand\ta tab', 'a|b|c', ']]>&amp;"quotes" \'single\''])
      expect(table.some((row) => row['resource_name'] === value)).toBe(true)
    expect(table.some((row) => row['resource_name'] === '部署用セキュリティグループ')).toBe(true)
  })

  it('shows what a reader would not see', () => {
    expect(table.some((row) => row['resource_name'] === '\\u{202e}gnp.exe\\u{202c}')).toBe(true)
    expect(table.flatMap((row) => Object.values(row)).join('')).not.toMatch(/[\u0000\u001b\u202e]/)
  })

  it('says why a verdict is unknown, who waived a finding, and whether the audit is whole', () => {
    for (const row of table) {
      expect(row['not_known'] !== '').toBe(row['verdict'] === 'unknown')
      expect(/^Accepted: .*owner: network team/s.test(row['waiver'] ?? '')).toBe(row['verdict'] === 'waived')
      expect(row['audit_incomplete']).toBe('true')
    }
  })

  it('fits each cell into a spreadsheet', () => {
    const long = verdict(rule('open'), 'fail', 'sg-1', { evidence: { Policy: 'x'.repeat(100_000) } })
    const [row] = rows(auditOf([rule('open')], [long]))
    expect(row?.['evidence']?.length).toBeLessThanOrEqual(32_767)
  })

  it('keeps the header where there is no finding', () => {
    expect(rows(auditOf([], []))).toEqual([])
    expect(HOSTILE.length).toBeGreaterThan(10)
  })
})

import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { withWaiver } from '../../src/rules/waiver-edit.ts'

const waiver = {
  rule: 'no-owner',
  resource: 'arn:aws:s3:::files',
  reason: 'public: by design # really',
  owner: 'data team',
  expires: '2026-12-31',
}
type File = { waivers: unknown[] }

describe('adding a waiver', () => {
  it('makes a file where there is none', () => {
    const text = withWaiver('', waiver)
    expect(text).toMatch(/^# Accepted findings/)
    expect((parse(text) as File).waivers).toEqual([waiver])
  })

  it('leaves comments, order, quotes and what follows as they are', () => {
    const before = `# Reviewed every quarter by the security team.
maxDays: 180
waivers:
    # The site.
    - rule: 's3-*'
      resource: "arn:aws:s3:::site" # the one
      reason: It is a site.

      owner: web
      expires: 2026-12-01   # a Tuesday

# End of the list.
`
    const after = withWaiver(before, waiver)
    const [head = '', tail = ''] = before.split('a Tuesday\n')
    expect(after.startsWith(`${head}a Tuesday\n`)).toBe(true)
    expect(after.endsWith(tail)).toBe(true)
    expect((parse(after) as File).waivers[1]).toEqual(waiver)
    expect((parse(after) as File).waivers[0]).toEqual((parse(before) as File).waivers[0])
  })

  it('follows the indentation of the list', () => {
    const flat = 'waivers:\n- rule: a\n  resource: b\n  reason: c\n  owner: d\n  expires: 2026-12-01\n'
    expect(withWaiver(flat, waiver)).toMatch(/\n- rule: "no-owner"\n {2}resource: /)
  })

  it('fills an empty list, and one in brackets', () => {
    for (const text of ['waivers: []\n', 'waivers:\n', 'maxDays: 9\n'])
      expect((parse(withWaiver(text, waiver)) as File).waivers).toEqual([waiver])
    const flow = 'waivers: [{ rule: a, resource: b, reason: c, owner: d, expires: 2026-12-01 }]\n'
    expect((parse(withWaiver(flow, waiver)) as File).waivers).toHaveLength(2)
  })

  it('can be done again and again', () => {
    const twice = withWaiver(withWaiver('', waiver), { ...waiver, rule: 'no-policy' })
    expect((parse(twice) as File).waivers).toEqual([waiver, { ...waiver, rule: 'no-policy' }])
  })

  it('refuses what is no waiver file', () => {
    for (const text of ['- a\n', 'waivers: {', '"x"\n'])
      expect(() => withWaiver(text, waiver)).toThrow('no file of waivers')
  })
})

import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { commandLines } from '../../src/report/table-command.ts'
import { compareAudits } from '../../src/score/compare.ts'
import { estate } from './estate.ts'
import { render } from './reading.ts'
import { auditOf, call, largeAudit, rule, sampleAudit, verdict } from './sample.ts'

const ESC = '\u001b'
const plain = (text: string): string => text.replace(new RegExp(`${ESC}\\[[\\d;]*m`, 'g'), '')

describe('the table', () => {
  it.each([40, 60, 80, 120, 160])('is at most %d columns wide, whatever the account is called', (width) => {
    for (const all of [false, true]) {
      const lines = plain(
        render('table', sampleAudit({ showPassed: true }), { width, all, colorLevel: 1 }),
      ).split('\n')
      expect(lines.filter((line) => stringWidth(line) > width)).toEqual([])
    }
  })

  it('has colours only where they are shown, and says the same without', () => {
    const without = render('table', estate(120), { colorLevel: 0 })
    expect(without).not.toContain(ESC)
    const coloured = render('table', estate(120), { colorLevel: 2 })
    expect(coloured).toContain(ESC)
    expect(plain(coloured)).toBe(without)
  })

  it('obeys nothing that an account says', () => {
    for (const all of [false, true]) {
      const text = plain(render('table', sampleAudit({ showPassed: true }), { all, colorLevel: 3 }))
      expect(text).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/u,
      )
    }
  })

  it('groups findings by rule, worst first, each under its severity as a word', () => {
    const heads = render('table', estate(360)).match(/^ (CRITICAL|HIGH|MEDIUM|LOW|INFO) /gm) ?? []
    const order = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFO']
    const ranks = heads.map((head) => order.indexOf(head.trim()))
    expect(ranks).toHaveLength(12)
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
  })

  it('shows the first three resources of a rule and counts the rest; with --all every one', () => {
    const audit = estate(360)
    expect(render('table', audit)).toMatch(/… and 6 more \(--all\)/)
    const all = render('table', audit, { all: true })
    expect(all).not.toContain('more (--all)')
    expect(all.match(/✗/g)).toHaveLength(audit.findings.filter((one) => one.verdict === 'fail').length)
  })

  it('keeps what weighs little short: its commands stand there with --all', () => {
    const lightest = (all: boolean): string => {
      const text = render('table', estate(360), { width: 120, all })
      const from = text.search(/^ LOW /m)
      return text.slice(from, text.indexOf('──', from))
    }
    expect(lightest(false)).toMatch(/^ {2}Fix {2}\S/m)
    expect(lightest(false)).not.toMatch(/^ {7}aws /m)
    expect(lightest(true)).toMatch(/^ {7}aws /m)
  })

  it('says how much of a long command it leaves out', () => {
    const cli = Array.from({ length: 9 }, (_, at) => `aws ec2 describe-vpcs --page ${at}`).join('\n')
    const open = rule('open')
    const long = auditOf([open], [{ ...verdict(open, 'fail', 'sg-1'), remediation: { text: 'Do it.', cli } }])
    expect(render('table', long)).toContain('… 4 more lines (--all)')
    expect(render('table', long, { all: true })).toContain('--page 8')
  })

  it('marks what is new, unknown and waived, and says until when by whom', () => {
    const text = render('table', estate(360), { all: true })
    expect(text).toMatch(/✗ .* new \d{12} /)
    expect(text).toMatch(/── Unknown \(15\)/)
    expect(text).toMatch(/until 2027-03-01, platform team: The office VPN/)
  })

  it('ends with score, counts, what was not seen, where the details are and what to run next', () => {
    const end = render('table', estate(120)).split('── Score')[1] ?? ''
    for (const label of ['Score', 'Findings', 'Not seen', 'Details', 'Next'])
      expect(end).toMatch(new RegExp(`^ {2}${label} `, 'm'))
    expect(end).toContain('aws-secaudit permissions > policy.json')
  })

  it('proposes commands about the files as they were named', () => {
    const text = render('table', estate(120), { files: ['/data/my snapshots/prod.ndjson'], width: 160 })
    expect(text).toMatch(
      /Next +aws-secaudit explain [0-9a-f]{12} --snapshot '\/data\/my snapshots\/prod\.ndjson'\n/,
    )
    expect(text).toContain("aws-secaudit audit '/data/my snapshots/prod.ndjson' --format html")
    const two = render('table', estate(120), { files: ['a.ndjson', 'b.ndjson'], width: 160 })
    expect(two).toContain('aws-secaudit audit a.ndjson b.ndjson --severity')
    expect(two).not.toContain('aws-secaudit explain')
  })

  it('says that all was seen where it was, and that nothing fails or nothing was judged', () => {
    const whole = auditOf([rule('open')], [], { calls: [call()], passes: { open: 2 } })
    expect(render('table', whole)).toMatch(/nothing: every call was answered/)
    expect(render('table', whole)).toContain('Nothing that was judged fails.')
    expect(render('table', auditOf([], []))).toContain('Nothing was judged.')
  })

  it('tells what changed since the baseline', () => {
    const [one, two, three] = ['sg-1', 'sg-2', 'sg-3'].map((id) => verdict(rule('open'), 'fail', id))
    if (!one || !two || !three) expect.fail()
    const compared = compareAudits(auditOf([rule('open')], [one, two]), auditOf([rule('open')], [two, three]))
    expect(render('table', compared, { width: 120 })).toMatch(
      /Baseline +1 new, 1 fixed, 0 changed, 1 unchanged/,
    )
  })

  it('takes ten thousand findings', () => {
    expect(render('table', largeAudit(10_000)).split('\n').length).toBeLessThan(150)
  })
})

describe('a command that is longer than a line', () => {
  /** The words that a shell makes of it. */
  const words = (command: string): string[] =>
    execFileSync('sh', ['-c', `set -- ${command}\nfor word in "$@"; do printf '%s\\0' "$word"; done`])
      .toString()
      .split('\0')
      .slice(0, -1)

  const quoted = fc
    .string({ unit: fc.constantFrom(...'ab="\\$é鍵 {}/:-'), maxLength: 60 })
    .map((text) => `'${text}'`)
  const bare = fc.string({ unit: fc.constantFrom(...'abc=,:/-'), minLength: 1, maxLength: 60 })
  const double = fc.string({ unit: fc.constantFrom(..."ab c='/"), maxLength: 60 }).map((text) => `"${text}"`)

  it('is joined by a shell to the same words', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(quoted, bare, double), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 20, max: 50 }),
        (parts, width) => {
          const command = parts.join(' ')
          const lines = commandLines(command, 7, width)
          expect(words(lines.join('\n'))).toEqual(words(command))
          for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is indented, but for a line that goes on with a word', () => {
    expect(
      commandLines('aws s3api put --bucket b --configuration AAAA=true,BBBB=true,CCCC=true', 4, 24),
    ).toEqual([
      '    aws s3api put \\',
      '    --bucket b \\',
      '    --configuration \\',
      '    AAAA=true,BBBB=tru\\',
      'e,CCCC=true',
    ])
  })

  it('leaves no word of a comment to the shell', () => {
    expect(commandLines('aws ec2 close # then look whether it is closed', 2, 24)).toEqual([
      '  aws ec2 close',
      '  # then look whether it',
      '  # is closed',
    ])
  })

  it('closes a single quote before it goes on', () => {
    expect(commandLines(`x '${'y'.repeat(30)}'`, 2, 20)).toEqual([
      '  x \\',
      `  '${'y'.repeat(15)}'\\`,
      `'${'y'.repeat(15)}'`,
    ])
  })
})

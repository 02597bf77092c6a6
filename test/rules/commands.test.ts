import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hclText, quotings, shellText } from '../../src/rules/commands.ts'
import type { Template } from '../../src/rules/pieces.ts'
import { audit, bucket } from './world.ts'

/** A command with one value in it, as a rule's `fix.cli` gives it. */
function command(before: string, value: unknown, after: string): string {
  const parts = [before, {}, after] as unknown as Template
  return `${before}${shellText(value, quotings(parts)[1] ?? 'bare')}${after}`
}

const run = (text: string): string => execFileSync('sh', ['-c', text], { encoding: 'utf8' })

/** What a name or tag may hold; a shell's arguments can hold no NUL, and $( ) drops the last line ends. */
const hostile = fc
  .string({ unit: fc.constantFrom(...`ab1 '"\`$(){}\\!;&|<>*?~#-\n`) })
  .map((text) => `${text}.`)

describe('a value in a command', () => {
  it('stands bare where it needs no quotes', () => {
    expect(command('aws ec2 delete-vpc --vpc-id ', 'vpc-1', '')).toBe('aws ec2 delete-vpc --vpc-id vpc-1')
    expect(command('x ', 'arn:aws:s3:::a/b_c.d@e=f,g+h%i', '')).toBe('x arn:aws:s3:::a/b_c.d@e=f,g+h%i')
    expect(command('x ', 22, '')).toBe('x 22')
  })

  it('is one word, whatever is in it', () => {
    expect(command('x ', '$(reboot)', '')).toBe("x '$(reboot)'")
    expect(command('x ', "it's", '')).toBe("x 'it'\\''s'")
    expect(command('x ', '', '')).toBe("x ''")
  })

  it('is a word for each item of a list', () => {
    expect(command('for x in ', ['a', 'b c', '$d'], '; do')).toBe("for x in a 'b c' '$d'; do")
  })

  it('stays inside the quotes that its author wrote', () => {
    expect(command('--x \'{"Name":"', "a'b", '"}\'')).toBe("--x '{\"Name\":\"a'\\''b\"}'")
    expect(command('--x "Name=', '$HOME"`!', '"')).toBe('--x "Name=\\$HOME\\"\\`"\'!\'""')
  })

  for (const [before, after] of [
    ['printf %s ', ''],
    ["printf %s '", "'"],
    ['printf %s "', '"'],
    ['printf %s "$(printf %s ', ')"'],
    [`printf %s "$(printf %s '`, `')"`],
    ['x=$(echo "a)b"); printf %s ', ''],
    [`y=\\"; printf %s `, ''],
  ] as const) {
    it(`is what a shell reads in: ${before}…${after}`, () => {
      fc.assert(
        fc.property(hostile, (value) => {
          expect(run(command(before, value, after))).toBe(value)
        }),
        { numRuns: 25 },
      )
    })
  }

  it('is so in the command of a finding', () => {
    const lines = `pass: "false"\nfix: { text: x, cli: 'aws s3api delete-bucket --bucket {config.Name}' }`
    const { verdicts } = audit(lines, [bucket({ Name: 'x; rm -rf /' })])
    expect(verdicts[0]?.remediation.cli).toBe("aws s3api delete-bucket --bucket 'x; rm -rf /'")
  })
})

describe('a value in Terraform', () => {
  it('ends no string and begins no template', () => {
    expect(hclText('a"b\\c\n')).toBe('a\\"b\\\\c\\n')
    expect(hclText(`\${d}%{e}$f`)).toBe(`$\${d}%%{e}$f`)
  })
  it('has its brackets where it is a list', () => {
    expect(hclText(['a', 'b"'])).toBe('["a", "b\\""]')
  })
})

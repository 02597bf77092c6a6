/** Addresses and blocks: what is one, how it is written, which ranges blocks tell apart. */
import { describe, expect, it } from 'vitest'
import {
  cells,
  cidrs,
  contains,
  format,
  merged,
  parseRange,
  type Range,
} from '../../../src/analyze/policy/address.ts'

function range(text: string): Range {
  const found = parseRange(text)
  if (!found) throw new Error(`${text} is no address`)
  return found
}
const ranges = (...texts: string[]): Range[] => texts.map(range)
const shown = ({ version, low, high }: Range): string => `${format(version, low)}-${format(version, high)}`

describe('an address', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4-1.2.3.4'],
    ['255.255.255.255', '255.255.255.255-255.255.255.255'],
    ['10.1.2.3/8', '10.0.0.0-10.255.255.255'],
    ['0.0.0.0/0', '0.0.0.0-255.255.255.255'],
    ['1.2.3.4/32', '1.2.3.4-1.2.3.4'],
    ['1.2.3.4/31', '1.2.3.4-1.2.3.5'],
    ['::', '::-::'],
    ['::1', '::1-::1'],
    ['1::', '1::-1::'],
    ['::/0', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:DB8::/32', '2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1-2001:db8::1:0:0:1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8-1:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0-1:2:3:4:5:6:7:0'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3-1:0:0:2::3'],
    ['0:0:1::', '0:0:1::-0:0:1::'],
    ['::ffff:1.2.3.4', '::ffff:102:304-::ffff:102:304'],
    ['1.2.3.4::', undefined],
    ['64:ff9b::1.2.3.4/128', '64:ff9b::102:304-64:ff9b::102:304'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304-1:2:3:4:5:6:102:304'],
    ['256.1.1.1', undefined],
    ['1.2.3', undefined],
    ['1.2.3.4.5', undefined],
    ['1.2.3.1234', undefined],
    ['x1.2.3.4', undefined],
    ['1.2.3.4/33', undefined],
    ['1.2.3.4/', undefined],
    ['1.2.3.4/x', undefined],
    ['1.2.3.4/8x', undefined],
    ['1.2.3.4/0008', undefined],
    ['::/129', undefined],
    ['::/128', '::-::'],
    ['1:2:3:4:5:6:7', undefined],
    ['1:2:3:4:5:6:7:8:9', undefined],
    ['1:2:3:4:5:6:7:8::', undefined],
    ['1::2::3', undefined],
    ['12345::', undefined],
    ['1g::', undefined],
    ['g1::', undefined],
    ['::1.2.3.256', undefined],
    [`::${'0'.repeat(50)}1`, undefined],
    ['abc', undefined],
    ['', undefined],
  ])('%s is %s', (text, expected) => {
    const found = parseRange(text)
    expect(found && shown(found)).toBe(expected)
    // What was read once is remembered.
    expect(parseRange(text)).toEqual(found)
  })

  it('lies in a block of its own version', () => {
    const block = range('10.0.0.0/8')
    expect([
      contains(block, range('10.0.0.0')),
      contains(block, range('10.255.255.255')),
      contains(block, range('9.255.255.255')),
      contains(block, range('11.0.0.0')),
      contains(block, range('0.0.0.0/0')),
      contains(range('::/0'), range('10.0.0.0')),
    ]).toEqual([true, true, false, false, false, false])
  })
})

describe('ranges', () => {
  it('are written as blocks, the largest that fit from the left', () => {
    const of = (low: string, high: string) =>
      cidrs({ version: 4, low: range(low).low, high: range(high).low })
    expect(of('10.0.0.0', '10.255.255.255')).toEqual(['10.0.0.0/8'])
    expect(of('10.0.0.1', '10.0.0.6')).toEqual(['10.0.0.1/32', '10.0.0.2/31', '10.0.0.4/31', '10.0.0.6/32'])
    expect(of('0.0.0.0', '255.255.255.255')).toEqual(['0.0.0.0/0'])
    expect(of('1.2.3.4', '1.2.3.4')).toEqual(['1.2.3.4/32'])
    expect(cidrs(range('::/0'))).toEqual(['::/0'])
    expect(cidrs({ version: 6, low: 0n, high: 2n })).toEqual(['::/127', '::2/128'])
  })

  it('that touch or overlap are one', () => {
    expect(
      merged(ranges('10.1.0.0/16', '10.0.0.0/16', '::1', '10.2.0.0/24', '10.4.0.0/16')).map(shown),
    ).toEqual(['10.0.0.0-10.2.0.255', '10.4.0.0-10.4.255.255', '::1-::1'])
    expect(merged(ranges('10.0.0.0/8', '10.1.0.0/16')).map(shown)).toEqual(['10.0.0.0-10.255.255.255'])
    expect(merged([])).toEqual([])
  })

  it('are told apart by the borders of blocks, without those that nobody has', () => {
    expect(cells(ranges('10.0.0.0/8'), []).map(shown)).toEqual([
      '0.0.0.0-9.255.255.255',
      '10.0.0.0-10.255.255.255',
      '11.0.0.0-255.255.255.255',
      '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ])
    expect(
      cells(ranges('10.0.0.0/9', '255.0.0.0/8', '8000::/1'), ranges('10.0.0.0/8', '::/1')).map(shown),
    ).toEqual([
      '0.0.0.0-9.255.255.255',
      '11.0.0.0-254.255.255.255',
      '255.0.0.0-255.255.255.255',
      '8000::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ])
  })
})

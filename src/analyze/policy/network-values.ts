/** Where a request can come from: addresses of the internet, or VPC endpoints and what AWS says of them. */
import { cells, contains, format, PRIVATE, parseRange, type Range } from './address.ts'
import { isWild, STAR, written } from './glob.ts'
import type { BoundCondition } from './rule.ts'
import { ALNUM, type Cut, DIGIT, samples } from './samples.ts'
import { type Atom, keyed, literalsOf, patternSet, requestAtoms } from './values.ts'

/** Carried by callers over a VPC endpoint only, who have no `aws:SourceIp`. */
export const ENDPOINT_KEYS: ReadonlySet<string> = new Set([
  'aws:sourcevpc',
  'aws:sourcevpcarn',
  'aws:sourcevpce',
  'aws:vpcsourceip',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
])

/** What each id looks like, and one that is nobody's. */
const IDS: ReadonlyMap<string, { readonly template: string; readonly fits: RegExp; readonly fresh: string }> =
  new Map([
    ['aws:sourcevpc', { template: `vpc-${STAR}`, fits: /^vpc-/, fresh: 'vpc-0any' }],
    ['aws:sourcevpce', { template: `vpce-${STAR}`, fits: /^vpce-/, fresh: 'vpce-0any' }],
    [
      'aws:sourcevpcarn',
      {
        template: `arn:aws:ec2:${STAR}`,
        fits: /^arn:/,
        fresh: 'arn:aws:ec2:us-east-1:999999999999:vpc/vpc-0any',
      },
    ],
    ['aws:vpceaccount', { template: DIGIT.repeat(12), fits: /^\d{12}$/, fresh: '999999999999' }],
    [
      'aws:vpceorgid',
      { template: `o-${ALNUM.repeat(10)}`, fits: /^o-[a-z0-9]{10,32}$/, fresh: 'o-anyoneelse' },
    ],
    [
      'aws:vpceorgpaths',
      {
        template: `o-${ALNUM.repeat(10)}/${STAR}`,
        fits: /^o-[a-z0-9]{10,32}\//,
        fresh: 'o-anyoneelse/r-any/',
      },
    ],
  ])

/** A path is as open as its organization's id is. */
const head = (key: string, text: string): string =>
  key === 'aws:vpceorgpaths' ? (text.split('/')[0] ?? '') : text

function idAtoms(key: string, conditions: readonly BoundCondition[], cut: Cut): Atom[] | undefined {
  const about = IDS.get(key)
  if (about === undefined) return undefined
  const patterns = patternSet(conditions)
  const literals = literalsOf(patterns)
  const texts = new Set([...literals].filter((text) => about.fits.test(text)))
  if (literals.size < patterns.size)
    for (const text of samples(patterns, cut, about.template)) texts.add(text)
  texts.add(about.fresh)
  const fixed = new Set([...patterns].map((pattern) => head(key, pattern)).filter((text) => !isWild(text)))
  return [...texts].map((text) => {
    const open = !fixed.has(head(key, text))
    const narrow = [...patterns].find(
      (pattern) =>
        pattern === text ||
        (!open && fixed.has(head(key, pattern)) && head(key, pattern) === head(key, text)),
    )
    return keyed(key, [text], { open, label: written(narrow ?? text) })
  })
}

export function networkAtoms(key: string, conditions: readonly BoundCondition[], cut: Cut): Atom[] {
  if (key === 'aws:sourceip') return addressAtoms(conditions)
  // Any VPC may use any private address.
  return idAtoms(key, conditions, cut) ?? requestAtoms(key, conditions, cut)
}

/** Addresses that documentation uses for a caller somewhere on the internet. [RFC 5737] */
const EXAMPLE = ['203.0.113.7', '198.51.100.7'].flatMap((text) => parseRange(text) ?? [])

function addressIn(range: Range): string {
  const example = EXAMPLE.find((address) => contains(range, address))
  return format(range.version, example?.low ?? range.low)
}

function addressAtoms(conditions: readonly BoundCondition[]): Atom[] {
  const blocks = conditions.flatMap(({ values }) => values.flatMap((value) => parseRange(value) ?? []))
  return cells(blocks, PRIVATE).map((range) => keyed('aws:sourceip', [addressIn(range)], { range }))
}

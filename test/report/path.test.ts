import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReachAnswer } from '../../src/analyze/network/reach.ts'
import { pathDot } from '../../src/report/path-dot.ts'
import { pathGraph } from '../../src/report/path-graph.ts'
import { pathMermaid } from '../../src/report/path-mermaid.ts'
import { pathSvg } from '../../src/report/path-svg.ts'
import { pathsTable, pathTable } from '../../src/report/path-table.ts'
import { webEstate } from '../analyze/network/estate.ts'

const SSH = { from: 'internet', to: 'i-web', protocol: 'tcp', port: 22 } as const
const text = (pieces: Iterable<string>): string => [...pieces].join('')
const open = (): ReachAnswer => webEstate().ask(SSH)
const closed = (): ReachAnswer => webEstate().ask({ ...SSH, port: 23 })

function unknown(): ReachAnswer {
  const estate = webEstate()
  estate.without('AWS::EC2::NetworkAcl')
  return estate.ask(SSH)
}

describe('the table of an answer', () => {
  it('shows what is open, and the packet hop by hop', () => {
    expect(text(pathTable(open(), { asked: 'tcp 22' }))).toBe(`reachable  internet → i-web  tcp 22
  tcp 22            from 0.0.0.0/0

  a packet that gets there  203.0.113.7:49152 → 52.0.0.5:22 tcp
    ●  internet    203.0.113.7
    └▸ igw-a       52.0.0.5 → 10.0.0.5
    └▸ acl-public  rule 100
    └▸ sg-web      tcp 22 0.0.0.0/0
    └▸ eni-web     10.0.0.5:22/tcp
  and its answer
    ●  acl-public  rule 100
    └▸ rtb-public  0.0.0.0/0 → igw-a
`)
  })

  it('says in words what blocks, and its reason code', () => {
    expect(text(pathTable(closed(), {}))).toBe(`blocked  internet → i-web
  ✗ sg-web has no rule that lets it in  SG_NO_INGRESS
`)
  })

  it('says that nothing stands between a machine and itself', () => {
    expect(text(pathTable(webEstate().ask({ ...SSH, from: 'i-web' }), {}))).toBe(`blocked  i-web → i-web
  ✗ i-web is both ends: what it sends itself enters no network  ADDRESS_NOT_FOUND
`)
  })

  it('says what was not seen and what to grant', () => {
    expect(text(pathTable(unknown(), {}))).toBe(`unknown  internet → i-web
  ? subnet-public was not seen: the call was denied  DENIED
    → ec2:DescribeNetworkAcls denied: grant ec2:DescribeNetworkAcls
`)
  })

  it('says what opens as soon as a stopped instance runs', () => {
    const estate = webEstate()
    estate.instance('i-down', 'subnet-public', {
      ip: '10.0.0.9',
      public: '52.0.0.9',
      groups: ['sg-web'],
      state: 'stopped',
    })
    expect(text(pathTable(estate.ask({ ...SSH, to: 'i-down' }), {}))).toContain(
      '! open as soon as that changes:\n    tcp 22',
    )
  })

  it('of everything reached counts the targets, and those that nobody can tell', () => {
    expect(text(pathsTable('internet', [open(), unknown()], { nameOf: () => 'web' }))).toMatch(
      /^web \(i-web\)\n {2}tcp 22 +from 0\.0\.0\.0\/0\n\? web \(i-web\)\n[\s\S]*internet reaches 1 target; 1 more unknown\n$/,
    )
  })
})

describe('a drawing', () => {
  it('of a path is a chain that ends at the interface', () => {
    const { nodes, edges } = pathGraph([open()])
    expect(nodes.map(({ lines }) => lines[0])).toEqual([
      'internet',
      'igw-a',
      'acl-public',
      'sg-web',
      'eni-web',
    ])
    expect(edges).toHaveLength(nodes.length - 1)
  })

  it('of a closed way shows what closes it between the ends', () => {
    const { nodes } = pathGraph([closed()])
    expect(nodes.map(({ tone }) => tone)).toEqual(['end', 'end', 'blocked'])
  })

  it('of many answers draws each thing once', () => {
    const estate = webEstate()
    estate.instance('i-two', 'subnet-public', { ip: '10.0.0.6', public: '52.0.0.6', groups: ['sg-web'] })
    const { nodes } = pathGraph([estate.ask(SSH), estate.ask({ ...SSH, to: 'i-two' })])
    expect(nodes.filter(({ lines }) => lines[0] === 'sg-web')).toHaveLength(1)
  })
})

const HOSTILE = [
  '"];x->y[label="',
  '\\',
  '\\"',
  '</text><script>alert(1)</script>',
  '"]; end',
  '`x`',
  '%%{init:{}}%%',
  '\n',
  '\u001b]8;;x\u0007',
  '\u202e',
  '#quot;',
  '<br>',
  '&amp;',
  '|',
  '🦊',
  '',
]

/** An answer in which every text that an account can choose is this one. */
function hostile(name: string): ReachAnswer {
  const answer = open()
  const hops = (answer.witness?.hops ?? []).map((hop) => ({
    ...hop,
    resource: `${hop.resource}${name}`,
    detail: name,
  }))
  const witness = answer.witness ? { ...answer.witness, hops } : undefined
  return { ...answer, from: name, to: name, ...(witness ? { witness } : {}) }
}

const names = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 40 }))
const DOT =
  /^(digraph reach \{|\}| {2}graph \[rankdir=TB, label="(?:[^"\\]|\\.)*", labelloc=t, fontname="sans-serif"\];| {2}(node|edge) \[[^\]"]*"sans-serif"[^\]"]*\];| {2}n\d+ \[label="(?:[^"\\]|\\.)*", shape=\w+(, \w+="?[#\w,]+"?)*\];| {2}n\d+ -> n\d+ \[label="(?:[^"\\]|\\.)*"(, style=dashed)?\];)$/
const MERMAID =
  /^(flowchart TB| {2}n\d+\["(?:[\p{L}\p{N} .,:/()→…-]|#\d+;|<br>)*"\]:::\w+| {2}n\d+ -[-.]?->(\|"(?:[\p{L}\p{N} .,:/()→…-]|#\d+;)*"\|)? n\d+| {2}classDef \w+ [\w:,#-]+)$/u

describe('names that an account chose', () => {
  it('stay inside the strings of DOT', () => {
    fc.assert(
      fc.property(names, (name) => {
        for (const line of text(pathDot(pathGraph([hostile(name)])))
          .trimEnd()
          .split('\n'))
          expect(line).toMatch(DOT)
      }),
    )
  })

  it('stay inside the labels of Mermaid', () => {
    fc.assert(
      fc.property(names, (name) => {
        for (const line of text(pathMermaid(pathGraph([hostile(name)])))
          .trimEnd()
          .split('\n'))
          expect(line).toMatch(MERMAID)
      }),
    )
  })

  it('are text in SVG: the same elements whatever they are', () => {
    const tags = (name: string): string[] =>
      text(pathSvg(pathGraph([hostile(name)]))).match(/<\/?[a-z]+/g) ?? []
    const plain = new Set(tags('name'))
    fc.assert(
      fc.property(names, (name) => {
        expect(new Set(tags(name))).toEqual(plain)
      }),
    )
  })

  it('write no controls to a terminal', () => {
    fc.assert(
      fc.property(names, (name) => {
        const shown = text(pathTable(hostile(name), {}))
        expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
      }),
    )
  })
})

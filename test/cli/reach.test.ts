import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { webEstate } from '../analyze/network/estate.ts'
import { bytes } from '../snapshot/build.ts'
import { captured } from './captured.ts'

let folder = ''
let file = ''
let blind = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reach-'))
  file = join(folder, 'web.ndjson')
  blind = join(folder, 'blind.ndjson')
  await writeFile(file, bytes(webEstate().snapshot()))
  const estate = webEstate()
  estate.without('AWS::EC2::NetworkAcl')
  await writeFile(blind, bytes(estate.snapshot()))
})
afterAll(() => rm(folder, { recursive: true }))

const reach = (...args: string[]) => captured('reach', ...args)

const TO_WEB = ['--from', 'internet', '--to', 'i-web', '--protocol', 'tcp', '--port']

describe('reach', () => {
  it('answers one question as one JSON object', async () => {
    const { code, out } = await reach(file, ...TO_WEB, '22', '--format', 'json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'reachable',
      exposed: [{ sources: ['0.0.0.0/0'], protocol: 'tcp', ports: [[22, 22]] }],
      witness: { packet: { dstIp: '52.0.0.5', dstPort: 22 } },
      blockedBy: [],
      missing: [],
    })
  })

  it('answers a file of questions, one object a line, with their ids in their order', async () => {
    const queries = join(folder, 'queries.ndjson')
    const lines = [
      { id: 'q1', from: 'internet', to: 'i-web', protocol: 'tcp', port: 22 },
      { id: 2, from: 'internet', to: 'i-web', port: 23 },
      { id: 'q3', from: 'internet', to: 'i-app', direct: true },
    ]
    await writeFile(queries, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n\n`)
    const { code, out } = await reach(file, '--queries', queries, '--format', 'json')
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(code).toBe(0)
    expect(answers.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['q1', 'reachable'],
      [2, 'blocked'],
      ['q3', 'blocked'],
    ])
  })

  it('lists everything that a source reaches', async () => {
    const { out } = await reach(file, '--from', 'internet', '--format', 'json')
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).to),
    ).toEqual(['i-web'])
    expect((await reach(file, '--from', 'internet')).out).toContain('internet reaches 1 target\n')
  })

  it('takes several snapshots as one estate', async () => {
    const other = webEstate()
    other.instance('i-more', 'subnet-public', { ip: '10.0.0.77', public: '52.0.0.77', groups: ['sg-web'] })
    const more = join(folder, 'more.ndjson')
    const snapshot = other.snapshot()
    const moved = snapshot.resources.map((one) => ({
      ...one,
      account: '210987654321',
      id: one.id.replace('123456789012', '210987654321'),
    }))
    await writeFile(
      more,
      bytes({
        ...snapshot,
        manifest: { ...snapshot.manifest, accounts: [{ id: '210987654321' }], calls: [] },
        resources: moved,
      }),
    )
    expect(
      (await reach(file, more, '--from', 'internet', '--to', 'i-more', '--port', '22', '--format', 'json'))
        .out,
    ).toContain('"reachable"')
  })

  it.each(['dot', 'mermaid', 'svg'])('draws the path as %s', async (format) => {
    const { code, out } = await reach(file, ...TO_WEB, '22', '--format', format)
    expect(code).toBe(0)
    expect(out).toMatch(format === 'dot' ? /^digraph/ : format === 'mermaid' ? /^flowchart/ : /^<svg/)
  })

  it('exits 4 where a verdict is unknown for something that was not read', async () => {
    expect(await reach(blind, ...TO_WEB, '22')).toMatchObject({
      code: 4,
      out: expect.stringContaining('grant ec2:DescribeNetworkAcls'),
    })
    expect((await reach(blind, ...TO_WEB, '22', '--allow-incomplete')).code).toBe(0)
    expect((await reach(blind, ...TO_WEB, '23')).code).toBe(0)
  })
})

describe('a wrong question', () => {
  it.each([
    [['--to', 'i-web'], 'reach needs a source'],
    [['--from', 'internet', '--to', 'i-nowhere'], '"i-nowhere" is no resource of this snapshot'],
    [['--from', 'internet', '--to', 'i-web', '--port', '0-'], '"0-" is no port'],
    [['--from', '1.2.3.4/40', '--to', 'i-web'], '"1.2.3.4/40" is no CIDR'],
  ])('is refused before anything is printed: %j', async (args, message) => {
    const { code, out, err } = await reach(file, ...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
  })

  it.each([
    ['{"from": "internet"', 'is no JSON'],
    ['[]', 'is no object'],
    ['{"to": "i-web"}', 'has no "from"'],
    ['{"from": "internet", "too": "i-web"}', 'has an unknown key "too"'],
    ['{"from": 7, "to": "i-web"}', 'has a "from" that is no string'],
    ['{"from": "internet", "to": "i-nowhere"}', '"i-nowhere" is no resource'],
  ])('in a file is named by its line: %s', async (line, message) => {
    const queries = join(folder, 'bad.ndjson')
    await writeFile(queries, `{"from": "internet", "to": "i-web"}\n${line}\n`)
    const { code, out, err } = await reach(file, '--queries', queries)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`${queries}:2`)
    expect(err).toContain(message)
  })
})

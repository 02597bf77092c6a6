import { describe, expect, it } from 'vitest'
import { grantsOf, hopsOf, pathOf, readable, valuesOf } from '../../src/report/proof.ts'

const hops = [{ resource: 'internet', kind: 'internet', decision: 'forward', detail: '' }]
const packet = { srcIp: '198.51.100.7', srcPort: 49152, dstIp: '10.0.0.5', dstPort: 22, protocol: 'tcp' }
const grant = {
  statement: 'All',
  effect: 'Allow',
  principals: ['*'],
  actions: 's3:GetObject',
  resources: ['*'],
}

describe('the path in evidence', () => {
  it.each([
    ['a witness', { witness: { packet, hops } }],
    [
      'under the name of a fact',
      { 'facts.network.internet': { verdict: 'reachable', witness: { packet, hops } } },
    ],
    ['one of several', { 'facts.network.ways[]': [{ via: 'x' }, { witness: { packet, hops } }] }],
  ])('is found wherever it stands: %s', (_, evidence) => {
    expect(pathOf(evidence)).toEqual({ packet: '198.51.100.7:49152 → 10.0.0.5:22 tcp', hops })
  })

  it('names an IPv6 socket in brackets, and no port where there is none', () => {
    const six = { ...packet, srcIp: '2001:db8::1', dstPort: undefined }
    const { dstPort: _, ...rest } = six
    expect(pathOf({ witness: { packet: rest, hops } })?.packet).toBe('[2001:db8::1]:49152 → 10.0.0.5 tcp')
  })

  it('is none where no hop is told', () => {
    expect(pathOf({ Port: 22, hops: 'many' })).toBeUndefined()
    expect(pathOf({ witness: { hops: [] } })).toBeUndefined()
    expect(hopsOf({})).toEqual([])
  })
})

describe('grants in evidence', () => {
  it('are found wherever they stand, a single value as a list of one', () => {
    expect(grantsOf({ 'facts.policy.grants': [grant] })).toEqual([
      { ...grant, actions: ['s3:GetObject'], conditions: '' },
    ])
    expect(grantsOf({ access: { exposure: 'public', grants: [grant] } })).toHaveLength(1)
  })

  it('are no list of other things', () => {
    expect(grantsOf({ Statements: [{ Effect: 'Allow' }], Empty: [] })).toEqual([])
  })
})

describe('what else evidence holds', () => {
  it('is all but the path and the grants', () => {
    const evidence = {
      Port: 22,
      'facts.network.internet': { verdict: 'reachable', witness: { packet, hops } },
      'facts.policy': { exposure: 'public', grants: [grant] },
      witness: { hops },
    }
    expect(valuesOf(evidence)).toEqual([
      ['Port', 22],
      ['facts.network.internet', { verdict: 'reachable' }],
      ['facts.policy', { exposure: 'public' }],
    ])
  })

  it('is of each row of a list what is no path', () => {
    const ways = [{ port: 22, witness: { packet, hops } }, { port: 443 }]
    expect(valuesOf({ ways })).toEqual([['ways', [{ port: 22 }, { port: 443 }]]])
  })

  it('keeps what was read and is empty', () => {
    expect(valuesOf({ Tags: [], Policy: {}, Owner: null })).toEqual([
      ['Tags', []],
      ['Policy', {}],
      ['Owner', null],
    ])
  })
})

describe('a value for a person', () => {
  it.each([
    ['text', 'text'],
    [22, '22'],
    [false, 'false'],
    [null, 'null'],
    [[], 'none'],
    [{}, 'none'],
    [['a', 2], 'a, 2'],
    [{ Code: 16, Name: 'running' }, 'Code 16, Name running'],
    [
      [{ port: 22, from: ['10.0.0.0/8', '::/0'] }, { port: 443 }],
      'port 22, from 10.0.0.0/8, ::/0 | port 443',
    ],
    [{ rules: [{ a: 1 }, { b: 2 }] }, 'rules a 1 + b 2'],
  ])('%j', (value, said) => {
    expect(readable(value, ' | ')).toBe(said)
  })
})

import { describe, expect, it } from 'vitest'
import { diffResources } from '../../src/snapshot/diff.ts'
import type { Missing } from '../../src/snapshot/model.ts'
import { call, resource, snapshot } from './build.ts'

const listed = call('DescribeVpcs', { lists: ['AWS::EC2::VPC'] })
const denied: Missing = { operation: 'ec2:DescribeThing', outcome: 'denied', permission: 'ec2:DescribeThing' }
const one = (over: Parameters<typeof resource>[1] = {}) => snapshot([resource('arn:a', over)], [listed])

describe('the difference of two snapshots', () => {
  it('is nothing for the same state', () => {
    expect(diffResources(one(), one())).toEqual({ added: [], removed: [], changed: [], notRescanned: [] })
  })

  it('is what came and what went', () => {
    const { added, removed } = diffResources(one(), snapshot([resource('arn:b')], [listed]))
    expect(added.map((each) => each.id)).toEqual(['arn:b'])
    expect(removed.map((each) => each.id)).toEqual(['arn:a'])
  })

  it('is each field that is set otherwise, came or went', () => {
    const before = one({ config: { a: { b: 1, c: 2 }, gone: true }, tags: { Owner: 'x' } })
    const after = one({ config: { a: { b: 1, c: 3 }, came: [] }, tags: { Owner: 'y' } })
    expect(diffResources(before, after).changed[0]?.changes).toEqual([
      { path: 'tags.Owner', before: 'x', after: 'y' },
      { path: 'config.a.c', before: 2, after: 3 },
      { path: 'config.came', after: [] },
      { path: 'config.gone', before: true },
    ])
  })

  it('of lists does not mind order, and tells the elements that came and went', () => {
    const rules = (...ports: number[]) => one({ config: { rules: ports.map((port) => ({ port })) } })
    expect(diffResources(rules(22, 80, 443), rules(443, 22, 80)).changed[0]?.changes ?? []).toEqual([])
    expect(diffResources(rules(22, 80, 443), rules(80, 443)).changed[0]?.changes).toEqual([
      { path: 'config.rules[]', before: { port: 22 } },
    ])
    expect(diffResources(rules(22, 80), rules(22, 81)).changed[0]?.changes).toEqual([
      { path: 'config.rules[].port', before: 80, after: 81 },
    ])
  })

  it('tells tags once, however the API spells them', () => {
    const tagged = (value: string) =>
      one({ tags: { a: value }, config: { TagSet: [{ Key: 'a', Value: value }] } })
    expect(diffResources(tagged('1'), tagged('2')).changed[0]?.changes).toEqual([
      { path: 'tags.a', before: '1', after: '2' },
    ])
  })

  it('calls removed nothing that was not listed again, and unchanged nothing that was not read again', () => {
    const none = diffResources(one(), snapshot([], []))
    expect([none.removed, none.notRescanned.map((each) => each.reason)]).toEqual([
      [],
      ['its list was not read'],
    ])
    const refused = diffResources(one(), snapshot([], [{ ...listed, outcome: 'denied', failed: 1 }]))
    expect(refused.removed).toEqual([])
    expect(refused.notRescanned[0]?.reason).toMatch(/denied/)
    const unread = diffResources(
      one({ config: { thing: 1 } }),
      one({ config: {}, missing: { thing: denied } }),
    )
    expect(unread.changed).toEqual([])
    expect(unread.notRescanned[0]?.reason).toBe('thing: ec2:DescribeThing denied')
  })
})

import { describe, expect, it } from 'vitest'
import { patching } from '../../../src/analyze/patching/patching.ts'
import { resource, shapes } from '../account.ts'
import { instance, node, said } from './build.ts'

describe('an instance', () => {
  it('is managed when Systems Manager lists it, however it answers', () => {
    expect(said([instance('i-1'), node('i-1', { LastPingDateTime: '2026-11-01T00:00:00Z' })])).toMatchObject({
      managed: true,
      pingStatus: 'Online',
      lastPing: '2026-11-01T00:00:00Z',
    })
    expect(said([instance('i-1'), node('i-1', { PingStatus: 'ConnectionLost' })])).toMatchObject({
      managed: true,
      pingStatus: 'ConnectionLost',
    })
  })
  it('is not managed where it is listed in another Region, or nowhere', () => {
    const elsewhere = node('i-1', {}, { region: 'us-east-1' })
    const setting = { regions: ['eu-west-1', 'us-east-1'] }
    expect(said([instance('i-1'), elsewhere], setting)).toEqual({
      managed: false,
      pingStatus: '',
      lastPing: '',
      why: {},
    })
  })
  it('may be managed where nodes could not be listed', () => {
    const { why } = said([instance('i-1')], { denied: ['ssm:DescribeInstanceInformation'] })
    const unlisted = ['ssm:DescribeInstanceInformation']
    expect(why).toEqual({ managed: unlisted, pingStatus: unlisted, lastPing: unlisted })
  })
})

describe('a node is switched on', () => {
  it('when its instance is', () => {
    const on = (Name: string) => said([node('i-1'), instance('i-1', { State: { Name } })])['running']
    expect([on('running'), on('pending'), on('stopped'), on('stopping')]).toEqual([true, true, false, false])
  })
  it('never again when its instance is gone', () => {
    expect(said([node('i-1')])['running']).toBe(false)
  })
  it('for all that is known of a server of one’s own', () => {
    expect(said([node('mi-1')])['running']).toBe(true)
  })
})

describe('the analysis of patching', () => {
  it('names operations and types that the collectors have', () => {
    const known = new Set(
      Object.values(shapes.types).flatMap((type) => type.operations.map((op) => op.operation)),
    )
    expect(patching.operations.filter((one) => !known.has(one))).toEqual([])
    expect(Object.keys(patching.shapes).filter((type) => !Object.hasOwn(shapes.types, type))).toEqual([])
  })
  it('says nothing of other types', () => {
    expect(said([resource('AWS::EC2::VPC', 'vpc-1')])).toEqual({ why: {} })
  })
})

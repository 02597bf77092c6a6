import { describe, expect, it } from 'vitest'
import shapes from '../../src/generated/shapes.json' with { type: 'json' }

/** Struct and member of everything that rules could read without a type. */
const untyped = Object.entries(shapes.structs).flatMap(([struct, members]) =>
  Object.entries(members).flatMap(([name, shape]) => (shape === 'any' ? [`${struct}.${name}`] : [])),
)

describe('the generated shapes', () => {
  it('give every member a type: the SDK names one for each, with traits of its own or without', () => {
    expect(untyped).toEqual([])
    expect(shapes.types['AWS::EC2::VPC'].fields.VpcId).toBe('string')
    expect(shapes.types['AWS::EC2::VPCEndpoint'].fields.PolicyDocument).toBe('any')
  })
})

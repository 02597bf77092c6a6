/** What nobody saw never turns an answer into its opposite, and what may have decided is named. */
import { describe, expect, it } from 'vitest'
import { createNetwork } from '../../../src/analyze/network/network.ts'
import type { ReachAnswer } from '../../../src/analyze/network/reach.ts'
import { reach } from '../../../src/analyze/network/reach.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { Snapshot } from '../../../src/snapshot/model.ts'
import { LISTINGS } from './estate.ts'
import { generate } from './oracle/generate.ts'

/** Estates that have all of it between them, and where each of it decides something. */
const SEEDS = [1, 2, 3, 4, 14, 16, 18, 21, 36, 45]

/** The engine does not keep the promise of these yet: what else the snapshot has is taken for the whole. */
const NOT_KEPT: ReadonlySet<string> = new Set(
  ['VPC', 'Subnet', 'VPCPeeringConnection', 'TransitGateway', 'TransitGatewayAttachment'].map(
    (name) => `AWS::EC2::${name}`,
  ),
)
const KEPT = Object.entries(LISTINGS).filter(([type]) => !NOT_KEPT.has(type))

/** Nothing in the estates hangs on endpoints. */
const DECIDES_NOTHING = /VPCEndpoint/

/** From the internet to each interface, between some, from afar, and out. */
function answers(snapshot: Snapshot, ids: readonly string[]): Map<string, ReachAnswer> {
  const network = createNetwork(indexSnapshot(snapshot))
  const asked = ids.flatMap((id, at) => [
    ['internet', id],
    [id, 'internet'],
    [id, ids[(at + 1) % ids.length] ?? id],
    ['192.168.0.0/16', id],
  ])
  return new Map(asked.map(([from = '', to = '']) => [`${from} → ${to}`, reach(network, { from, to })]))
}

const idsOf = (snapshot: Snapshot): readonly string[] => [
  ...createNetwork(indexSnapshot(snapshot)).topology.interfaces.keys(),
]

describe.each(KEPT)('without %s', (type, operation) => {
  const call = `${type.startsWith('AWS::EC2') ? 'ec2' : 'elasticloadbalancing'}:${operation}`

  it('an answer stays, or is unknown for that reason', () => {
    let changed = 0
    for (const seed of SEEDS) {
      const estate = generate(seed)
      const whole = estate.snapshot()
      const ids = idsOf(whole)
      estate.without(type)
      const before = answers(whole, ids)
      for (const [question, { verdict, missing }] of answers(estate.snapshot(), ids)) {
        const known = before.get(question)?.verdict
        if (verdict === known || known === 'unknown') continue
        changed++
        expect({ seed, question, verdict }).toEqual({ seed, question, verdict: 'unknown' })
        expect({ seed, question, missing }).toMatchObject({
          missing: [{ operation: call, permission: call }],
        })
      }
    }
    expect(changed > 0).toBe(!DECIDES_NOTHING.test(type))
  })
})

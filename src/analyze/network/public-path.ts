/** Paths between two interfaces of the snapshot that meet on the internet: out by one gateway, in by another. */
import { single } from './address-set.ts'
import type { Gate, Path } from './gate.ts'
import { pinned, translated } from './gate.ts'
import type { Host } from './host.ts'
import { familyOfHost } from './host.ts'
import { internetIn, internetOut } from './internet-path.ts'
import type { Network } from './network.ts'

/** A gate of one half with its other end fixed; the internet between the halves is no hop of its own. */
function half(gate: Gate, remote: Host['address']): Gate {
  const fixed = pinned(gate, remote)
  return { ...fixed, hops: (probe) => fixed.hops(probe).filter(({ kind }) => kind !== 'internet') }
}

/** Out to the public address of another interface and in by its gateway. */
export function publicPaths(network: Network, source: Host, target: Host): Path[] {
  const family = familyOfHost(target)
  const address = family === 6 ? target.address : target.publicIp
  if (address === undefined || familyOfHost(source) !== family) return []
  const own = source.publicIp ?? source.address
  return internetOut(network, source, { domain: single(address) }).map((out) => {
    const seen = out.seen ?? own
    const entry = internetIn(network, target, { domain: single(seen) })
    const inward = entry.gates.map((gate) => half(seen === own ? gate : translated(gate), seen))
    const outward = out.gates.map((gate) => half(gate, address))
    const way = (gates: readonly Gate[], wanted: Gate['way']): Gate[] =>
      gates.filter((gate) => gate.way === wanted)
    return {
      family,
      variable: 'source',
      domain: single(source.address),
      gates: [
        ...way(outward, 'forward'),
        ...way(inward, 'forward'),
        ...way(inward, 'reply'),
        ...way(outward, 'reply'),
      ],
      fixed: address,
      seen,
    }
  })
}

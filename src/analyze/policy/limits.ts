/** What a stranger needs who gets in only somehow: a network, or another account's access point. */
import { closes, type Hit } from './reach.ts'
import type { Scene } from './scene.ts'
import { find, type Query } from './search.ts'
import { blocksOf } from './source-address.ts'
import { NO } from './truth.ts'
import type { Dimension } from './values.ts'
import type { Way } from './way.ts'
import { boxesOf } from './world.ts'

export interface Limits {
  readonly vpcs: Set<string>
  readonly vpces: Set<string>
  readonly cidrs: Set<string>
  readonly other: Set<string>
  /** Owners of access points. */
  readonly accounts: Set<string>
}

export const noLimits = (): Limits => ({
  vpcs: new Set(),
  vpces: new Set(),
  cidrs: new Set(),
  other: new Set(),
  accounts: new Set(),
})

const OTHER: Readonly<Record<string, string>> = {
  'aws:vpceaccount': 'aws:VpceAccount',
  'aws:vpceorgid': 'aws:VpceOrgID',
  'aws:vpceorgpaths': 'aws:VpceOrgPaths',
  'elasticfilesystem:accessedviamounttarget': 'elasticfilesystem:AccessedViaMountTarget',
}

const isVpcArn = /:vpc\/(vpc-[0-9a-z]+)$/

function note(limits: Limits, { name, atoms }: Dimension, at: number): void {
  const atom = atoms[at]
  if (!atom) return
  const vpc = isVpcArn.exec(atom.label)?.[1]
  if (name === 'aws:sourcevpc') limits.vpcs.add(atom.label)
  else if (name === 'aws:sourcevpcarn' && vpc !== undefined) limits.vpcs.add(vpc)
  else if (name === 'aws:sourcevpce') limits.vpces.add(atom.label)
  else if (name === 'accessPoint') limits.accounts.add(atom.owner ?? '')
  else limits.other.add(`${OTHER[name] ?? name}=${atom.label}`)
}

/** The values of one part with which the query is allowed, unless everybody has one of them. */
function noteDimension(limits: Limits, hit: Hit, at: number): void {
  const { seat, query } = hit
  const dimension = seat.world.dimensions[at]
  if (!dimension) return
  const allowed = (atom: number): boolean => {
    const here = (one: number): boolean => one === atom
    const only: Query['limit'] = (one) => (one === at ? here : undefined)
    return find(seat.world, { ...query, limit: only }).truth !== NO
  }
  const found = [...dimension.atoms.keys()].filter(allowed)
  if (found.some((atom) => dimension.atoms[atom]?.open)) return
  for (const atom of found) note(limits, dimension, atom)
}

/** Adds what a stranger needs who gets in by the way. */
export function noteLimits(limits: Limits, scene: Scene, way: Way, candidateAt: number): void {
  const candidate = scene.candidates[candidateAt]
  if (!candidate) return
  for (const seat of scene.seats(candidateAt)) {
    const { world } = seat
    for (const action of world.actions.keys()) {
      for (const path of world.paths) {
        const allows = boxesOf(world, way.rules)
        const query: Query = {
          allows,
          denies: world.denies,
          candidate: seat.at,
          action,
          path,
          point: way.point,
        }
        if (find(world, query).truth === NO) continue
        if (path === 'internet') for (const block of blocksOf(seat, query, true)) limits.cidrs.add(block)
        for (const [at, dimension] of world.dimensions.entries()) {
          if (closes(dimension, candidate)) noteDimension(limits, { seat, query, at: [] }, at)
        }
      }
    }
  }
}

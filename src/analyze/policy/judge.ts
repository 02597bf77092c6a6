/** Every way of a resource tried for every caller, each once and only when somebody asks. */
import type { Candidate } from './callers.ts'
import { isRefused, NOWHERE, type Reach, reach, type Scope, weakened } from './reach.ts'
import type { Place } from './rule.ts'
import type { Scene } from './scene.ts'
import { NO, not, or, type Truth } from './truth.ts'
import { bucketRestriction, keepsOut, pointRestriction, type Restriction, type Way, waysOf } from './way.ts'

export interface Judge {
  readonly scene: Scene
  readonly ways: readonly Way[]
  /** The candidates that the way's statements are about at all: no others get in by it. */
  meant(way: number): readonly number[]
  isMeant(way: number, candidate: number): boolean
  /** Whether the candidate gets in by the way. */
  reach(way: number, candidate: number, scope: Scope): Reach
  /** The same with every action that was reached, certain or not. */
  actions(way: number, candidate: number, scope: Scope): Reach['actions']
  /** Whether the candidate may get in for this action. */
  reaches(way: number, candidate: number, action: string): boolean
  /** What S3 takes away from the way's public policies. */
  restrictions(way: number): readonly Restriction[]
  /** Whether strangers would get in from anywhere by the way, were nothing restricted. */
  openBy(way: number): Truth
  /** The same of any way that the policy makes. Not an accessor: one that closes over its judge gives each a shape of its own. */
  open(): Truth
  /** What was found to keep candidates out, by way and candidate: it is asked more than once. */
  readonly closings: Map<number, readonly string[]>
}

/** Everybody's: for them all that can be reached is looked at. */
export const isOutsider = ({ audience }: Pick<Candidate, 'audience'>): boolean => audience === 'outsider'

/** Not of a policy that was read. */
const isApart = (place: Place | undefined): boolean => place === 'acl' || place === 'unread'

export function judgeOf(scene: Scene): Judge {
  const ways = waysOf(scene)
  const tried = new Map<number, Reach>()
  const meantBy: (readonly boolean[])[] = []
  const isMeant = (way: number, at: number): boolean => {
    meantBy[way] ??= scene.candidates.map((_, one) => {
      const of = ways[way]
      return of !== undefined && !isRefused(scene.seats(one), of)
    })
    return meantBy[way]?.[at] === true
  }
  const meant = (way: number): number[] => {
    const found: number[] = []
    for (let at = 0; at < scene.candidates.length; at++) if (isMeant(way, at)) found.push(at)
    return found
  }
  const tryOnce = (way: number, at: number, scope: Scope): Reach => {
    const of = ways[way]
    const candidate = scene.candidates[at]
    if (!of || !isMeant(way, at)) return NOWHERE
    const key = (way * scene.candidates.length + at) * 2 + (scope === 'anywhere' ? 1 : 0)
    const known = tried.get(key)
    if (known) return known
    const every = candidate !== undefined && isOutsider(candidate)
    const made = reach(scene, of, at, scope, every)
    tried.set(key, made)
    return made
  }
  const openBy = (way: number): Truth => {
    let found: Truth = NO
    for (const [at, candidate] of scene.candidates.entries()) {
      if (isOutsider(candidate) && isMeant(way, at)) found = or(found, tryOnce(way, at, 'anywhere').truth)
    }
    return found
  }
  const isPolicy = (way: Way): boolean => way.rules.every((rule) => !isApart(scene.rules[rule]?.place))
  const open = (point: number | undefined): Truth =>
    ways.reduce<Truth>(
      (found, way, at) => (isPolicy(way) && way.point === point ? or(found, openBy(at)) : found),
      NO,
    )
  const restrictionsOf = restrictions(scene, open)
  const restricted = (by: readonly Restriction[], at: number, found: Reach): Reach => {
    const candidate = scene.candidates[at]
    if (!candidate || found.truth === NO) return found
    return by.reduce((left, one) => weakened(left, not(keepsOut(one, candidate, scene.input.account))), found)
  }
  return {
    scene,
    ways,
    meant,
    isMeant,
    closings: new Map(),
    restrictions: (way) => {
      const of = ways[way]
      const acl = of?.rules.some((rule) => scene.rules[rule]?.place === 'acl')
      return of && !acl ? restrictionsOf(of.point) : []
    },
    reach(way, at, scope) {
      return restricted(this.restrictions(way), at, tryOnce(way, at, scope))
    },
    actions(way, at, scope) {
      const of = ways[way]
      if (!of || this.reach(way, at, scope).truth === NO) return new Map()
      return restricted(this.restrictions(way), at, reach(scene, of, at, scope, true)).actions
    },
    reaches(way, at, action) {
      const of = ways[way]
      if (!of || this.reach(way, at, 'somehow').truth === NO) return false
      return (reach(scene, of, at, 'somehow', true).actions.get(action) ?? NO) !== NO
    },
    openBy,
    open: () => open(undefined),
  }
}

/** By access point: those of the bucket's own policy, and of the point's. */
function restrictions(scene: Scene, open: (point: number | undefined) => Truth) {
  if (!scene.input.bucket) return () => []
  const known = new Map<number | undefined, readonly Restriction[]>()
  return (point: number | undefined): readonly Restriction[] => {
    const before = known.get(point)
    if (before) return before
    const found = [
      bucketRestriction(scene.input, open(undefined)),
      point === undefined ? undefined : pointRestriction(scene.input, point, open(point)),
    ].flatMap((one) => one ?? [])
    known.set(point, found)
    return found
  }
}

/** Whether a caller gets in by a way, from anywhere or only somehow, and by which request. */
import type { Candidate } from './callers.ts'
import { keyFacts } from './condition-key.ts'
import type { Scene, Seat } from './scene.ts'
import { type Assignment, find, type Query } from './search.ts'
import { width } from './source-address.ts'
import { isGuest, isShared } from './token-values.ts'
import { and, NO, or, type Truth, UNKNOWN, YES } from './truth.ts'
import type { Dimension } from './values.ts'
import type { Way } from './way.ts'
import { boxesOf } from './world.ts'

/** A request that a search found. */
export interface Hit {
  readonly seat: Seat
  readonly query: Query
  readonly at: Assignment
}

export interface Reach {
  readonly truth: Truth
  readonly hit?: Hit
  /** Every action that was looked at, and whether it is reached. */
  readonly actions: ReadonlyMap<string, Truth>
}

/** `anywhere`: with nothing that is not everybody's to have; `somehow`: by any request at all. */
export type Scope = 'anywhere' | 'somehow'

export const NOWHERE: Reach = { truth: NO, actions: new Map() }

/** Whether a part's value says of such a caller what is not everybody's to have. */
export function closes(dimension: Dimension, { caller }: Candidate): boolean {
  if (!dimension.limited) return false
  const { name } = dimension
  if (caller.kind === 'service') {
    return (
      name === 'source' || name.startsWith('kms:encryptioncontext:') || name === 'lambda:eventsourcetoken'
    )
  }
  if (name === 'accessPoint' || name === 'elasticfilesystem:accessedviamounttarget') return true
  const part = keyFacts(name)?.part
  return part === 'network' || (part === 'token' && caller.kind === 'federated')
}

function openOnly(seat: Seat, candidate: Candidate): Query['limit'] {
  const { dimensions } = seat.world
  if (!dimensions.some((dimension) => closes(dimension, candidate))) return undefined
  return (at) => {
    const dimension = dimensions[at]
    if (!dimension || !closes(dimension, candidate)) return undefined
    return (atom) => dimension.atoms[atom]?.open === true
  }
}

/** Requests of an identity pool's guests: whoever asks is one. */
function guestsOnly(seat: Seat): Query['limit'] {
  const { dimensions, index } = seat.world
  const amr = index.get('cognito-identity.amazonaws.com:amr')
  if (amr === undefined) return undefined
  const { atoms = [] } = dimensions[amr] ?? {}
  const guest = (atom: number): boolean => isGuest([...(atoms[atom]?.values.values() ?? [])][0])
  return (at) => (at === amr ? guest : undefined)
}

interface Attempt {
  readonly truth: Truth
  readonly hit: Hit
}

interface Limits {
  readonly limit: Query['limit']
  readonly anywhere: boolean
}

const NO_LIMITS: readonly Limits[] = [{ limit: undefined, anywhere: false }]

function limitsFor(seat: Seat, candidate: Candidate, scope: Scope): readonly Limits[] {
  if (scope === 'somehow') return NO_LIMITS
  const { kind, provider } = candidate.caller
  const open: Limits = { limit: openOnly(seat, candidate), anywhere: kind !== 'service' }
  if (kind !== 'federated') return [open]
  const guests = guestsOnly(seat)
  const pool = provider === 'cognito-identity.amazonaws.com' && guests !== undefined
  return pool ? [open, { limit: guests, anywhere: true }] : [open]
}

/** What one seat's requests for one action amount to. */
function attempt(
  seat: Seat,
  way: Way,
  action: number,
  allows: Query['allows'],
  limits: readonly Limits[],
): Attempt | undefined {
  const { world } = seat
  let best: Attempt | undefined
  for (const { limit, anywhere } of limits) {
    for (const path of world.paths) {
      const query: Query = {
        allows,
        denies: world.denies,
        candidate: seat.at,
        action,
        path,
        point: way.point,
        limit,
      }
      const found = find(world, query)
      const truth = anywhere && found.truth !== NO ? and(found.truth, width(seat, query)) : found.truth
      if (truth === NO || found.at === undefined) continue
      best = { truth, hit: { seat, query, at: found.at } }
      if (truth === YES) return best
    }
  }
  return best
}

/** Whether some statement of the way is about others than the caller, wherever it sits. */
export function isRefused(seats: readonly Seat[], way: Way): boolean {
  for (const seat of seats) if (!isRefusedAt(seat, way)) return false
  return true
}

function isRefusedAt({ world, at }: Seat, { rules }: Way): boolean {
  for (const rule of rules) if (world.boxes[rule]?.callers[at] === NO) return true
  return false
}

function speaksOf(allows: Query['allows'], action: number): boolean {
  for (const box of allows) if (box.actions[action] === NO) return false
  return true
}

/**
 * @param every look at every action; otherwise the first that is certain will do
 */
export function reach(scene: Scene, way: Way, at: number, scope: Scope, every = false): Reach {
  const candidate = scene.candidates[at]
  if (!candidate) return NOWHERE
  const { kind, provider = '' } = candidate.caller
  if (scope === 'anywhere' && kind === 'federated' && !isShared(provider)) return NOWHERE
  let actions: Map<string, Truth> | undefined
  let result: Truth = NO
  let hit: Hit | undefined
  for (const seat of scene.seats(at)) {
    if (isRefusedAt(seat, way)) continue
    const allows = boxesOf(seat.world, way.rules)
    const limits = limitsFor(seat, candidate, scope)
    for (let action = 0; action < seat.world.actions.length; action++) {
      if (!speaksOf(allows, action)) continue
      const found = attempt(seat, way, action, allows, limits)
      if (!found) continue
      const { truth } = found
      actions ??= new Map()
      for (const name of seat.world.actions[action]?.names ?? [])
        actions.set(name, or(actions.get(name) ?? NO, truth))
      if (hit === undefined || (truth === YES && result !== YES)) hit = found.hit
      result = or(result, truth)
      if (result === YES && !every) return { truth: YES, hit, actions }
    }
  }
  return hit === undefined || actions === undefined ? NOWHERE : { truth: result, hit, actions }
}

/** The request that surely gets in for one action; nothing where none does. */
export function hitFor(scene: Scene, way: Way, at: number, scope: Scope, action: string): Hit | undefined {
  const candidate = scene.candidates[at]
  if (!candidate) return undefined
  for (const seat of scene.seats(at)) {
    const index = seat.world.actions.findIndex(({ names }) => names.includes(action))
    if (index < 0) continue
    const found = attempt(seat, way, index, boxesOf(seat.world, way.rules), limitsFor(seat, candidate, scope))
    if (found?.truth === YES) return found.hit
  }
  return undefined
}

/** What is left of it where something else has to let it happen, too. */
export function weakened(of: Reach, by: Truth): Reach {
  if (by === YES || of.truth === NO) return of
  if (by === NO) return NOWHERE
  return { ...of, truth: UNKNOWN, actions: new Map([...of.actions.keys()].map((name) => [name, UNKNOWN])) }
}

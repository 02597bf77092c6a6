/** Requests through access points: those that are there, one that could be made in each account, and none. */
import { isWild, STAR } from './glob.ts'
import type { AccessPointInput } from './input.ts'
import { accountOf } from './principal.ts'
import type { BoundCondition } from './rule.ts'
import { type Cut, DIGIT, samples } from './samples.ts'
import { strangeAccount } from './strangers.ts'
import { ABSENT, type Atom, atom, literalsOf, patternSet } from './values.ts'

const REGION = 'us-east-1'

export function accessPointOwner(index: number | ''): string {
  return `accessPoint:${index}`
}

function pointAtom(
  arn: string,
  account: string,
  origin: string,
  about: { readonly open: boolean; readonly owner: string },
): Atom {
  const values = new Map([
    ['s3:dataaccesspointarn', [arn]],
    ['s3:dataaccesspointaccount', [account]],
    ['s3:accesspointnetworkorigin', [origin]],
  ])
  return atom(values, arn, about)
}

function accountsOf(own: string, conditions: readonly BoundCondition[], cut: Cut): Map<string, boolean> {
  const named = patternSet(conditions.filter((one) => one.key === 's3:dataaccesspointaccount'))
  const arns = patternSet(conditions.filter((one) => one.key === 's3:dataaccesspointarn'))
  const accounts = new Map<string, boolean>([[own, false]])
  for (const pattern of arns) {
    const account = accountOf(pattern)
    if (account !== undefined) accounts.set(account, false)
  }
  for (const literal of literalsOf(named)) accounts.set(literal, false)
  if ([...named].some(isWild)) {
    for (const id of samples(named, cut, DIGIT.repeat(12))) if (!accounts.has(id)) accounts.set(id, true)
  }
  accounts.set(strangeAccount(accounts), true)
  return accounts
}

export function accessPointAtoms(
  conditions: readonly BoundCondition[],
  own: string,
  points: readonly AccessPointInput[],
  cut: Cut,
): Atom[] {
  // One that is there is for everybody to go through: its own policy says who gets further.
  const atoms = points.map((point, at) =>
    pointAtom(point.arn, point.account, point.vpc === undefined ? 'Internet' : 'VPC', {
      open: true,
      owner: accessPointOwner(at),
    }),
  )
  const arns = patternSet(conditions.filter((one) => one.key === 's3:dataaccesspointarn'))
  const regions = new Set([REGION, ...[...arns].flatMap((arn) => regionOf(arn) ?? [])])
  for (const [account, open] of accountsOf(own, conditions, cut)) {
    for (const region of regions) {
      for (const arn of samples(arns, cut, `arn:aws:s3:${region}:${account}:accesspoint/${STAR}`)) {
        for (const origin of ['Internet', 'VPC'])
          atoms.push(pointAtom(arn, account, origin, { open, owner: account }))
      }
    }
  }
  return [ABSENT, ...atoms]
}

function regionOf(arn: string): string | undefined {
  const region = arn.split(':')[3]
  return region === undefined || region === '' || isWild(region) ? undefined : region
}

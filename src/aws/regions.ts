/** Which Regions an account has turned on. */
import { UserError } from '../user-error.ts'
import { type AwsFailure, failureOf } from './outcome.ts'
import type { Session } from './session.ts'

export interface RegionChoice {
  /** Only these, where given. */
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}

export interface FoundRegions {
  readonly regions: readonly string[]
  /** Asked for, but turned off in this account. */
  readonly off: readonly string[]
  /** DescribeRegions failed: only what was named, or the home Region, is looked at. */
  readonly failure?: AwsFailure
  /** The answer of DescribeRegions. */
  readonly answer?: object
}

/** @throws UserError when nothing is left to look at */
export async function findRegions(session: Session, choice: RegionChoice): Promise<FoundRegions> {
  const { EC2Client, DescribeRegionsCommand } = await import('@aws-sdk/client-ec2')
  const client = new EC2Client(session.clientConfig(session.homeRegion))
  const answer = await client.send(new DescribeRegionsCommand({})).catch(failureOf)
  client.destroy()
  const excluded = new Set(choice.exclude)
  const keep = (regions: readonly string[]): string[] =>
    [...new Set(regions)].filter((region) => !excluded.has(region)).sort()
  if ('code' in answer) {
    const regions = keep(choice.include.length > 0 ? choice.include : [session.homeRegion])
    return { regions: some(regions), off: [], failure: answer }
  }
  const enabled = (answer.Regions ?? []).flatMap((region) =>
    region.RegionName === undefined ? [] : [region.RegionName],
  )
  const on = new Set(enabled)
  const asked = choice.include.length > 0 ? choice.include : enabled
  const { $metadata: _, ...said } = answer
  const off = keep(asked.filter((region) => !on.has(region)))
  return { regions: some(keep(asked.filter((region) => on.has(region))), off), off, answer: said }
}

function some(regions: string[], off: readonly string[] = []): string[] {
  if (regions.length > 0) return regions
  const why = off.length > 0 ? `: the account has not enabled ${off.join(', ')}` : ''
  throw new UserError(`no Region is left to look at${why}`, {
    next: 'Name Regions that the account has enabled with --region, or drop --exclude-region.',
  })
}

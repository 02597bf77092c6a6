/** What is planted in the estate, and how the tests name a resource: by its name, or by its id and Region where it has none. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Planted {
  /** Every resource that the rule has to blame, and no other. */
  readonly fail: readonly string[]
  /** Resources that the rule judges and must not blame: in none of their parts, or not in the one that is named. */
  readonly pass: readonly string[]
}

/** By rule id. */
export const planted = JSON.parse(
  readFileSync(fileURLToPath(new URL('planted.json', import.meta.url)), 'utf8'),
) as Readonly<Record<string, Planted>>

/** Rules of which the estate can't hold both a fault and its opposite, each with the reason. */
const ACCOUNT = 'it judges the account as a whole, and there is one'
const FACT = 'it tells a fact, which is no fault'
export const ONE_SIDED: Readonly<Record<string, string>> = {
  'ec2-vpc-default-in-use': 'the other default VPC is unused, which is another rule’s matter',
  'ec2-vpc-default-unused': ACCOUNT,
  'ec2-vpn-far-side-exposure': FACT,
  'inspector2-findings-by-severity': FACT,
  's3-account-public-access-block': ACCOUNT,
  'ssm-automation-response-ready': ACCOUNT,
  'tags-coverage': ACCOUNT,
}

export interface Named {
  readonly id: string
  readonly name?: string
  readonly region: string
  readonly tags: Readonly<Record<string, string>>
}

/** The estate's own names are each of one thing; what AWS names is told apart by its Region. */
export function label({ id, name, region, tags }: Named, part?: string): string {
  const own = [name, tags['Name']].find((each) => each !== undefined && /(^|\/)(good|bad)-/.test(each))
  const called = own ?? `${name ?? id.split(/[/:]/).pop()}@${region}`
  return part === undefined ? called : `${called}#${part}`
}

/** What is planted in the estate, and how the tests name a resource: by its name, or by its id and Region where it has none. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Planted {
  /** Every resource that the rule has to blame, and no other. */
  readonly fail: readonly string[]
  /** Resources that the rule judges and must not blame. */
  readonly pass: readonly string[]
}

/** By rule id. */
export const planted = JSON.parse(
  readFileSync(fileURLToPath(new URL('planted.json', import.meta.url)), 'utf8'),
) as Readonly<Record<string, Planted>>

/** Rules of which the estate can't hold both a fault and its opposite, each with the reason. */
export const ONE_SIDED: Readonly<Record<string, string>> = {}

export interface Named {
  readonly id: string
  readonly name?: string
  readonly region: string
}

export const label = ({ id, name, region }: Named): string => name ?? `${id.split(/[/:]/).pop()}@${region}`

/** Keys whose value is the resource's or the snapshot's, the same in every request. */
import { RESOURCE_TAG } from './condition-key.ts'
import type { Lookup } from './document.ts'
import type { PolicyInput, Surroundings } from './input.ts'

/** Stands for the own organization's id where it could not be read: like itself and like no other. */
export const OWN_ORG = 'own organization'

type Carried = ReturnType<Lookup>

function tagOf({ tags }: PolicyInput, key: string): Carried {
  if (!tags) return null
  const name = key.slice(key.indexOf('/') + 1)
  const found = Object.entries(tags).find(([tag]) => tag.toLowerCase() === name)
  return found ? [found[1]] : undefined
}

function organizationOf({ organization }: Surroundings): Carried {
  if (organization.id === null) return undefined
  return [organization.id ?? OWN_ORG]
}

function pathOf({ account }: PolicyInput, { organization }: Surroundings): Carried {
  if (organization.id === null) return undefined
  const path = organization.accounts.get(account)
  return path === undefined ? null : [path]
}

export function constantsOf(input: PolicyInput, surroundings: Surroundings): Lookup {
  const { now } = surroundings
  return (key) => {
    const own = input.facts?.[key]
    if (own) return own.length === 0 ? undefined : own
    switch (key) {
      case 'aws:currenttime':
        return [now]
      case 'aws:epochtime':
        return [String(Math.floor(Date.parse(now) / 1000))]
      case 'aws:resourceaccount':
      case 's3:resourceaccount':
        return [input.account]
      case 'aws:resourceorgid':
        return organizationOf(surroundings)
      case 'aws:resourceorgpaths':
        return pathOf(input, surroundings)
      case 'aws:requestedregion':
        return input.region === 'global' ? null : [input.region]
      default:
        return RESOURCE_TAG.test(key) ? tagOf(input, key) : null
    }
  }
}

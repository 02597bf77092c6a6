/** Resources as expressions see them: what absence stands for filled in, what could not be read behind a veil. */
import { shortId } from '../snapshot/index.ts'
import type { Missing, Resource } from '../snapshot/model.ts'
import type { Fill } from './absent.ts'
import type { Listings } from './listings.ts'
import { TAG_FIELDS } from './shapes.ts'
import { type Refuse, veil, veilWhole } from './unseen.ts'

/** A resource as an expression sees it. */
export interface View {
  readonly id: string
  /** The short id where it has no name. */
  readonly name: string
  readonly type: string
  readonly account: string
  readonly region: string
  readonly tags: unknown
  readonly config: unknown
}

/** Keys are strangers': one called `constructor` would hide from CEL what the object is, so such tags become a Map. */
const tagMap = (tags: Resource['tags']): object =>
  Object.hasOwn(tags, 'constructor') ? new Map(Object.entries(tags)) : tags

function unreadTags(missing: Readonly<Record<string, Missing>>): readonly Missing[] {
  return TAG_FIELDS.map((field) => (Object.hasOwn(missing, field) ? missing[field] : undefined)).filter(
    (one) => one !== undefined,
  )
}

/** What could not be read of a resource, and what nobody asked for. */
function unreadOf(resource: Resource, unasked: Readonly<Record<string, Missing>>): Resource['missing'] {
  const never = Object.entries(unasked).filter(([field]) => !Object.hasOwn(resource.config, field))
  return never.length === 0 ? resource.missing : { ...Object.fromEntries(never), ...resource.missing }
}

/** Each resource's view, made once. */
export function createViews(
  fillFor: (type: string) => Fill,
  unasked: Listings['unasked'],
  refuse: Refuse,
): (resource: Resource) => View {
  const fills = new Map<string, Fill>()
  const views = new Map<Resource, View>()
  const make = (resource: Resource): View => {
    const { id, type, account, region } = resource
    const missing = unreadOf(resource, unasked(type, account))
    const fill = fills.get(type) ?? fillFor(type)
    fills.set(type, fill)
    const config = fill(resource.config, missing)
    const tags = tagMap(resource.tags)
    const name = resource.name ?? shortId(id)
    if (missing === undefined) return { id, name, type, account, region, tags, config }
    const unread = unreadTags(missing)
    const shown = unread.length > 0 ? veilWhole(tags, unread, refuse) : tags
    return { id, name, type, account, region, tags: shown, config: veil(config, missing, refuse) }
  }
  return (resource) => {
    const known = views.get(resource)
    if (known) return known
    const made = make(resource)
    views.set(resource, made)
    return made
  }
}

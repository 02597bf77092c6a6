import { type Answered, arn, type Place, str } from './dsl.ts'

export type Id = (item: Answered, place: Place) => string | undefined

/** An EC2 resource's ARN in the account that owns it: what is shared with an account is listed there too. */
export const owned =
  (kind: string, member: string, owner = 'OwnerId'): Id =>
  (item, place) => {
    const id = str(item, member)
    const account = str(item, owner) ?? place.account
    return id === undefined ? undefined : arn({ ...place, account }, 'ec2', `${kind}/${id}`)
  }

/** The ARN that the answer itself has. */
export const given =
  (member: string, otherwise: Id): Id =>
  (item, place) =>
    str(item, member) ?? otherwise(item, place)

/** EC2 lists what was deleted for an hour or so: it is no more, so it becomes no resource. */
export const living =
  (id: Id, member = 'State'): Id =>
  (item, place) =>
    str(item, member)?.toLowerCase() === 'deleted' ? undefined : id(item, place)

/** ARNs of snapshots and images name no account (Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2"). */
export const unowned =
  (kind: string, member: string): Id =>
  (item, place) =>
    owned(kind, member, '')(item, { ...place, account: '' })

/** A setting that a Region has once and AWS gives no ARN. */
export const setting =
  (kind: string): Id =>
  (_item, place) =>
    arn(place, 'ec2', kind)

/** EC2's page size where its API reference allows it. */
export const thousand = (): { MaxResults: number } => ({ MaxResults: 1000 })

/** With what AWS's services run in the account (nodes of EKS Auto Mode, say), though the account may hide it from its lists. */
export const withManaged =
  (most = 1000) =>
  (): { MaxResults: number; IncludeManagedResources: boolean } => ({
    MaxResults: most,
    IncludeManagedResources: true,
  })

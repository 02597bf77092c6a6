/** What the answers of `access` say, in words: how wide, who, by which statement and request. */
import type { AccessAnswer, AccessRequest, Grant, NetworkAccess } from '../analyze/policy/answer.ts'
import type { Exposure } from '../analyze/policy/exposure.ts'
import { terminal } from './escape.ts'

export const EXPOSURE_TEXT: Readonly<Record<Exposure, string>> = {
  public: 'anyone at all, or any AWS account',
  'possible-public': 'may be public: see what is not known',
  'external-unknown': 'an account that is neither in the organization nor trusted',
  network: 'anyone who comes from given networks',
  'external-known': 'a trusted account',
  federated: 'identities of an identity provider',
  organization: 'the own organization',
  service: 'AWS services',
  'same-account': 'the own account, beyond what IAM gives',
  none: 'nobody beyond the own IAM',
}

/** Of a list, shown in a line; JSON has them all. */
const FIRST = 6

export function listText(values: readonly string[], most = FIRST): string {
  const shown = values.slice(0, most).map(terminal).join(', ')
  return values.length > most ? `${shown} and ${values.length - most} more` : shown
}

/** `AWS::S3::Bucket` as people say it: `S3 Bucket`. */
export const typeText = (type: string): string => terminal(type.split('::').slice(1).join(' '))

const sentence = (parts: readonly (string | false)[]): string =>
  parts.filter((part): part is string => part !== false && part !== '').join(' ')

/** `Policy Statement[0]: * may s3:GetObject on arn:…/* if StringEquals aws:SourceVpc vpc-1`. */
export function grantText({ statement, principals, actions, resources, conditions }: Grant): string {
  return sentence([
    `${terminal(statement)}:`,
    listText(principals),
    actions.length > 0 && `may ${listText(actions)}`,
    resources.length > 0 && `on ${listText(resources)}`,
    conditions.length > 0 && `if ${conditions.map(terminal).join(' and ')}`,
  ])
}

/** `anonymous s3:GetObject arn:aws:s3:::corp/any with aws:SourceIp 3.0.0.0`. */
export function requestText({ principal, action, resource, context }: AccessRequest): string {
  const keys = Object.entries(context).map(
    ([key, value]) => `${terminal(key)} ${listText(typeof value === 'string' ? [value] : value)}`,
  )
  return sentence([
    terminal(principal),
    terminal(action),
    terminal(resource),
    keys.length > 0 && `with ${keys.join(', ')}`,
  ])
}

/** Every other account that gets in, and which of them nobody vouches for. */
export function accountsText({ crossAccount, unknownAccounts, missing }: AccessAnswer): string {
  const strange = new Set(unknownAccounts)
  const known = crossAccount.filter((id) => !strange.has(id))
  const unlisted = missing.some(({ operation }) => operation.startsWith('organizations:'))
  const why = unlisted ? 'not trusted; the organization was not read' : 'not the organization’s, not trusted'
  return [
    ...(strange.size > 0 ? [`${listText(unknownAccounts)} (${why})`] : []),
    ...(known.length > 0 ? [listText(known)] : []),
  ].join('; ')
}

export const networkText = ({ vpcs, vpces, cidrs, other }: NetworkAccess): string =>
  listText([...cidrs, ...vpcs, ...vpces, ...other])

export function servicesText({ services, confusedDeputy, serviceSourceAccounts }: AccessAnswer): string {
  const deputy = confusedDeputy ? ', for any account that asks it to (confused deputy)' : ''
  const sources = serviceSourceAccounts.length > 0 ? `, for ${listText(serviceSourceAccounts)}` : ''
  return services.length === 0 ? '' : `${listText(services)}${deputy}${sources}`
}

/** Who administers a key and who uses it. */
export function keyTexts({ kms }: AccessAnswer): [string, string][] {
  if (!kms) return []
  const { admins, users, adminAndUser, accountDelegation, grantUsers } = kms
  const delegated = [accountDelegation.admin && 'administration', accountDelegation.use && 'use'].filter(
    Boolean,
  )
  const rows: [string, string][] = [
    ['administer', listText(admins)],
    ['use', listText(users)],
    ['both', listText(adminAndUser)],
    ['by grant', listText(grantUsers)],
    ['own IAM', delegated.length > 0 ? `decides on ${delegated.join(' and ')}` : ''],
  ]
  return rows.filter(([, text]) => text !== '')
}

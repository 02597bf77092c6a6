/** The resources that a policy's own resource stands for, and of those the ones that the rules' patterns can tell apart. */
import { STAR } from './glob.ts'
import type { Bound } from './rule.ts'
import { type Cut, samples } from './samples.ts'

export interface ResourceAtom {
  readonly text: string
  readonly on?: 'bucket' | 'object'
}

/** What lies under a resource and is judged by its policy: objects, versions, paths, log groups. */
function under(type: string, arn: string): string | undefined {
  switch (type) {
    case 'AWS::S3::Bucket':
    case 'AWS::OpenSearchService::Domain':
    case 'AWS::ApiGateway::RestApi':
    case 'AWS::DynamoDB::Table':
      return `${arn}/${STAR}`
    case 'AWS::S3::AccessPoint':
      return `${arn}/object/${STAR}`
    case 'AWS::Lambda::Function':
      return `${arn}:${STAR}`
    case 'AWS::Events::EventBus':
      return `${arn.replace(':event-bus/', ':rule/')}/${STAR}`
    case 'AWS::Logs::ResourcePolicy':
      return `${arn.split(':').slice(0, 5).join(':')}:log-group:${STAR}`
    default:
      return undefined
  }
}

const hasObjects = (type: string): boolean => type === 'AWS::S3::Bucket' || type === 'AWS::S3::AccessPoint'

export function resourceAtoms(type: string, arn: string, rules: readonly Bound[], cut: Cut): ResourceAtom[] {
  const objects = hasObjects(type)
  const found: ResourceAtom[] = [objects ? { text: arn, on: 'bucket' } : { text: arn }]
  const template = under(type, arn)
  if (template === undefined) return found
  const patterns = new Set(rules.flatMap((rule) => rule.resources ?? []).filter((text) => text !== STAR))
  for (const text of samples(patterns, cut, template)) found.push(objects ? { text, on: 'object' } : { text })
  return found
}

import { describe, expect, it } from 'vitest'
import { ecr } from '../../src/collect/ecr.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const repositoryArn = `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/team/app`
const list = {
  'eu-west-1/ecr/describe-repositories': {
    repositories: [{ repositoryArn, repositoryName: 'team/app', imageTagMutability: 'MUTABLE' }],
  },
}
const policy = 'eu-west-1/ecr/get-repository-policy/team%2Fapp'

describe('the ECR collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(ecr)).toEqual([])
  })

  it('finds repositories with their policies', async () => {
    const found = await gather([ecr], { ...list, [policy]: { policyText: '{"Statement":[]}' } })
    expect(found.only('AWS::ECR::Repository')).toMatchObject({
      id: repositoryArn,
      name: 'team/app',
      config: { Policy: { Statement: [] }, imageTagMutability: 'MUTABLE' },
    })
  })

  it('knows a repository without a policy from one that is gone', async () => {
    const none = await gather([ecr], {
      ...list,
      [`${policy}.error`]: failed('RepositoryPolicyNotFoundException'),
    })
    expect(none.only('AWS::ECR::Repository').config).not.toHaveProperty('Policy')

    const gone = await gather([ecr], { ...list, [`${policy}.error`]: failed('RepositoryNotFoundException') })
    expect(gone.resources).toEqual([])
  })
})

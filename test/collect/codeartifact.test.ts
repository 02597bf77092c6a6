import { describe, expect, it } from 'vitest'
import { codeartifact } from '../../src/collect/codeartifact.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const here = 'eu-west-1/codeartifact'
const arn = (rest: string): string => `arn:aws:codeartifact:eu-west-1:${ACCOUNT}:${rest}`
const domains = {
  [`${here}/list-domains`]: { domains: [{ name: 'corp', owner: ACCOUNT, arn: arn('domain/corp') }] },
}
const repository = (domainName: string, domainOwner = ACCOUNT) => ({
  name: 'npm',
  domainName,
  domainOwner,
  arn: `arn:aws:codeartifact:eu-west-1:${domainOwner}:repository/${domainName}/npm`,
})
const repositories = (...all: readonly object[]) => ({ [`${here}/list-repositories`]: { repositories: all } })
const document = { policy: { document: '{"Statement":[]}' } }

describe('the CodeArtifact collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(codeartifact)).toEqual([])
  })

  it('finds domains and repositories with their policies', async () => {
    const found = await gather([codeartifact], {
      ...domains,
      ...repositories(repository('corp')),
      [`${here}/get-domain-permissions-policy/corp`]: document,
      [`${here}/get-repository-permissions-policy/corp%2Fnpm`]: document,
    })
    expect(found.only('AWS::CodeArtifact::Domain')).toMatchObject({
      id: arn('domain/corp'),
      name: 'corp',
      config: { Policy: { Statement: [] } },
    })
    expect(found.only('AWS::CodeArtifact::Repository')).toMatchObject({
      id: arn('repository/corp/npm'),
      name: 'npm',
      config: { Policy: { Statement: [] } },
    })
  })

  it('names the owner of a domain that is another account’s', async () => {
    const found = await gather([codeartifact], repositories(repository('shared', '210987654321')))
    const asked = found.asks.find((ask) => ask.operation.api === 'GetRepositoryPermissionsPolicy')
    expect(asked?.input).toEqual({ domain: 'shared', domainOwner: '210987654321', repository: 'npm' })
  })

  it('reads what has no policy as having none', async () => {
    const none = failed('ResourceNotFoundException')
    const found = await gather([codeartifact], {
      ...domains,
      ...repositories(repository('corp')),
      [`${here}/get-domain-permissions-policy/corp.error`]: none,
      [`${here}/get-repository-permissions-policy/npm.error`]: none, // people name a file by what they asked for
    })
    for (const each of found.resources) {
      expect(each.config).not.toHaveProperty('Policy')
      expect(each).not.toHaveProperty('missing')
    }
  })

  it('knows that a Region without CodeArtifact has no domains', async () => {
    const message = 'getaddrinfo ENOTFOUND codeartifact.sa-east-1.amazonaws.com'
    const found = await gather([codeartifact], {
      'sa-east-1/codeartifact/list-domains.error': failed('ENOTFOUND', message),
      'sa-east-1/codeartifact/list-repositories.error': failed('ENOTFOUND', message),
    })
    expect(found.resources).toEqual([])
    expect(new Set(found.calls.map((call) => call.outcome))).toEqual(new Set(['unsupported']))
  })
})

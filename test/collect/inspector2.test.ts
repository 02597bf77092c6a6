import { describe, expect, it } from 'vitest'
import { inspector2 } from '../../src/collect/inspector2.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const here = `arn:aws:inspector2:eu-west-1:${ACCOUNT}`

describe('the Inspector collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(inspector2)).toEqual([])
  })

  it('asks for open and suppressed findings of the own account, filtered by the service', async () => {
    const found = await gather([inspector2], { 'eu-west-1/inspector2/list-findings': { findings: [] } })
    const ask = found.asks.find((each) => each.operation.api === 'ListFindings')
    expect(ask?.input).toMatchObject({
      filterCriteria: {
        awsAccountId: [{ comparison: 'EQUALS', value: ACCOUNT }],
        findingStatus: [
          { comparison: 'EQUALS', value: 'ACTIVE' },
          { comparison: 'EQUALS', value: 'SUPPRESSED' },
        ],
      },
    })
  })

  it('tells how Inspector is set up in a region', async () => {
    const disabled = { status: 'DISABLED', errorCode: 'ALREADY_DISABLED', errorMessage: '' }
    const account = { accountId: ACCOUNT, state: disabled, resourceState: { ec2: disabled, ecr: disabled } }
    const found = await gather([inspector2], {
      'eu-west-1/inspector2/batch-get-account-status': { accounts: [account], failedAccounts: [] },
    })
    expect(found.only('AWS::Inspector2::Account')).toMatchObject({
      id: `${here}:account/${ACCOUNT}`,
      config: account,
    })
  })

  it('keeps apart two kinds of scan of one function', async () => {
    const covered = {
      resourceType: 'AWS_LAMBDA_FUNCTION',
      resourceId: 'arn:aws:lambda:x',
      accountId: ACCOUNT,
    }
    const found = await gather([inspector2], {
      'eu-west-1/inspector2/list-coverage': {
        coveredResources: [
          { ...covered, scanType: 'PACKAGE' },
          { ...covered, scanType: 'CODE' },
        ],
      },
    })
    expect(found.resources.map((resource) => resource.id)).toEqual([
      `${here}:coverage/arn:aws:lambda:x/CODE`,
      `${here}:coverage/arn:aws:lambda:x/PACKAGE`,
    ])
  })

  it('takes "Invoking account is not enabled" as off, another AccessDeniedException as denied', async () => {
    const outcomeOf = async (message: string) => {
      const found = await gather([inspector2], {
        'eu-west-1/inspector2/list-findings.error': failed('AccessDeniedException', message),
      })
      const call = found.calls.find(
        (each) => each.operation === 'ListFindings' && each.region === 'eu-west-1',
      )
      return call?.outcome
    }
    expect(await outcomeOf('Invoking account is not enabled.')).toBe('not-enabled')
    expect(await outcomeOf('User: … is not authorized to perform: inspector2:ListFindings')).toBe('denied')
  })
})

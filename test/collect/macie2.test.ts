import { describe, expect, it } from 'vitest'
import { macie2 } from '../../src/collect/macie2.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const here = `arn:aws:macie2:eu-west-1:${ACCOUNT}`
const session = { 'eu-west-1/macie2/get-macie-session': { status: 'ENABLED' } }
const off = failed('AccessDeniedException', 'Macie is not enabled.')

describe('the Macie collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(macie2)).toEqual([])
  })

  it('knows Macie that nobody turned on from Macie that it may not see', async () => {
    const isOff = await gather([macie2], { 'eu-west-1/macie2/get-macie-session.error': off })
    expect(isOff.only('AWS::Macie::Session')).toMatchObject({
      id: `${here}:session`,
      config: { status: 'NOT_ENABLED' },
    })

    const denied = await gather([macie2], {
      'eu-west-1/macie2/get-macie-session.error': failed(
        'AccessDeniedException',
        'User: … is not authorized to perform: macie2:GetMacieSession',
      ),
    })
    expect(denied.resources).toEqual([])
    expect(denied.calls).toContainEqual(
      expect.objectContaining({
        operation: 'GetMacieSession',
        outcome: 'denied',
        permission: 'macie2:GetMacieSession',
      }),
    )
  })

  it('tells where a region’s findings are published', async () => {
    const published = { publishClassificationFindings: true, publishPolicyFindings: true }
    const found = await gather([macie2], {
      ...session,
      'eu-west-1/macie2/get-findings-publication-configuration': { securityHubConfiguration: published },
    })
    expect(found.only('AWS::Macie::Session').config['securityHubConfiguration']).toEqual(published)
  })

  it('makes each listed id a finding, read fifty at a time, without where the data was seen', async () => {
    const ids = Array.from({ length: 51 }, (_, at) => `finding-${at}`)
    const detection = { type: 'PHONE_NUMBER', count: 2, occurrences: { cells: [{ row: 7, column: 1 }] } }
    const finding = {
      id: 'finding-50',
      type: 'SensitiveData:S3Object/Personal',
      classificationDetails: {
        result: {
          sensitiveData: [{ category: 'PERSONAL_INFORMATION', detections: [detection] }],
          customDataIdentifiers: { detections: [{ name: 'badge', ...detection }] },
        },
      },
    }
    const found = await gather([macie2], {
      'eu-west-1/macie2/list-findings': { findingIds: ids },
      'eu-west-1/macie2/get-findings': { findings: [finding] },
    })
    const asked = found.asks.filter((ask) => ask.operation.api === 'GetFindings')
    expect(asked.map((ask) => ask.input)).toEqual([
      { findingIds: ids.slice(0, 50) },
      { findingIds: ids.slice(50) },
    ])
    const last = found.resources.find((resource) => resource.id === `${here}:finding/finding-50`)
    expect(last?.config).toMatchObject({ Id: 'finding-50', Finding: { type: finding.type } })
    expect(JSON.stringify(last)).toContain('PHONE_NUMBER')
    expect(JSON.stringify(last)).not.toContain('occurrences')
  })

  it('says which findings could not be read', async () => {
    const found = await gather([macie2], {
      'eu-west-1/macie2/list-findings': { findingIds: ['a'] },
      'eu-west-1/macie2/get-findings.error': failed('AccessDeniedException', 'not authorized'),
    })
    expect(found.only('AWS::Macie::Finding').missing?.['Finding']).toMatchObject({
      outcome: 'denied',
      permission: 'macie2:GetFindings',
    })
  })

  it('keeps Macie’s statistics of a bucket apart from the bucket', async () => {
    const found = await gather([macie2], {
      'eu-west-1/macie2/describe-buckets': {
        buckets: [{ bucketName: 'b', bucketArn: 'arn:aws:s3:::b', accountId: ACCOUNT, region: 'eu-west-1' }],
      },
    })
    expect(found.only('AWS::Macie::Bucket')).toMatchObject({
      id: `${here}:bucket/b/statistics`,
      config: { bucketArn: 'arn:aws:s3:::b' },
    })
  })
})

/** Macie that nobody turned on, Macie that somebody paused, and Macie that may not be looked at are three answers. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { macie2 } from '../../src/collect/macie2.ts'
import { s3 } from '../../src/collect/s3.ts'
import { evaluate } from '../../src/rules/evaluate.ts'
import { loadRules } from '../../src/rules/load.ts'
import type { Shapes } from '../../src/rules/shapes.ts'
import { indexSnapshot } from '../../src/snapshot/index.ts'
import { ACCOUNT, failed, gather } from '../collect/gather.ts'

const root = resolve(import.meta.dirname, '../..')
const shapes = JSON.parse(readFileSync(join(root, 'src/generated/shapes.json'), 'utf8')) as Shapes
const file = 'rules/detective/macie2-enabled.yaml'
const { rules } = loadRules([{ file, text: readFileSync(join(root, file), 'utf8') }], shapes)

const bucket = { Name: 'files', BucketRegion: 'eu-west-1', CreationDate: '2025-01-01T00:00:00Z' }

/** What is said of Macie in eu-west-1, when GetMacieSession answers so. */
async function said(session: Readonly<Record<string, object>>) {
  const { resources, calls } = await gather([macie2, s3], {
    'global/s3api/list-buckets': { Buckets: [bucket] },
    ...session,
  })
  const manifest = {
    schemaVersion: 1,
    tool: { name: 'aws-secaudit', version: '0' },
    time: '2026-01-01T00:00:00Z',
    partition: 'aws',
    accounts: [{ id: ACCOUNT }],
    regions: ['eu-west-1'],
    calls,
  }
  const { verdicts } = evaluate(rules, indexSnapshot({ manifest, resources }), { keepPasses: true })
  return verdicts.map(({ kind, message, missing }) => [
    kind,
    message,
    ...missing.map(({ outcome, permission }) => `${outcome} ${permission}`),
  ])
}

const answer = 'eu-west-1/macie2/get-macie-session'

describe('what Macie answers of itself', () => {
  it('is a pass where it is on', async () => {
    expect(await said({ [answer]: { status: 'ENABLED' } })).toEqual([
      ['pass', 'Macie looks at buckets where there are any'],
    ])
  })

  it('is a finding where somebody paused it', async () => {
    expect(await said({ [answer]: { status: 'PAUSED' } })).toEqual([
      ['fail', 'Macie is paused in eu-west-1, where the account has a bucket.'],
    ])
  })

  it('is a finding where nobody turned it on, though AWS words that as a denial', async () => {
    expect(
      await said({ [`${answer}.error`]: failed('AccessDeniedException', 'Macie is not enabled.') }),
    ).toEqual([['fail', 'Macie is not enabled in eu-west-1, where the account has a bucket.']])
  })

  it('is unknown where it was denied, and names the permission', async () => {
    const denial =
      'User: arn:aws:iam::123456789012:user/a is not authorized to perform: macie2:GetMacieSession'
    expect(await said({ [`${answer}.error`]: failed('AccessDeniedException', denial) })).toEqual([
      [
        'unknown',
        'Not known: macie2:GetMacieSession was denied; grant macie2:GetMacieSession.',
        'denied macie2:GetMacieSession',
      ],
    ])
  })
})

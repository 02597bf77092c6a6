import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Audit } from '../../src/score/audit.ts'
import { compareAudits } from '../../src/score/compare.ts'
import { estate } from './estate.ts'
import { count, inPage, openAll, seen } from './in-page.ts'
import { auditOf, call, rule, sampleAudit, verdict } from './sample.ts'

describe('what the report tells', () => {
  const audit = estate(360)

  it('first the score and what is incomplete, then each pillar with its findings by severity', async () => {
    await inPage(audit, {}, async ({ page }) => {
      expect(await seen(page.locator('.big'))).toMatch(/^\d+–\d+ of 100$/)
      expect(await seen(page.locator('header'))).toContain('Incomplete.')
      expect(await count(page, '.pillars tbody tr')).toBe(5)
      const { low, high } = audit.score.pillars.detective
      const label = await page
        .locator('.pillars tr', { hasText: 'Detection' })
        .getByRole('img')
        .getAttribute('aria-label')
      expect(label).toBe(`Detection: ${Math.floor(low ?? 0)}–${Math.floor(high ?? 0)} of 100`)
    })
  })

  it('what could not be seen, the rules that it blinds and what to grant', async () => {
    await inPage(audit, {}, async ({ page }) => {
      const gaps = await seen(page.getByRole('region', { name: 'What could not be seen' }))
      expect(gaps).toContain('kms:GetKeyPolicy')
      expect(gaps).toContain('grant kms:GetKeyPolicy')
      expect(gaps).toContain('kms-key-rotation')
      expect(gaps).toContain('macie2:GetMacieSession')
    })
  })

  it('no warning and no gap where all was seen', async () => {
    const whole = auditOf([rule('open')], [verdict(rule('open'), 'fail', 'sg-1')], { calls: [call()] })
    await inPage(whole, {}, async ({ page }) => {
      expect(await seen(page.locator('body'))).not.toMatch(/Incomplete|could not be seen/)
    })
  })

  it('the rules worst first, the findings of each in the order of the audit', async () => {
    await inPage(sampleAudit(), {}, async ({ page }) => {
      await openAll(page)
      const shown = await page
        .locator('details.finding')
        .evaluateAll((all) =>
          all.map((one) => /[0-9a-f]{64}/.exec(one.querySelector('aside')?.textContent ?? '')?.[0]),
        )
      const findings = sampleAudit().findings
      const rules = [...new Set(findings.map((one) => one.ruleId))]
      expect(shown).toEqual(
        rules.flatMap((id) => findings.filter((one) => one.ruleId === id).map((one) => one.fingerprint)),
      )
    })
  })

  it('the path of a packet, hop by hop, as a list and a picture', async () => {
    await inPage(audit, { hash: '#rule=ec2-instance-ssh-from-internet' }, async ({ page }) => {
      await openAll(page)
      const path = page.locator('details.finding').first().locator('ol.path')
      expect(await path.locator('li').count()).toBe(7)
      expect(await path.locator('li svg').count()).toBe(7)
      expect(await seen(path)).toMatch(
        /Internet[\s\S]*igw-0a1b2c3d4e5f60718[\s\S]*tcp 22 from 0\.0\.0\.0\/0[\s\S]*running/,
      )
    })
  })

  it('the grants of a policy: who may do what on what, and under which condition', async () => {
    await inPage(audit, { hash: '#rule=s3-bucket-not-public' }, async ({ page }) => {
      await openAll(page)
      const grants = page.locator('table.grants').first()
      expect(await seen(grants)).toMatch(
        /AllowPartnerUpload[\s\S]*\*[\s\S]*s3:GetObject[\s\S]*customer-exports[\s\S]*aws:Referer/,
      )
    })
  })

  it('how to mend it: in words, for the AWS CLI and for Terraform', async () => {
    await inPage(audit, { hash: '#rule=kms-key-rotation&verdict=fail' }, async ({ page }) => {
      await openAll(page)
      const text = await seen(page.locator('#list'))
      expect(text).toContain('Turn automatic rotation on')
      expect(text).toContain('aws kms enable-key-rotation --region')
      expect(text).toContain('enable_key_rotation = true')
    })
  })

  it('why a verdict is unknown and who waived a finding', async () => {
    await inPage(sampleAudit(), { hash: '#verdict=unknown&rule=iam-critical-one' }, async ({ page }) => {
      await openAll(page)
      expect(await seen(page.locator('details.finding').first())).toContain('kms:GetKeyPolicy denied')
    })
    await inPage(sampleAudit(), { hash: '#verdict=waived&rule=iam-critical-one' }, async ({ page }) => {
      await openAll(page)
      expect(await seen(page.locator('details.finding').first())).toMatch(
        /Accepted[\s\S]*owner: network team/,
      )
    })
  })

  it('what is fixed since the baseline, and what nobody looked at again', async () => {
    const [one, two] = ['sg-1', 'sg-2'].map((id) =>
      verdict(rule('open'), 'fail', id, { name: `group ${id}` }),
    )
    if (!one || !two) expect.fail()
    const compared = compareAudits(auditOf([rule('open')], [one, two]), auditOf([rule('open')], [two]))
    await inPage(compared, {}, async ({ page }) => {
      await page.getByText('Fixed (1)').click()
      const text = await seen(page.getByRole('region', { name: 'Since 2026-11-24' }))
      expect(text).toContain('0 new, 1 fixed')
      expect(text).toContain('group sg-1')
    })
  })

  it('that only some severities are listed', async () => {
    await inPage({ ...audit, shown: ['critical', 'high'] }, {}, async ({ page }) => {
      expect(await seen(page.locator('main'))).toContain(
        'Only findings of severity critical, high are listed',
      )
    })
  })

  it('that nothing fails, or that nothing was judged', async () => {
    await inPage(auditOf([rule('open')], [], { passes: { open: 3 } }), {}, async ({ page }) => {
      expect(await seen(page.locator('main'))).toContain('Nothing that was judged fails.')
    })
    await inPage(auditOf([], []), {}, async ({ page }) => {
      expect(await seen(page.locator('main'))).toContain('Nothing was judged.')
      expect(await seen(page.locator('.big'))).toBe('no data')
    })
  })
})

describe('the filters', () => {
  const audit = estate(360)
  const of = (is: (finding: Audit['findings'][number]) => boolean): number => audit.findings.filter(is).length
  const status = (page: Page): Promise<string> => seen(page.locator('#status'))
  const shown = (number: number): string => `${number} of ${audit.findings.length} findings`

  it.each([
    ['severity', 'high', of((one) => one.severity === 'high')],
    ['verdict', 'waived', of((one) => one.verdict === 'waived')],
    ['pillar', 'data', of((one) => one.pillar === 'data')],
    ['account', '111122223333', of((one) => one.resource.account === '111122223333')],
    ['region', 'eu-west-1', of((one) => one.resource.region === 'eu-west-1')],
    ['rule', 'vpc-flow-logs', of((one) => one.ruleId === 'vpc-flow-logs')],
    ['baseline', 'new', of((one) => one.baseline === 'new')],
  ])('shows only the findings of a %s', async (name, value, number) => {
    await inPage(audit, {}, async ({ page }) => {
      await page.locator(`select[name=${name}]`).selectOption(value)
      expect(number).toBeGreaterThan(0)
      expect(await status(page)).toContain(shown(number))
    })
  })

  it('search in names, ids, messages and tags, every word of it; filter by tag', async () => {
    await inPage(audit, {}, async ({ page }) => {
      await page.getByLabel('Search').fill('bastion ENVIRONMENT=production')
      const both = of(
        (one) =>
          (one.resource.name ?? '').startsWith('bastion') &&
          one.resource.tags['environment'] === 'production',
      )
      await page.getByText(shown(both)).waitFor()
      await page.getByRole('button', { name: 'Clear' }).click()
      await page.getByRole('combobox', { name: 'Tag' }).fill('team=payments')
      await page.getByText(shown(of((one) => one.resource.tags['team'] === 'payments'))).waitFor()
    })
  })

  it('are set by the numbers above, and unset by the same', async () => {
    await inPage(audit, {}, async ({ page }) => {
      const number = of((one) => one.pillar === 'data' && one.severity === 'high' && one.verdict === 'fail')
      const button = page.getByRole('button', { name: `${number} high in Data protection: show` })
      await button.click()
      expect(await status(page)).toContain(shown(number))
      expect(await button.getAttribute('aria-pressed')).toBe('true')
      await button.click()
      expect(await status(page)).toContain(`${audit.findings.length} findings`)
    })
  })

  it('stand in the address, so that a view can be sent to somebody', async () => {
    await inPage(audit, {}, async ({ page }) => {
      await page.locator('select[name=severity]').selectOption('high')
      expect(page.url()).toContain('#severity=high')
      await page.reload()
      expect(await page.locator('select[name=severity]').inputValue()).toBe('high')
    })
  })

  it('open the one finding that a link names', async () => {
    const wanted = audit.findings[40]
    await inPage(audit, { hash: `#finding=${wanted?.fingerprint}` }, async ({ page }) => {
      await page.locator('details.finding[open] .message').waitFor()
      expect(await page.locator('details.finding .message').allInnerTexts()).toEqual([wanted?.message])
    })
  })

  it('need no mouse: a finding opens by the keyboard', async () => {
    await inPage(audit, {}, async ({ page }) => {
      await page.locator('details.group > summary').first().focus()
      await page.keyboard.press('Enter')
      await page.locator('details.finding').first().waitFor()
      for (let presses = 0; presses < 10; presses++) {
        await page.keyboard.press('Tab')
        if (await page.evaluate("document.activeElement.matches('.finding > summary')")) break
      }
      await page.keyboard.press('Enter')
      await page.locator('details.finding[open] .message').first().waitFor()
    })
  })
})

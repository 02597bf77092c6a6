import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { estate } from './estate.ts'
import { count, inPage, openAll, seen } from './in-page.ts'
import { render } from './reading.ts'
import { HOSTILE, largeAudit, sampleAudit } from './sample.ts'

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

describe('the HTML report in Chromium', () => {
  it('asks nobody for anything and has nothing to complain about', async () => {
    await inPage(estate(120), {}, async ({ page, complaints, requests }) => {
      await openAll(page)
      expect(complaints).toEqual([])
      expect(requests).toHaveLength(1)
    })
  })

  it('runs nothing that an account says, opened whole', async () => {
    await inPage(sampleAudit({ showPassed: true }), {}, async ({ page, complaints, requests }) => {
      await openAll(page)
      expect(await seen(page.locator('#list'))).toContain(
        '<script>alert(1)</script><img src=x onerror=alert(1)>',
      )
      await page.getByLabel('Search').fill('<img src=x onerror=alert(1)>')
      await page.getByText('10 of 200 findings').waitFor()
      expect(complaints).toEqual([])
      expect(requests).toHaveLength(1)
      expect(await count(page, 'img, iframe, object, base, link[rel=stylesheet], script[src]')).toBe(0)
      expect(await count(page, 'script')).toBe(2)
      expect(await page.evaluate(() => 'polluted' in {})).toBe(false)
    })
  })

  it('lets no other script run, and no other style load: the policy names its own', async () => {
    const text = render('html', sampleAudit())
    const [policy = ''] = /default-src 'none';[^"]*/.exec(text) ?? []
    expect(policy).toContain("script-src 'sha256-")
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:|\*/)
    await inPage(sampleAudit(), {}, async ({ page, complaints }) => {
      await page.evaluate(`
        const script = document.createElement('script')
        script.textContent = 'document.title = "ran"'
        document.body.append(script)`)
      expect(await page.title()).not.toBe('ran')
      expect(complaints.join()).toContain('Content Security Policy')
    })
  })

  const looks = [
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const
  it.each(looks)(
    'has no violation that axe finds: %s, %d wide, folded and opened',
    async (colorScheme, width) => {
      await inPage(estate(60, true), { colorScheme, width }, async ({ page }) => {
        const violations = async (): Promise<string[]> => {
          await page.evaluate(axe)
          const result = await page.evaluate(async () => {
            const runner = (
              globalThis as unknown as {
                axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
              }
            ).axe
            return (await runner.run()).violations
          })
          return result.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
        }
        expect(await violations()).toEqual([])
        await openAll(page)
        expect(await violations()).toEqual([])
      })
    },
  )

  it.each([320, 390, 768, 1024, 1920])('fits %d wide without scrolling sideways', async (width) => {
    await inPage(sampleAudit(), { width }, async ({ page }) => {
      await openAll(page)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    })
  })
})

describe('ten thousand findings', () => {
  const audit = estate(28_500)

  it('are one page under 10 MB, with the same findings as the audit', () => {
    const text = render('html', audit)
    expect(audit.findings.length).toBeGreaterThanOrEqual(10_000)
    expect(Buffer.byteLength(text)).toBeLessThan(10_000_000)
    const data = JSON.parse(/id="data">(.*?)<\/script>/s.exec(text)?.[1] ?? '') as {
      findings: { fingerprint: string }[]
    }
    expect(data.findings.map((one) => one.fingerprint)).toEqual(audit.findings.map((one) => one.fingerprint))
  })

  it('are under 10 MB even where every text is as long as it gets, the worst with their evidence', () => {
    const long = largeAudit(10_000, (at) => ({
      name: HOSTILE[at % HOSTILE.length] ?? '',
      message: 'x'.repeat(10_000),
      evidence: { Policy: 'y'.repeat(20_000) },
      tags: { Owner: 'z'.repeat(256) },
    }))
    const text = render('html', long)
    expect(Buffer.byteLength(text)).toBeLessThan(10_000_000)
    expect(text).toContain('"values":[["Policy"')
    expect(text).toContain('"noProof":true')
  })

  it('open, filter and print without the browser giving up', async () => {
    await inPage(audit, {}, async ({ page, complaints }) => {
      await page.getByText(`${audit.findings.length.toLocaleString('en-US')} findings of 12 rules`).waitFor()
      // What is promised is 3 s; a busy machine of two cores takes 0.7.
      expect(await page.evaluate("performance.getEntriesByType('navigation')[0].duration")).toBeLessThan(
        3_000,
      )
      await page.locator('select[name=severity]').selectOption('critical')
      await page.locator('details.group > summary').first().click()
      const shown = page.locator('details.group[open] details.finding')
      await shown.nth(49).waitFor()
      expect(await shown.count()).toBe(50)
      await page.getByRole('button', { name: 'Show 50 more' }).click()
      await shown.nth(99).waitFor()
      expect(await shown.count()).toBe(100)
      expect(complaints).toEqual([])
    })
  })
})

describe('on paper', () => {
  it('shows every finding by a line, and no controls', async () => {
    const audit = estate(360)
    await inPage(audit, {}, async ({ page }) => {
      await page.emulateMedia({ media: 'print' })
      await page.evaluate("dispatchEvent(new Event('beforeprint'))")
      await page.waitForFunction(
        `document.querySelectorAll('details.finding').length === ${audit.findings.length}`,
      )
      expect(await page.locator('#filters').isVisible()).toBe(false)
      expect(await page.locator('details.finding').last().isVisible()).toBe(true)
    })
  })
})

/** Pictures of the HTML report, for the README and to look at while it changes: `npm run screenshots`, in .cache/screenshots. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { html } from '../src/report/html.ts'
import { launch } from '../test/report/chromium.ts'
import { estate } from '../test/report/estate.ts'

const folder = fileURLToPath(new URL('../.cache/screenshots/', import.meta.url))

const SIZES = {
  desktop: { viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1 },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} as const

async function shoot(
  browser: Browser,
  page: string,
  size: keyof typeof SIZES,
  colorScheme: 'light' | 'dark',
) {
  const context = await browser.newContext({ ...SIZES[size], colorScheme })
  const tab = await context.newPage()
  await tab.goto(page)
  const name = `${folder}${size}-${colorScheme}`
  await tab.screenshot({ path: `${name}.png`, fullPage: true })
  await tab.locator('details.group > summary').first().click()
  await tab.locator('details.finding > summary').first().click()
  await tab.locator('#findings').scrollIntoViewIfNeeded()
  await tab.screenshot({ path: `${name}-finding.png`, fullPage: true })
  await context.close()
}

mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}report.html`, [...html.render(estate(360), {})].join(''))
const page = pathToFileURL(`${folder}report.html`).href
const browser = await launch()
for (const size of ['desktop', 'phone'] as const)
  for (const colorScheme of ['light', 'dark'] as const) await shoot(browser, page, size, colorScheme)
const tab = await browser.newPage()
await tab.goto(page)
await tab.pdf({
  path: `${folder}report.pdf`,
  format: 'A4',
  margin: { top: '15mm', bottom: '15mm', left: '14mm', right: '14mm' },
})
await browser.close()
console.log(`pictures are in ${folder}`)

/**
 * Pictures of the demo's HTML report, for the README and to look at while it changes: `npm run screenshots`, in
 * .cache/screenshots. The README shows desktop-light-top.png, which is committed as docs/report.png.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { launch } from '../test/report/chromium.ts'

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
const folder = at('.cache/screenshots/')

const SIZES = {
  desktop: { viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1 },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} as const

async function shoot(
  browser: Browser,
  page: string,
  size: keyof typeof SIZES,
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const context = await browser.newContext({ ...SIZES[size], colorScheme })
  const tab = await context.newPage()
  await tab.goto(page)
  const name = `${folder}${size}-${colorScheme}`
  await tab.screenshot({ path: `${name}.png`, fullPage: true })
  await tab.locator('details.group > summary').first().click()
  await tab.locator('details.finding > summary').first().click()
  await tab.screenshot({ path: `${name}-finding.png`, fullPage: true })
  const { width } = SIZES[size].viewport
  await tab.screenshot({
    path: `${name}-top.png`,
    fullPage: true,
    clip: { x: 0, y: 0, width, height: 1_640 },
  })
  await context.close()
}

mkdirSync(folder, { recursive: true })
const report = `${folder}report.html`
const args = [
  'audit',
  at('fixtures/demo.ndjson.gz'),
  '-q',
  '--allow-incomplete',
  '--format',
  `html=${report}`,
]
execFileSync(process.execPath, [at('bin/aws-secaudit.js'), ...args], { stdio: 'inherit' })
const page = pathToFileURL(report).href
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

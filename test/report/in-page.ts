/** The HTML report opened in a real browser, as a test sees it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { Audit } from '../../src/score/audit.ts'
import { launch } from './chromium.ts'
import { render } from './reading.ts'

let browser: Browser | undefined
let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'report-'))
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true })
})

interface Opened {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors, refusals of the page's own policy, dialogs. */
  readonly complaints: string[]
  readonly requests: string[]
}

interface Look {
  readonly colorScheme?: 'light' | 'dark'
  readonly width?: number
  readonly hash?: string
}

async function open(
  audit: Audit,
  { colorScheme = 'light', width = 1280, hash = '' }: Look = {},
): Promise<Opened> {
  const file = join(folder, 'report.html')
  writeFileSync(file, render('html', audit))
  if (!browser) throw new Error('Chromium did not start')
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => requests.push(request.url()))
  await page.goto(pathToFileURL(file).href + hash)
  return { page, context, complaints, requests }
}

/** Opens a page, and closes it whatever happens. */
export async function inPage(
  audit: Audit,
  look: Look,
  use: (opened: Opened) => Promise<void>,
): Promise<void> {
  const opened = await open(audit, look)
  try {
    await use(opened)
  } finally {
    await opened.context.close()
  }
}

/** What runs in the page is text here: the tests themselves know no document. */
export async function openAll(page: Page): Promise<void> {
  for (const level of ['details.group', 'details.finding']) {
    await page.evaluate(`for (const one of document.querySelectorAll('${level}')) one.open = true`)
    await page.waitForFunction(
      `[...document.querySelectorAll('${level}')].every((one) => one.childElementCount > 1)`,
    )
  }
}

/** Text as it is shown: nothing that is folded away. */
export const seen = async (locator: Locator): Promise<string> => (await locator.allInnerTexts()).join('\n')

export const count = (page: Page, selector: string): Promise<number> => page.locator(selector).count()

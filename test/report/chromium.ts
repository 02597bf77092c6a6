/** A headless Chromium that is installed here: the one that CHROME_PATH names, or in one of the usual places. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

export function findChromium(): string {
  const named = process.env['CHROME_PATH']
  const found = [...(named ? [named] : []), ...PLACES].find((path) => existsSync(path))
  if (found && (!named || found === named)) return found
  const why = named ? `CHROME_PATH names ${named}, which does not exist` : 'there is none in the usual places'
  throw new Error(`the HTML report is tested in Chromium, and ${why}: install it, or set CHROME_PATH`)
}

/** The sandbox is for pages of strangers, and does not start for root in a container. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })

/** src/generated/html-report.json: the HTML report's program and style, each as the one text that the page holds. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const browser = fileURLToPath(new URL('../../src/report/browser/', import.meta.url))

async function textOf(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${browser}${entry}`],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['es2022', 'chrome100', 'firefox100', 'safari15.4'],
    charset: 'ascii',
    tsconfig: `${browser}tsconfig.json`,
    logLevel: 'warning',
  })
  return outputFiles[0]?.text.trim() ?? ''
}

export async function htmlReport(): Promise<string> {
  const page = { script: await textOf('main.ts'), style: await textOf('report.css') }
  return `${JSON.stringify(page, null, 1)}\n`
}

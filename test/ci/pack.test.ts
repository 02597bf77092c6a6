import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build, project, runIn, workFolder } from './built.ts'

/** A line on stderr for each file that Node loads. */
const TELL_LOADED = moduleOf(`
  import { register } from 'node:module'
  register(${JSON.stringify(
    moduleOf(`
      import { writeSync } from 'node:fs'
      export function load(url, context, next) {
        writeSync(2, 'loaded ' + url + '\\n')
        return next(url, context)
      }`),
  )})`)

function moduleOf(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`
}

let folder: string
let files: readonly string[]

beforeAll(() => {
  build()
  folder = mkdtempSync(join(tmpdir(), 'aws-secaudit-pack-'))
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: project,
    stdio: 'ignore',
  })
  const [archive = ''] = readdirSync(folder)
  execFileSync('tar', ['-xzf', archive], { cwd: folder })
  files = readdirSync(join(folder, 'package'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + '/package/'.length))
})

describe('the packed tool', () => {
  it('contains what it needs, and nothing else', () => {
    const known = [
      /^package\.json$/,
      /^(README|CHANGELOG)\.md$/,
      /^LICENSE$/,
      /^bin\/aws-secaudit\.js$/,
      /^dist\/(main\.js|rules\.json|LICENSES\.txt|chunks\/[\w-]+\.js)$/,
      /^rules\/(iam|detective|infrastructure|data|response)\/[a-z0-9-]+\.yaml$/,
      /^ci\/(audit|verdict)\.sh$/,
      /^ci\/gitlab\.yml$/,
      /^docs\/aws-secaudit\.1$/,
    ]
    expect(files.filter((file) => !known.some((pattern) => pattern.test(file)))).toEqual([])
    for (const pattern of known)
      expect(
        files.some((file) => pattern.test(file)),
        String(pattern),
      ).toBe(true)
  })

  it('has no dependency to install', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8')) as Record<
      string,
      unknown
    >
    expect(manifest['dependencies']).toBeUndefined()
    expect(manifest['optionalDependencies']).toBeUndefined()
  })

  it('has the licence of everything that is bundled', () => {
    const text = readFileSync(join(folder, 'package/dist/LICENSES.txt'), 'utf8')
    for (const name of ['@aws-sdk/client-ec2', '@marcbachmann/cel-js', 'commander', 'yaml', 'zod'])
      expect(text).toContain(`\n${name} `)
  })

  it('runs from an empty folder', () => {
    const work = workFolder()
    const tool = join(folder, 'package/bin/aws-secaudit.js')
    expect(runIn(work, process.execPath, [tool, '--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    const audited = runIn(work, process.execPath, [
      tool,
      'audit',
      'prod.ndjson',
      '--rule',
      'ec2-ebs-volume-encrypted',
      '--fail-on',
      'medium',
    ])
    expect(audited).toMatchObject({ code: 1 })
    expect(existsSync(join(work, 'node_modules'))).toBe(false)
  })

  it('loads no AWS client to say its version or to audit', () => {
    const work = workFolder()
    const tool = join(folder, 'package/bin/aws-secaudit.js')
    const args = ['audit', 'prod.ndjson', '--rule', 'ec2-ebs-volume-encrypted']
    const loaded = (of: readonly string[]): string =>
      runIn(work, process.execPath, ['--import', TELL_LOADED, tool, ...of]).stderr
    const chunks = (text: string): string[] =>
      [...text.matchAll(/loaded file:.*\/(chunks\/[\w-]+\.js)/g)].map(([, file]) => file ?? '')
    const hasClient = (file: string): boolean =>
      /ServiceException|classBuilder/.test(readFileSync(join(folder, 'package/dist', file), 'utf8'))
    const all = files
      .filter((file) => file.startsWith('dist/chunks/'))
      .map((file) => file.slice('dist/'.length))
    expect(all.filter(hasClient).length).toBeGreaterThan(25)
    for (const of of [['--version'], args]) {
      const used = chunks(loaded(of))
      expect(used.length, of.join(' ')).toBeGreaterThan(0)
      expect(used.filter(hasClient), of.join(' ')).toEqual([])
    }
  })
})

/** Installs the emulator of the AWS API into .cache/ where it is not yet, and starts one for the whole run. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const CACHE = here('../../.cache/')
const VENV = `${CACHE}emulator`
const BIN = `${VENV}/bin`

declare module 'vitest' {
  export interface ProvidedContext {
    emulator: string
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  install()
  const port = await freePort()
  const server = start(port)
  const url = `http://127.0.0.1:${port}`
  await ready(url, server)
  seed(url)
  project.provide('emulator', url)
  return () => server.kill('SIGKILL')
}

function python(): string {
  for (const name of ['python3', 'python']) {
    try {
      execFileSync(name, ['-c', 'import sys, venv; assert sys.version_info >= (3, 9)'], { stdio: 'ignore' })
      return name
    } catch {}
  }
  throw new Error(
    'the end-to-end tests need Python 3.9 or newer with venv and pip: install it, then run npm test again',
  )
}

export function install(): void {
  const requirements = readFileSync(here('requirements.txt'), 'utf8')
  const wanted = createHash('sha256').update(requirements).digest('hex')
  const stamp = `${VENV}/installed`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  mkdirSync(CACHE, { recursive: true })
  execFileSync(python(), ['-m', 'venv', '--clear', VENV], { stdio: 'inherit' })
  execFileSync(
    `${BIN}/python`,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', here('requirements.txt')],
    {
      stdio: 'inherit',
    },
  )
  writeFileSync(stamp, wanted)
}

function start(port: number): ChildProcess {
  return spawn(`${BIN}/moto_server`, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false', MOTO_IAM_LOAD_MANAGED_POLICIES: 'false' },
  })
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer()
    server.on('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? done(address.port) : failed(new Error('no port')),
      )
    })
  })
}

async function ready(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`the emulator ended with code ${server.exitCode}`)
    const answer = await fetch(`${url}/moto-api/`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((done) => setTimeout(done, 200))
  }
  throw new Error('the emulator did not start within a minute')
}

function seed(url: string): void {
  execFileSync(`${BIN}/python`, [here('seed.py'), url], { stdio: 'inherit' })
}

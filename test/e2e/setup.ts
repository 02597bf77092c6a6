/** Installs the emulator of the AWS API into .cache/ where it is not yet, and starts one for the whole run. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { estateRecordings, NOW } from './estate.ts'
import { startProxy } from './proxy.ts'
import { tool } from './tool.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const CACHE = here('../../.cache/')
const VENV = `${CACHE}emulator`
const BIN = `${VENV}/bin`

declare module 'vitest' {
  export interface ProvidedContext {
    /** `http://127.0.0.1:PORT` of the emulator that holds the seeded estate. */
    emulator: string
    /** A folder of every raw answer about the estate, as `collect --record` of the built tool wrote it. */
    answers: string
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const emulator = await startEmulator()
  const folder = mkdtempSync(join(tmpdir(), 'aws-secaudit-e2e-'))
  const end = (): void => {
    emulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const answers = join(folder, 'answers')
    await recordEstate(emulator.url, answers)
    project.provide('emulator', emulator.url)
    project.provide('answers', answers)
  } catch (error) {
    end()
    throw error
  }
  return end
}

/** A seeded estate on a free port: the one that the tests scan, or the demo's. */
export async function startEmulator(
  estate: 'planted' | 'demo' = 'planted',
): Promise<{ readonly url: string; close(): void }> {
  install()
  const port = await freePort()
  const server = start(port)
  const url = `http://127.0.0.1:${port}`
  await ready(url, server)
  seed(url, estate)
  return { url, close: () => server.kill('SIGKILL') }
}

async function recordEstate(emulator: string, answers: string): Promise<void> {
  const proxy = await startProxy({ upstream: emulator, recorded: await estateRecordings() })
  const snapshot = `${answers}.ndjson`
  const ended = await tool(['collect', '--now', NOW, '--record', answers, '-o', snapshot], {
    endpoint: proxy.url,
  })
  await proxy.close()
  if (ended.code !== 0) throw new Error(`the estate could not be collected (${ended.code}): ${ended.stderr}`)
}

function python(): string {
  for (const name of ['python3', 'python']) {
    try {
      execFileSync(name, ['-c', 'import sys, venv; assert sys.version_info >= (3, 10)'], { stdio: 'ignore' })
      return name
    } catch {}
  }
  throw new Error(
    'the tests need Python 3.10 or newer with venv and pip: install it, then run npm test again',
  )
}

/** Python with what requirements.txt lists. */
export const PYTHON = `${BIN}/python`

/** Installs the virtual environment where it is not yet what requirements.txt asks for. */
export function install(): void {
  const requirements = readFileSync(here('requirements.txt'), 'utf8')
  const wanted = createHash('sha256').update(requirements).digest('hex')
  const stamp = `${VENV}/installed`
  const isThere = (): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (isThere()) return
  mkdirSync(CACHE, { recursive: true })
  alone(`${VENV}.lock`, () => {
    if (isThere()) return
    execFileSync(python(), ['-m', 'venv', '--clear', VENV], { stdio: 'inherit' })
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
    execFileSync(PYTHON, [...pip, '-r', here('requirements.txt')], { stdio: 'inherit' })
    writeFileSync(stamp, wanted)
  })
}

/** Test files run side by side, and each may be the first: one works, the others wait for it. */
function alone(lock: string, work: () => void): void {
  const stale = 10 * 60_000
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
      if (since !== undefined && Date.now() - since > stale) rmSync(lock, { recursive: true, force: true })
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
  }
  try {
    work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function start(port: number): ChildProcess {
  return spawn(PYTHON, [here('emulator.py'), String(port)], {
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

function seed(url: string, estate: string): void {
  execFileSync(PYTHON, [here('seed.py'), url, estate], { stdio: 'inherit' })
}

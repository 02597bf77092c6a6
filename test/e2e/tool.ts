/** Runs the built command as a user's shell would, and nothing of this process's environment reaches it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../bin/aws-secaudit.js', import.meta.url))

/** Credentials that the runs are given: neither may ever be seen again. */
export const KEY_ID = 'AKIAQ3EGRTESTTESTTES'
export const SECRET = 'wJalrXUtnFEMIsecretsecretsecretsecretKEY'
export const TOKEN = 'FwoGZXIvYXdzsessiontokensessiontoken'

export interface ToolOptions {
  readonly endpoint?: string
  /** Added to the environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly stdin?: string | Buffer
  readonly cwd?: string
  /** An open file that standard output goes to instead. */
  readonly stdout?: number
  /** Called with the running process: to interrupt it, to close its output. */
  readonly during?: (running: ChildProcess) => void
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export function tool(args: readonly string[], options: ToolOptions = {}): Promise<Ended> {
  const running = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: environment(options),
    stdio: ['pipe', options.stdout ?? 'pipe', 'pipe'],
  })
  running.stdin?.on('error', () => undefined) // who was refused early reads no input
  running.stdin?.end(options.stdin ?? '')
  options.during?.(running)
  return ended(running)
}

function environment(options: ToolOptions): Record<string, string> {
  const wanted: Record<string, string | undefined> = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    AWS_ACCESS_KEY_ID: KEY_ID,
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_SESSION_TOKEN: TOKEN,
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: options.endpoint,
    ...options.env,
  }
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
}

function ended(running: ChildProcess): Promise<Ended> {
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  running.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
  running.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
  return new Promise((done, failed) => {
    running.on('error', failed)
    running.on('close', (code, signal) =>
      done({
        code,
        signal,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      }),
    )
  })
}

/** A folder that is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'aws-secaudit-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

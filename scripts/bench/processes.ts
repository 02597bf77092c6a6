/** Whole processes held against each other in one run: median wall time of several turns, and the most memory. */
import { spawnSync } from 'node:child_process'

export interface Process {
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Figures {
  readonly seconds: number
  /** Bytes. */
  readonly memory: number
}

/** Says at its end how much memory it had at most; loaded before anything else, the same in every process. */
const REPORT =
  'import fs from "node:fs";process.on("exit",()=>fs.writeSync(2,"\\npeak "+process.resourceUsage().maxRSS))'

function once({ args, env }: Process): Figures {
  const start = performance.now()
  const ended = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(REPORT)}`, ...args],
    {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    },
  )
  const seconds = (performance.now() - start) / 1000
  const peak = /peak (\d+)\s*$/.exec(ended.stderr)?.[1]
  if (peak === undefined)
    throw new Error(`${args.join(' ')} ended with ${ended.status}: ${ended.stderr.slice(-500)}`)
  return { seconds, memory: Number(peak) * 1024 }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

/** In turns, A B A B, so that a machine that slows down slows both. */
export function inTurns(one: Process, other: Process, turns: number): readonly [Figures, Figures] {
  const ran = Array.from({ length: turns + 1 }, () => [once(one), once(other)] as const).slice(1)
  const of = (at: 0 | 1): Figures => ({
    seconds: median(ran.map((pair) => pair[at].seconds)),
    memory: Math.max(...ran.map((pair) => pair[at].memory)),
  })
  return [of(0), of(1)]
}

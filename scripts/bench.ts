/**
 * `npm run bench`: speed and memory as ratios measured in one run, on this machine, now; written to .cache/bench.json.
 * `npm run bench audit collect` runs only these.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shapes } from '../src/cli/shared/shapes.ts'
import { serialize } from '../src/snapshot/write.ts'
import { benchCollecting } from './bench/collecting.ts'
import { estate } from './bench/estate.ts'
import { benchNetwork } from './bench/network.ts'
import { benchPolicy } from './bench/policy.ts'
import { inTurns } from './bench/processes.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const BIN = join(root, 'bin/aws-secaudit.js')
const MIB = 1024 * 1024

interface Line {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly aim: string
  readonly detail: string
}

const ms = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`
const s = (seconds: number): string => `${seconds.toFixed(2)} s`

function start(): Line[] {
  const [own, empty] = inTurns({ args: [BIN, '--version'] }, { args: ['-e', '0'] }, 15)
  return [
    {
      name: '--version against node -e 0',
      value: own.seconds / empty.seconds,
      unit: '×',
      aim: '2.5×',
      detail: `${ms(own.seconds)} and ${ms(empty.seconds)}`,
    },
  ]
}

/** What any reader of the file has to do: take it apart into lines and parse each. */
const PARSE = `const fs=require('node:fs');const out=[];for(const line of fs.readFileSync(process.argv[1],'utf8').split('\\n'))if(line)out.push(JSON.parse(line));process.exitCode=out.length>2?0:1`

function audit(count = 100_000): Line[] {
  const folder = mkdtempSync(join(tmpdir(), 'aws-secaudit-bench-'))
  try {
    const file = join(folder, 'large.ndjson')
    writeFileSync(file, [...serialize(estate(count, shapes))].join(''))
    const report = join(folder, 'audit.json')
    const args = [BIN, 'audit', file, '--format', `json=${report}`, '-q', '--allow-incomplete']
    const [own, parse] = inTurns({ args }, { args: ['-e', PARSE, file] }, 3)
    const detail = `${count} resources: ${s(own.seconds)} and ${s(parse.seconds)}`
    return [
      {
        name: 'audit against JSON.parse of its lines',
        value: own.seconds / parse.seconds,
        unit: '×',
        aim: '3×',
        detail,
      },
      {
        name: "audit's peak memory",
        value: own.memory / MIB,
        unit: ' MiB',
        aim: '1,024 MiB',
        detail: `JSON.parse: ${(parse.memory / MIB).toFixed(0)} MiB`,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function collect(): Promise<Line[]> {
  const figures = await benchCollecting()
  const { requests, distinct, seconds, leastSeconds, latencySeconds, concurrency } = figures
  return [
    {
      name: 'requests against distinct ones',
      value: requests / distinct,
      unit: '×',
      aim: '1.0×',
      detail: `${requests} and ${distinct}`,
    },
    {
      name: 'collect against requests × latency ÷ concurrency',
      value: seconds / leastSeconds,
      unit: '×',
      aim: '1.2×',
      detail: `${s(seconds)} and ${requests} × ${latencySeconds} s ÷ ${concurrency} = ${s(leastSeconds)}`,
    },
  ]
}

async function network(): Promise<Line[]> {
  return (await benchNetwork()).flatMap((one) => {
    const size = `${one.vpcs} VPCs, ${one.interfaces} interfaces, ${one.rules} rules`
    return [
      {
        name: `everything the internet reaches, scale ${one.scale}`,
        value: one.load + one.everything,
        unit: ' s',
        aim: '10 s at scale 1',
        detail: size,
      },
      {
        name: `${one.asked} point queries, scale ${one.scale}`,
        value: one.queries,
        unit: ' s',
        aim: '5 s at scale 1',
        detail: `peak memory so far ${(one.peakMemory / MIB).toFixed(0)} MiB`,
      },
    ]
  })
}

function policy(): Line[] {
  return benchPolicy().map(({ policies, statements, bytes, seconds, cpu }) => ({
    name: `who gets at each of ${policies} resources`,
    value: seconds,
    unit: ' s',
    aim: '20 s at 100000',
    detail: `${statements} statements, ${(bytes / policies).toFixed(0)} bytes a policy; ${s(cpu)} of CPU, ${((seconds / policies) * 1e6).toFixed(0)} µs each`,
  }))
}

const PARTS: Readonly<Record<string, () => Line[] | Promise<Line[]>>> = {
  start,
  audit: () => audit(),
  collect,
  network,
  policy,
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !(name in PARTS))
if (unknown !== undefined)
  throw new Error(`there is no part ${unknown}: choose from ${Object.keys(PARTS).join(', ')}`)
const lines: Line[] = []
for (const [name, part] of Object.entries(PARTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  for (const line of await part()) {
    lines.push(line)
    const value = `${line.value.toFixed(line.value < 100 ? 2 : 0)}${line.unit}`
    console.log(`${line.name.padEnd(52)} ${value.padStart(10)}  aim ${line.aim.padEnd(16)} ${line.detail}`)
  }
}
mkdirSync(join(root, '.cache'), { recursive: true })
writeFileSync(
  join(root, '.cache/bench.json'),
  `${JSON.stringify({ node: process.version, lines }, null, 2)}\n`,
)

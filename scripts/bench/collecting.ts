/**
 * A collection over HTTP by the built command, from a server that takes its time: requests made against the distinct
 * ones that there are, and wall time against requests × latency ÷ concurrency.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { encodeKey } from '../../src/collect/answers.ts'
import { cliName } from '../../src/collect/dsl.ts'
import { kms } from '../../src/collect/kms.ts'
import { s3 } from '../../src/collect/s3.ts'
import { answersIn } from '../../test/e2e/estate.ts'
import { startProxy } from '../../test/e2e/proxy.ts'

const ACCOUNT = '123456789012'
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2']

export interface CollectFigures {
  readonly buckets: number
  readonly keys: number
  readonly requests: number
  /** Distinct requests among them: the same asked twice is one too many. */
  readonly distinct: number
  readonly latencySeconds: number
  readonly concurrency: number
  readonly seconds: number
  /** requests × latency ÷ concurrency. */
  readonly leastSeconds: number
}

/** An account's raw answers, as `collect --record` lays them out. */
function layOut(folder: string, buckets: number, keys: number): void {
  const put = (region: string, service: string, name: string, answer: object, error = false): void => {
    const file = join(folder, ACCOUNT, region, service, `${name}${error ? '.error' : ''}.json`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(answer))
  }
  const region = (at: number): string => REGIONS[at % REGIONS.length] as string
  put('global', 'sts', 'get-caller-identity', {
    Account: ACCOUNT,
    Arn: `arn:aws:iam::${ACCOUNT}:user/bench`,
    UserId: 'AIDA',
  })
  put('global', 'ec2', 'describe-regions', {
    Regions: REGIONS.map((RegionName) => ({ RegionName, OptInStatus: 'opt-in-not-required' })),
  })
  const names = Array.from({ length: buckets }, (_, at) => ({
    Name: `bench-${at}`,
    CreationDate: '2026-01-01T00:00:00Z',
    BucketRegion: region(at),
  }))
  put('global', 's3api', 'list-buckets', { Buckets: names })
  for (const { Name, BucketRegion } of names) {
    for (const op of s3.operations) {
      if (op.kind !== 'field') continue
      const [none] = op.none ?? []
      const name = `${cliName(op.api)}/${encodeKey(Name)}`
      if (none === undefined) put(BucketRegion, 's3api', name, {})
      else put(BucketRegion, 's3api', name, { Code: none, Message: 'there is none' }, true)
    }
  }
  for (const each of REGIONS) {
    const own = Array.from({ length: keys }, (_, at) => `${each}-${at}`).filter(
      (_, at) => region(at) === each,
    )
    put(each, 'kms', 'list-keys', {
      Keys: own.map((id) => ({ KeyId: id, KeyArn: `arn:aws:kms:${each}:${ACCOUNT}:key/${id}` })),
    })
    put(each, 'kms', 'list-aliases', { Aliases: [] })
    put(each, 'kms', 'describe-custom-key-stores', { CustomKeyStores: [] })
    for (const id of own) {
      const metadata = {
        KeyId: id,
        KeyManager: 'CUSTOMER',
        KeyState: 'Enabled',
        KeySpec: 'SYMMETRIC_DEFAULT',
        Origin: 'AWS_KMS',
      }
      const answers: Readonly<Record<string, object>> = {
        DescribeKey: { KeyMetadata: metadata },
        GetKeyPolicy: { Policy: '{"Statement":[]}' },
        GetKeyRotationStatus: { KeyRotationEnabled: true },
      }
      for (const op of kms.operations)
        if (op.kind === 'field') put(each, 'kms', `${cliName(op.api)}/${id}`, answers[op.api] ?? {})
    }
  }
}

function collect(endpoint: string, output: string): Promise<void> {
  const env = {
    PATH: process.env['PATH'],
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_REGION: 'us-east-1',
  }
  const args = ['bin/aws-secaudit.js', 'collect', '--service', 's3api,kms', '-q', '-o', output]
  const running = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  return new Promise((done, failed) => {
    running.on('exit', (code) => (code === 0 ? done() : failed(new Error(`collect ended with ${code}`))))
  })
}

export async function benchCollecting(
  buckets = 200,
  keys = 100,
  latencySeconds = 0.1,
): Promise<CollectFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'aws-secaudit-bench-'))
  layOut(folder, buckets, keys)
  const proxy = await startProxy({ recorded: await answersIn(folder), delayMs: latencySeconds * 1000 })
  try {
    const start = performance.now()
    await collect(proxy.url, join(folder, 'out.ndjson'))
    const seconds = (performance.now() - start) / 1000
    const distinct = new Set(
      proxy.calls.map((call) => [call.service, call.region, call.operation, call.path, call.body].join(' ')),
    )
    const concurrency = 32
    return {
      buckets,
      keys,
      requests: proxy.calls.length,
      distinct: distinct.size,
      latencySeconds,
      concurrency,
      seconds,
      leastSeconds: (proxy.calls.length * latencySeconds) / concurrency,
    }
  } finally {
    await proxy.close()
    rmSync(folder, { recursive: true })
  }
}

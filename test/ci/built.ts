/** The built command, and a small snapshot for it to judge. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { JsonObject } from '../../src/snapshot/model.ts'
import { serialize } from '../../src/snapshot/write.ts'
import { call, resource, snapshot } from '../snapshot/build.ts'

export const project = resolve(import.meta.dirname, '../..')
export const BIN = join(project, 'bin/aws-secaudit.js')

/** Tests of the built command say by themselves what they need, wherever they are run from. */
export function build(): void {
  if (!existsSync(join(project, 'dist/main.js')))
    execFileSync(process.execPath, [join(project, 'scripts/build.mjs')], { stdio: 'inherit' })
}

/** A folder with `prod.ndjson`: one volume that is not encrypted, everything answered. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aws-secaudit-'))
  snapshotIn(folder, 'prod.ndjson', ['vol-1'])
  return folder
}

/** A snapshot of volumes that are not encrypted. */
export function snapshotIn(
  folder: string,
  file: string,
  ids: readonly string[],
  config: JsonObject = {},
  time = '2026-11-01T00:00:00Z',
): void {
  const volumes = ids.map((id) =>
    resource(`arn:aws:ec2:eu-west-1:123456789012:volume/${id}`, {
      type: 'AWS::EC2::Volume',
      config: {
        VolumeId: id,
        State: 'in-use',
        Encrypted: false,
        CreateTime: '2026-10-01T00:00:00Z',
        AvailabilityZone: 'eu-west-1a',
        Size: 8,
        VolumeType: 'gp3',
        Attachments: [],
        ...config,
      },
    }),
  )
  const calls = [call('DescribeVolumes', { lists: ['AWS::EC2::Volume'] })]
  writeFileSync(join(folder, file), [...serialize(snapshot(volumes, calls, time))].join(''))
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A clean environment: no settings, credentials or colours of whoever runs the tests. */
export function clean(over: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env
  return { PATH, HOME, ...over }
}

export function runIn(
  folder: string,
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = clean(),
): Ended {
  const { status, stdout, stderr } = spawnSync(file, [...args], { cwd: folder, env, encoding: 'utf8' })
  return { code: status, stdout, stderr }
}

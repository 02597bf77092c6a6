import type { Command } from 'commander'
import { EXIT } from './shared/exit.ts'
import { resolveFlags } from './shared/resolve.ts'
import { SETTINGS, variableOf } from './shared/settings.ts'
import { writeStdout } from './shared/streams.ts'

interface Flags {
  readonly config?: string
  readonly use?: string
  readonly format: 'table' | 'json'
}

/** `config show`: each setting's value and where it came from. */
export async function run(_args: string[], flags: Flags, program: Command): Promise<number> {
  // It takes every setting.
  const scan = program.commands.find((command) => command.name() === 'scan')
  if (!scan) throw new Error('there is no command scan')
  for (const name of ['config', 'use'] as const)
    if (flags[name] !== undefined) scan.setOptionValue(name, flags[name])
  const {
    flags: values,
    origins,
    file,
  } = await resolveFlags(scan, { env: process.env, folder: process.cwd() })
  const rows = SETTINGS.map((setting) => ({
    setting: setting.key,
    value: values[setting.flag] ?? null,
    origin: origins.get(setting.key) ?? 'default',
    environment: variableOf(setting),
    description: setting.description,
  }))
  const params = Object.entries(file?.params ?? {}).flatMap(([rule, given]) =>
    Object.entries(given).map(([name, value]) => ({
      rule,
      name,
      value,
      origin: `${file?.file}:${file?.paramAt(rule, name).line}`,
    })),
  )
  if (flags.format === 'json') {
    await writeStdout([`${JSON.stringify({ file: file?.file ?? null, settings: rows, params }, null, 2)}\n`])
    return EXIT.ok
  }
  const shown = [
    ...rows.map((row) => [row.setting, text(row.value), row.origin]),
    ...params.map((one) => [`params.${one.rule}.${one.name}`, text(one.value), one.origin]),
  ]
  const widths = [0, 1].map((column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)))
  const lines = shown.map(([key = '', value = '', origin = '']) =>
    `${key.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${origin}`.trimEnd(),
  )
  await writeStdout([`${lines.join('\n')}\n`])
  return EXIT.ok
}

const text = (value: unknown): string =>
  value === null || value === undefined
    ? '-'
    : Array.isArray(value)
      ? value.join(', ')
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
